"""Measures one cell in the process that runs it: the clock, the processor and the memory."""

import gc
from collections.abc import Sequence
from dataclasses import dataclass, replace
from time import perf_counter_ns
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from nearhit.bucket_selection import rows_asked
from nearhit.cells.cell import Cell
from nearhit.data.buckets import Buckets
from nearhit.data.event import Event
from nearhit.index.index import Index
from nearhit.index.run import FoundBuckets, find_buckets, index_for
from nearhit.machine.clock import Stopwatch
from nearhit.machine.cuda import copying_seconds
from nearhit.machine.hardware import forget_peak, peak_bytes
from nearhit.plugins.adapter import Distance
from nearhit.plugins.registry import metric_named
from nearhit.records.results import Latencies, Pass, Timing
from nearhit.tracking.run import FoundTracks, Stages, track, whole_event

SINGLE_QUERIES = 1000
"""Number of hits queried one by one for the latency, if a second suffices for them."""

_LEAST_SINGLE_QUERIES = 100
_SINGLE_SECONDS = 1.0

T = TypeVar("T")
"""A pass, or its stages."""


@dataclass(frozen=True)
class Measurement:
    """Result of a worker, not yet judged.

    Attributes:
        peak_bytes: the most memory that the worker held.
        distance: the base distance that the library was asked for; empty where none was asked.
        timing: of the index; None where none was asked.
        buckets: of the last pass; None where no index was asked.
        stages: of the passes with a tracker, buckets included: the cold one or None, and the
            warm ones.
        found: by the tracker in the last pass; None where none was asked.
    """

    peak_bytes: int
    distance: Distance | Literal[""] = ""
    timing: Timing | None = None
    buckets: Buckets | None = None
    stages: tuple[Stages | None, tuple[Stages, ...]] = (None, ())
    found: FoundTracks | None = None


def measure(cell: Cell, event: Event, repetitions: int, *, cold: bool) -> Measurement:
    """Run a pass that is kept apart, where it is the first of its kind, and then the repetitions.

    Args:
        cell: what to run.
        event: without truth, unless the tracker reads it; no index is shown it.
        repetitions: warm passes.
        cold: whether this process has not yet run this library with this metric and tracker.

    Raises:
        SkippedError: a library is not installed, lacks the metric's distances, no hit is asked
            for, or the event lacks what the tracker needs.
    """
    passes = repetitions + cold
    if cell.takes_whole_event:
        _forget_peak()
        found, before = Measurement(0), [Stages()] * passes
    else:
        found, before = _search(cell, event.without_truth(), passes, cold=cold)
    return _track(cell, event, found, before, cold=cold)


def as_pass(watch: Stopwatch) -> Pass:
    """Return the pass that a stopwatch timed."""
    wall = watch.wall["build"] + watch.wall["query"]
    processor = watch.processor["build"] + watch.processor["query"]
    project, build, query = (watch.wall[name] for name in ("project", "build", "query"))
    return Pass(project, build, query, processor / wall, copying_seconds())


def _forget_peak() -> None:
    gc.collect()
    forget_peak()


def _search(
    cell: Cell, event: Event, passes: int, *, cold: bool
) -> tuple[Measurement, list[Stages]]:
    """Return what was measured of the index, and the seconds of its stages, pass by pass."""
    rows = rows_asked(event, cell.bucket_choices, cell.queries, cell.seed)
    _forget_peak()
    # No index is kept, so that each goes before the next is built: the peak is of one.
    timed = [as_pass(_find_buckets(cell, event, rows).stopwatch) for _ in range(passes - 1)]
    last = _find_buckets(cell, event, rows)
    timed.append(as_pass(last.stopwatch))
    peak = peak_bytes()
    first, warm = _apart(timed, cold=cold)
    latencies = _single_queries(last.index, last.points[rows], cell.bucket_size)
    timing = Timing(first, warm, latencies)
    measured = Measurement(peak, last.index.distance, timing, Buckets(rows, last.members))
    return measured, [_stages_of(one) for one in timed]


def _find_buckets(cell: Cell, event: Event, rows: NDArray[np.int32]) -> FoundBuckets:
    metric = metric_named(cell.metric)
    index = index_for(metric, cell.index, cell.threads, cell.seed, cell.device)
    copying_seconds()  # of a pass before, which failed
    return find_buckets(event, metric, index, cell.bucket_size, rows, cell.batch)


def _stages_of(one: Pass) -> Stages:
    return {"project": one.project_seconds, "build": one.build_seconds, "query": one.query_seconds}


def _track(
    cell: Cell, event: Event, found: Measurement, before: Sequence[Stages], *, cold: bool
) -> Measurement:
    """Find tracks as often as buckets were found, and put the seconds of both together."""
    if cell.tracker is None:
        return found
    buckets, choices = found.buckets or whole_event(event), cell.bucket_choices
    stages = []
    for searched in before:
        last = track(cell.tracker, cell.threads, cell.seed, event, buckets, choices)
        stages.append(searched | last.stages)
    return replace(found, peak_bytes=peak_bytes(), stages=_apart(stages, cold=cold), found=last)


def _apart(passes: Sequence[T], *, cold: bool) -> tuple[T | None, tuple[T, ...]]:
    """Return the cold pass, if the first one is, and the warm ones."""
    return (passes[0], tuple(passes[1:])) if cold else (None, tuple(passes))


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
