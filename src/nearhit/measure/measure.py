"""Measures one pass of a cell in the process that runs it: clock, processors and memory."""

import gc
from dataclasses import dataclass, replace
from time import perf_counter, perf_counter_ns
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from nearhit.bucket_selection import rows_asked
from nearhit.cells.cell import Cell
from nearhit.data.buckets import Buckets
from nearhit.data.event import Event
from nearhit.index.index import Index
from nearhit.index.run import find_buckets, index_for
from nearhit.machine.clock import Stopwatch
from nearhit.machine.conditions import ProcessorMonitor, Spent
from nearhit.machine.cuda import copying_seconds
from nearhit.machine.hardware import forget_peak, peak_bytes
from nearhit.plugins.adapter import Distance
from nearhit.plugins.registry import metric_named
from nearhit.records.results import Latencies, Pass
from nearhit.tracking.run import FoundTracks, Stages, track, whole_event

SINGLE_QUERIES = 1000
"""Number of hits queried one by one for the latency, if a second suffices for them."""

_LEAST_SINGLE_QUERIES = 100
_SINGLE_SECONDS = 1.0


@dataclass(frozen=True)
class OnePass:
    """Times of one pass: project, build, query, and with a tracker the search for tracks.

    Attributes:
        spent: wall time, and what other processes took of the processors meanwhile.
        index: of the index; None where none was asked.
        stages: seconds by name, of the index and of the tracker.
    """

    spent: Spent
    index: Pass | None
    stages: Stages


@dataclass(frozen=True, eq=False)
class Answer:
    """Answer of a pass, not yet judged.

    Attributes:
        distance: the base distance that the library was asked for; empty where none was asked.
        latencies: of queries one by one; None where no index was asked.
        buckets: None where no index was asked.
        found: by the tracker; None where none was asked.
    """

    distance: Distance | Literal[""] = ""
    latencies: Latencies | None = None
    buckets: Buckets | None = None
    found: FoundTracks | None = None


@dataclass(frozen=True)
class Measurement:
    """Result of a worker.

    Attributes:
        seconds: wall time of all of it.
        warm: the pass that was asked for.
        peak_bytes: the most memory that the worker held.
        cold: the pass before it that paid for imports and compilation; None where the worker had
            run the library with this metric and tracker before.
        answer: of the warm pass; None unless it was asked for.
    """

    seconds: float
    warm: OnePass
    peak_bytes: int
    cold: OnePass | None
    answer: Answer | None


def measure(cell: Cell, event: Event, *, cold: bool, last: bool) -> Measurement:
    """Run a warm pass, and before it a cold one where it is the first of its kind.

    Args:
        cell: what to run.
        event: without truth, unless the tracker reads it; no index is shown it.
        cold: whether this process has not yet run this library with this metric and tracker.
        last: whether the answer is wanted, and latencies of queries one by one.

    Raises:
        SkippedError: a library is not installed, lacks the metric's distances, no hit is asked
            for, or the event lacks what the tracker needs.
    """
    begin = perf_counter()
    gc.collect()
    forget_peak()
    first = _one_pass(cell, event, last=False)[0] if cold else None
    warm, answer = _one_pass(cell, event, last=last)
    peak, seconds = peak_bytes(), perf_counter() - begin
    return Measurement(seconds, warm, peak, first, answer if last else None)


def _one_pass(cell: Cell, event: Event, *, last: bool) -> tuple[OnePass, Answer]:
    monitor = ProcessorMonitor()
    timed, answer = None, Answer()
    if not cell.takes_whole_event:
        timed, answer = _search(cell, event.without_truth(), monitor, last=last)
    stages = _stages_of(timed) if timed else {}
    if cell.tracker is None:
        return OnePass(monitor.spent(), timed, stages), answer
    buckets = answer.buckets or whole_event(event)
    choices = cell.bucket_choices
    with monitor:
        found = track(cell.tracker, cell.threads, cell.seed, event, buckets, choices)
    return OnePass(monitor.spent(), timed, stages | found.stages), replace(answer, found=found)


def _search(
    cell: Cell, event: Event, monitor: ProcessorMonitor, *, last: bool
) -> tuple[Pass, Answer]:
    """Ask an index, which goes at the end: tracks are found without it in memory."""
    rows = rows_asked(event, cell.bucket_choices, cell.queries, cell.seed)
    metric = metric_named(cell.metric)
    index = index_for(metric, cell.index, cell.threads, cell.seed, cell.device)
    copying_seconds()  # of a pass before, which failed
    with monitor:
        found = find_buckets(event, metric, index, cell.bucket_size, rows, cell.batch)
    timed = as_pass(found.stopwatch)
    latencies = _single_queries(index, found.points[rows], cell.bucket_size) if last else None
    return timed, Answer(index.distance, latencies, Buckets(rows, found.members))


def as_pass(watch: Stopwatch) -> Pass:
    """Return the pass that a stopwatch timed."""
    wall = watch.wall["build"] + watch.wall["query"]
    processor = watch.processor["build"] + watch.processor["query"]
    project, build, query = (watch.wall[name] for name in ("project", "build", "query"))
    return Pass(project, build, query, processor / wall, copying_seconds())


def _stages_of(one: Pass) -> Stages:
    return {"project": one.project_seconds, "build": one.build_seconds, "query": one.query_seconds}


def _single_queries(index: Index, queries: NDArray[np.float32], k: int) -> Latencies:
    """Query hits all over the event, in random order, until there are enough or time is up."""
    seconds: list[float] = []
    rows = np.linspace(0, len(queries) - 1, min(SINGLE_QUERIES, len(queries))).astype(int)
    for row in np.random.default_rng(0).permutation(rows):
        start = perf_counter_ns()
        index.answer(queries[row : row + 1], k)
        seconds.append((perf_counter_ns() - start) / 1e9)
        if len(seconds) >= _LEAST_SINGLE_QUERIES and sum(seconds) > _SINGLE_SECONDS:
            break
    return Latencies.of(seconds)
