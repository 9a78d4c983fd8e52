"""One turn: what a fresh worker does, run as a file by the Python of the side that is compared.

`python -I turn.py JOB` reads the job, a JSON file, and appends one JSON line a cell to its `out`.
Before each pass it says the numbers of cell and pass on standard output, and waits for a line on
standard input. Of nearhit it uses the few names that every commit has (`_PLACES`), so that other
commits can be measured; the clock is its own.
"""

import gc
import json
import os
import re
import resource
import sys
from collections.abc import Callable
from dataclasses import fields
from functools import partial
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from time import perf_counter_ns, process_time_ns
from typing import Any

import numpy as np

from nearhit.errors import BadInputError, SkippedError

_PLACES = {
    "Buckets": ("data.buckets", "buckets"),
    "Cells": ("data.event", "event"),
    "Event": ("data.event", "event"),
    "Hits": ("data.event", "event"),
    "Index": ("index.index", "index"),
    "IndexSpec": ("plugins.spec", "spec"),
    "Stopwatch": ("machine.clock", "stopwatch"),
    "TrackerSetting": ("plugins.tracker", "tracker"),
    "TrackerSpec": ("plugins.spec", "spec"),
    "adapters": ("plugins.registry", "registry"),
    "as_members": ("index.index", "index"),
    "metric_named": ("plugins.registry", "metrics"),
    "trackers": ("plugins.registry", "registry"),
    "whole_event": ("tracking.run", "track"),
}
"""Modules that hold each name: today, and in commits before the modules were put into packages."""


def _nearhit(name: str) -> Any:
    """Import a name of nearhit from wherever this side's commit has it."""
    for place in _PLACES[name]:
        try:
            module = import_module(f"nearhit.{place}")
        except ModuleNotFoundError as missing:
            if not (missing.name or "").startswith("nearhit."):
                raise
        else:
            if hasattr(module, name):
                return getattr(module, name)
    raise ImportError(f"this commit of nearhit has no {name}")


Job = dict[str, Any]
"""What `nearhit.compare.rounds` writes: event, rows, cells, passes, threads, seed and so on."""

Cell = dict[str, Any]
"""One of its cells: index, metric, bucket_size, rows, tracker, passes, answer."""

Array = np.ndarray[Any, Any]


