"""Functions that run in a worker: an index is built and kept, and asked with several settings."""

import gc
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from nearhit.cells.cell import Cell
from nearhit.cells.status import Status, in_one_line
from nearhit.data.event import Event
from nearhit.errors import SkippedError
from nearhit.index.index import Index, as_members
from nearhit.index.run import index_for
from nearhit.machine.clock import Stopwatch
from nearhit.plugins.adapter import Distance
from nearhit.plugins.registry import metric_named
from nearhit.plugins.spec import IndexSpec
from nearhit.records.results import Latencies

SINGLE_QUERIES = 100
"""Number of hits that are queried one by one for the latency."""

T = TypeVar("T")


@dataclass(frozen=True)
class Built:
    """What building an index took: wall seconds, and processor seconds of the build alone."""

    distance: Distance
    project_seconds: float
    build_seconds: float
    processor_seconds: float


@dataclass(frozen=True, eq=False)
class Asked:
    """The answer of the kept index: int32 (q, k) members, and what the queries took."""

    members: NDArray[np.int32]
    query_seconds: float
    processor_seconds: float
    latencies: Latencies


@dataclass(frozen=True, eq=False)
class _Held:
    index: Index
    points: NDArray[np.float32]


_held: list[_Held] = []
"""The index of this process, if it has one."""


def build_index(cell: Cell, event: Event) -> Built | Status:
    """Build the index of a cell and keep it in the place of the one before."""
    return _told(lambda: _build(cell, event.without_truth()))


def ask_index(spec: IndexSpec, rows: NDArray[np.int32], k: int) -> Asked | Status:
    """Query the kept index, with the query parameters of a setting.

    Args:
        spec: differs from that of the index in query parameters alone.
        rows: of the hits to query.
        k: size of a bucket.
    """
    return _told(lambda: _ask(spec, rows, k))


def _build(cell: Cell, event: Event) -> Built:
    _held.clear()
    gc.collect()
    watch, metric = Stopwatch(), metric_named(cell.metric)
    index = index_for(metric, cell.index, cell.threads, cell.seed, cell.device)
    with watch.stage("project"):
        points = metric.project(event)
    with watch.stage("build"):
        index.build(points)
    _held.append(_Held(index, points))
    wall, processor = watch.wall, watch.processor
    return Built(index.distance, wall["project"], wall["build"], processor["build"])


def _ask(spec: IndexSpec, rows: NDArray[np.int32], k: int) -> Asked:
    (held,) = _held
    index, watch = held.index.set_parameters(spec), Stopwatch()
    queries = held.points if len(rows) == len(held.points) else held.points[rows]
    with watch.stage("query"):
        answer = index.answer(queries, k)
    singly = _latencies(index, queries, k)
    return Asked(as_members(answer, k), watch.wall["query"], watch.processor["query"], singly)


def _latencies(index: Index, queries: NDArray[np.float32], k: int) -> Latencies:
    seconds = []
    for row in np.linspace(0, len(queries) - 1, min(SINGLE_QUERIES, len(queries))).astype(int):
        watch = Stopwatch()
        with watch.stage("query"):
            index.answer(queries[row : row + 1], k)
        seconds.append(watch.wall["query"])
    return Latencies.of(seconds)


def _told(work: Callable[[], T]) -> T | Status:
    try:
        return work()
    except SkippedError as reason:
        return Status("skipped", str(reason))
    except Exception as error:  # noqa: BLE001 - whatever a library raises is this trial's result
        return Status("failed", in_one_line(f"{type(error).__name__}: {error}"))
