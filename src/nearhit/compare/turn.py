"""Turn of one worker, run as a file by the interpreter of a side: `python -I turn.py JOB`.

It reads the job, a JSON file, and appends one JSON line per cell to the job's `out`. Before each
pass it writes the numbers of cell and pass to standard output and waits for a line on standard
input. Of nearhit it uses only names that every commit has (`_PLACES`), so that other commits can be
measured; the clock is its own.
"""

import gc
import json
import os
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
    "forget_peak": ("machine.hardware", "hardware"),
    "metric_named": ("plugins.registry", "metrics"),
    "peak_bytes": ("machine.hardware", "hardware"),
    "resident_bytes": ("machine.hardware", "hardware"),
    "trackers": ("plugins.registry", "registry"),
    "whole_event": ("tracking.run", "track"),
}
"""Modules that hold each name: today, and in older commits."""


def _nearhit(name: str) -> Any:
    """Import a name of nearhit from wherever the side's commit has it."""
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
"""A job as `nearhit.compare.rounds` writes it: event, cells, threads, seed and so on."""

JobCell = dict[str, Any]
"""A cell of a job: index, metric, bucket_size, rows, tracker, passes, answer."""

Array = np.ndarray[Any, Any]


def run(job: Job) -> None:
    """Measure every cell of a job; an exception becomes the status of its cell."""
    resource.setrlimit(resource.RLIMIT_DATA, (job["memory_bytes"],) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    wait = _barrier()
    event = _event(job)
    for number, cell in enumerate(job["cells"]):
        try:
            found = {"status": "ok", "reason": ""} | _measure(
                cell, job, event, partial(wait, number)
            )
        except (BadInputError, SkippedError) as reason:
            found = {"status": "skipped", "reason": str(reason)}
        except Exception as error:  # noqa: BLE001 - whatever a library raises is this cell's result
            found = {"status": "failed", "reason": f"{type(error).__name__}: {error}"}
        with Path(job["out"]).open("a", encoding="utf-8") as out:
            out.write(json.dumps({"number": number, **found}) + "\n")


def _event(job: Job) -> Any:
    def table(name: str) -> Any:
        kind = _nearhit(name)
        keys = {field.name: f"{name}.{field.name}" for field in fields(kind)}
        columns = {field: arrays[key] for field, key in keys.items() if key in arrays}
        return kind(**columns) if columns else None

    with np.load(job["event"], allow_pickle=False) as arrays:
        return _nearhit("Event")(job["event_name"], table("Hits"), cells=table("Cells"))


def _barrier() -> Callable[[int, int], None]:
    """Return a function that waits to begin a pass; what libraries print goes to stderr."""
    output = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    def wait(number: int, passed: int) -> None:
        print(number, passed, file=output, flush=True)
        if not sys.stdin.readline():
            sys.exit("the comparison that started this worker has ended")

    return wait


def _measure(cell: JobCell, job: Job, event: Any, wait: Callable[[int], None]) -> dict[str, Any]:
    pipeline = _Pipeline(cell, job, event)
    empty = _nearhit("resident_bytes")()
    _nearhit("forget_peak")()
    _timed(pipeline)  # pays for imports and compilation
    passes = []
    for passed in range(cell["passes"]):
        wait(passed)
        passes.append(_timed(pipeline))
    peak = _nearhit("peak_bytes")()
    if cell["answer"]:
        np.save(cell["answer"], pipeline())
    return {
        "about": pipeline.about,
        "seconds": [seconds for seconds, _ in passes],
        "processor_seconds": [processor for _, processor in passes],
        "peak_memory_mb": (peak - empty) / 1024**2,
    }


class _Pipeline:
    """From hits to buckets or tracks; only what is asked for is imported.

    Args:
        cell: as text: each side reads it with its own defaults.
        job: for threads and seed.
        event: without truth.
    """

    def __init__(self, cell: JobCell, job: Job, event: Any) -> None:
        self._cell, self._event = cell, event
        self._setting = job["threads"], job["seed"]
        self._rows = np.load(cell["rows"]) if cell["rows"] else None
        self.about = ", ".join(self._tracker_or_none() + self._index_or_none())

    def __call__(self) -> Array:
        """Run once and return members of buckets (q, k), or tracks of hits (n,)."""
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
        return [str(self._index), _versioned(adapter.package)]

    def _tracker_or_none(self) -> list[str]:
        if not self._cell["tracker"]:
            return []
        self._tracker = _nearhit("TrackerSpec").parse(self._cell["tracker"])
        return [str(self._tracker), _versioned(_nearhit("trackers")()[self._tracker.name].package)]

    def _search(self) -> Array:
        points = self._metric.project(self._event)
        index = _nearhit("Index")(self._index, self._distance, *self._setting).build(points)
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
        setting = _nearhit("TrackerSetting")(*self._setting, _nearhit("Stopwatch")())
        of_hit: Array = self._tracker.tracker(setting).find(self._event, buckets).of_hit
        return of_hit


def _timed(pipeline: Callable[[], Any]) -> tuple[float, float]:
    """Return seconds without those that this thread waited for a core, and processor seconds."""
    gc.collect()
    processor, running = process_time_ns(), _running_ns()
    pipeline()
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


def _versioned(package: str) -> str:
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return f"{package} of no version"


if __name__ == "__main__":
    run(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