def run(job: Job) -> None:
    """Measure every cell of a job; what one raises is its status."""
    if job["memory_bytes"]:
        resource.setrlimit(resource.RLIMIT_DATA, (job["memory_bytes"],) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    say = _voice()
    event = _event(job)
    for number, cell in enumerate(job["cells"]):
        try:
            found = {
                "status": "ok",
                "reason": "",
                **_measure(cell, job, event, partial(say, number)),
            }
        except (BadInputError, SkippedError) as reason:
            found = {"status": "skipped", "reason": str(reason)}
        except Exception as error:  # noqa: BLE001 - whatever a library raises is this cell's result
            found = {"status": "failed", "reason": f"{type(error).__name__}: {error}"}
        with Path(job["out"]).open("a", encoding="utf-8") as out:
            out.write(json.dumps({"number": number, **found}) + "\n")


def _event(job: Job) -> Any:
    kinds = [_nearhit(name) for name in ("Hits", "Cells")]
    with np.load(job["event"], allow_pickle=False) as arrays:
        hits, cells = (
            {one.name: arrays[f"{kind.__name__}.{one.name}"] for one in fields(kind)
             if f"{kind.__name__}.{one.name}" in arrays}
            for kind in kinds
        )  # fmt: skip
    table, cell_table = kinds
    read_out = cell_table(**cells) if cells else None
    return _nearhit("Event")(job["event_name"], table(**hits), cells=read_out)


def _voice() -> Callable[[int, int], None]:
    """Return what waits for a pass, and keep what libraries print from standard output."""
    output = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    def wait(number: int, passed: int) -> None:
        print(number, passed, file=output, flush=True)
        if not sys.stdin.readline():
            sys.exit("nobody waits for what is measured any more")

    return wait


def _measure(cell: Cell, job: Job, event: Any, wait: Callable[[int], None]) -> dict[str, Any]:
    way = _Way(cell, job, event)
    empty = _memory("VmRSS")
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # forget the peak
    _timed(way)  # pays for imports and compilation
    passes = []
    for passed in range(cell["passes"]):
        wait(passed)
        passes.append(_timed(way))
    peak = _memory("VmHWM")
    if cell["answer"]:
        np.save(cell["answer"], way())
    return {
        "about": way.about,
        "seconds": [seconds for seconds, _ in passes],
        "processor_seconds": [processor for _, processor in passes],
        "peak_memory_mb": (peak - empty) / 1024,
    }


class _Way:
    """From hits to buckets, and from there or from hits to tracks; only what is asked is imported.

    Args:
        cell: what is asked, as text: each side reads it with defaults of its own.
        job: for threads and seed.
        event: without truth.
    """

    def __init__(self, cell: Cell, job: Job, event: Any) -> None:
        self._cell, self._event = cell, event
        self._run_alike = job["threads"], job["seed"]
        self._rows = np.load(cell["rows"]) if cell["rows"] else None
        self.about = ", ".join(self._tracker_or_none() + self._index_or_none())

    def __call__(self) -> Array:
        """Go the whole way once and return members of buckets (q, k), or tracks of hits (n,)."""
        if not self._cell["tracker"]:
            return self._search()
        return self._track(self._search() if self._cell["index"] else None)

    def _index_or_none(self) -> list[str]:
        if not self._cell["index"]:
            return []
        self._index = _nearhit("IndexSpec").parse(self._cell["index"])
        self._metric = _nearhit("metric_named")(self._cell["metric"])
        adapter = _nearhit("adapters")()[self._index.name]
        self._distance = self._metric.distance_in(adapter)
        return [str(self._index), f"{adapter.package} {_version(adapter.package)}"]

    def _tracker_or_none(self) -> list[str]:
        if not self._cell["tracker"]:
            return []
        self._tracker = _nearhit("TrackerSpec").parse(self._cell["tracker"])
        package = _nearhit("trackers")()[self._tracker.name].package
        return [str(self._tracker), f"{package} {_version(package)}"]

    def _search(self) -> Array:
        points = self._metric.project(self._event)
        index = _nearhit("Index")(self._index, self._distance, *self._run_alike).build(points)
        queries = points if self._rows is None else points[self._rows]
        answer: Array = index.answer(queries, self._cell["bucket_size"])
        return answer

    def _track(self, answer: Array | None) -> Array:
        if answer is None:
            buckets = _nearhit("whole_event")(self._event)
        else:
            every = np.arange(len(self._event), dtype=np.int32)
            rows = every if self._rows is None else self._rows
            members = _nearhit("as_members")(answer, self._cell["bucket_size"])
            buckets = _nearhit("Buckets")(rows, members)
        setting = _nearhit("TrackerSetting")(*self._run_alike, _nearhit("Stopwatch")())
        of_hit: Array = self._tracker.tracker(setting).find(self._event, buckets).of_hit
        return of_hit


def _timed(way: Callable[[], Any]) -> tuple[float, float]:
    """Return seconds without those that this thread waited for a core, and processor seconds."""
    gc.collect()
    processor, running = process_time_ns(), _running_ns()
    way()
    seconds = (_running_ns() - running) / 1e9
    return seconds, (process_time_ns() - processor) / 1e9


def _running_ns() -> int:
    """Return a clock that stands still while this thread waits for a core.

    Its two readings are repeated until no wait lies between them: that wait would be subtracted
    from a pass that it is no part of, which can make a short pass negative.
    """
    while True:
        waited, now = _waited_ns(), perf_counter_ns()
        if _waited_ns() == waited:
            return now - waited


def _waited_ns() -> int:
    return int(Path("/proc/thread-self/schedstat").read_text(encoding="ascii").split()[1])


def _memory(what: str) -> int:
    """Return KiB of this process, as the kernel counts them."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.search(rf"{what}:\s+(\d+) kB", status)[1])  # type: ignore[index]


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "of no version"


if __name__ == "__main__":
    run(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
