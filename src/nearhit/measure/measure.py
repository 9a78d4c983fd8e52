"""Measures one index on one event: the clock, the processor and the memory around its calls."""

import gc
from dataclasses import dataclass
from time import perf_counter_ns
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from nearhit.bucket_selection import rows_asked
from nearhit.data.buckets import Buckets
from nearhit.data.event import Event
from nearhit.index.index import Index, as_members
from nearhit.machine.clock import Stopwatch
from nearhit.machine.cuda import copying_seconds
from nearhit.machine.hardware import MIB, forget_peak, peak_bytes
from nearhit.plugins.adapter import Device, Distance
from nearhit.plugins.bucket_selection import BucketSelection
from nearhit.plugins.registry import adapters, metric_named
from nearhit.plugins.spec import IndexSpec, TrackerSpec
from nearhit.records.record import Pass
from nearhit.tracking.run import Tracked

SINGLE_QUERIES = 1000
"""How many hits are queried one by one for the latency, if a second suffices for them."""

_LEAST_SINGLE_QUERIES = 100
_SINGLE_SECONDS = 1.0


@dataclass(frozen=True)
class Task:
    """What a worker needs to know of a cell; the truth and the cuts on it are not among it."""

    metric: str
    index: IndexSpec
    bucket_size: int
    queries: int | None
    threads: int
    seed: int
    repetitions: int
    device: Device = "cpu"
    batch: int | None = None
    tracker: TrackerSpec | None = None
    choices: tuple[BucketSelection, ...] = ()


@dataclass(frozen=True)
class Measurement:
    """What a worker brings back.

    Attributes:
        distance: the base distance that the library was asked for; empty where none was asked.
        cold: the pass that paid for imports and compilation, if there was one.
        warm: the passes after it, all of them.
        single_query_seconds: latency of queries one by one.
        peak_memory_mb: the worker's peak over what it held before it loaded the library, in MiB.
        buckets: of the last pass; None where the event was one bucket.
        tracking: what the tracker did, if one was asked.
    """

    distance: Distance | Literal[""]
    cold: Pass | None
    warm: tuple[Pass, ...]
    single_query_seconds: tuple[float, ...]
    peak_memory_mb: float
    buckets: Buckets | None
    tracking: Tracked | None = None


@dataclass(frozen=True, eq=False)
class Answer:
    """What one pass leaves: its times, the index and the members of the buckets (q, k)."""

    timed: Pass
    index: Index
    members: NDArray[np.int32]


def as_pass(watch: Stopwatch) -> Pass:
    """Return the pass that a stopwatch timed."""
    wall = watch.wall["build"] + watch.wall["query"]
    processor = watch.processor["build"] + watch.processor["query"]
    project, build, query = (watch.wall[name] for name in ("project", "build", "query"))
    return Pass(project, build, query, processor / wall, copying_seconds())


def measure(task: Task, event: Event, empty_bytes: int, *, cold: bool) -> Measurement:
    """Run a pass that is kept apart, where it is the first of its kind, and then the repetitions.

    Args:
        task: what to run.
        event: without truth.
        cold: whether this process has not yet run this library with this metric.
        empty_bytes: memory of the process before it loaded any library.

    Raises:
        SkippedError: the library is not installed or lacks the metric's distances, or no hit is
            asked for.
    """
    distance = metric_named(task.metric).distance_in(adapters()[task.index.name])
    rows = rows_asked(event, task.choices, task.queries, task.seed)
    gc.collect()
    forget_peak()
    # No index is kept, so that each goes before the next is built: the peak is of one.
    before_last = task.repetitions - 1 + cold
    passes = [run_pass(task, event, distance, rows).timed for _ in range(before_last)]
    answer = run_pass(task, event, distance, rows)
    passes.append(answer.timed)
    peak = (peak_bytes() - empty_bytes) / MIB
    points = metric_named(task.metric).project(event)
    latencies = _single_queries(answer.index, points[rows], task.bucket_size)
    buckets = Buckets(rows, answer.members)
    first = passes.pop(0) if cold else None
    return Measurement(distance, first, tuple(passes), latencies, peak, buckets)


def run_pass(task: Task, event: Event, distance: Distance, rows: NDArray[np.int32]) -> Answer:
    """Project, build and query once, on the clock."""
    watch = Stopwatch()
    with watch.stage("project"):
        points = metric_named(task.metric).project(event)
    index = Index(task.index, distance, task.threads, task.seed, task.device)
    copying_seconds()  # of a pass before, which failed
    queries = points if len(rows) == len(points) else points[rows]
    with watch.stage("build"):
        index.build(points)
    with watch.stage("query"):
        answer = _ask(index, queries, task)
    return Answer(as_pass(watch), index, as_members(answer, task.bucket_size))


def _ask(index: Index, queries: NDArray[np.float32], task: Task) -> NDArray[np.integer[Any]]:
    if task.batch is None:
        return index.answer(queries, task.bucket_size)
    batches = (queries[at : at + task.batch] for at in range(0, len(queries), task.batch))
    return np.concatenate([index.answer(batch, task.bucket_size) for batch in batches])


def _single_queries(index: Index, queries: NDArray[np.float32], k: int) -> tuple[float, ...]:
    """Ask for hits all over the event, in random order, until there are enough or time is up."""
    seconds: list[float] = []
    rows = np.linspace(0, len(queries) - 1, min(SINGLE_QUERIES, len(queries))).astype(int)
    for row in np.random.default_rng(0).permutation(rows):
        start = perf_counter_ns()
        index.answer(queries[row : row + 1], k)
        seconds.append((perf_counter_ns() - start) / 1e9)
        if len(seconds) >= _LEAST_SINGLE_QUERIES and sum(seconds) > _SINGLE_SECONDS:
            break
    return tuple(seconds)
