"""Runs an index on the clock: project, build and query."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nearhit.data.event import Event
from nearhit.machine.clock import Stopwatch
from nearhit.plugins.adapter import Device
from nearhit.plugins.metric import Metric
from nearhit.plugins.registry import adapters
from nearhit.plugins.spec import IndexSpec

from .index import Index, as_members


@dataclass(frozen=True, eq=False)
class FoundBuckets:
    """Result of one pass of an index.

    Attributes:
        points: float32 (n, d), the projected event.
        index: built over the points.
        members: int32 (q, k), see `nearhit.data.buckets.Buckets`.
        stopwatch: of the stages `project`, `build` and `query`.
    """

    points: NDArray[np.float32]
    index: Index
    members: NDArray[np.int32]
    stopwatch: Stopwatch


def index_for(
    metric: Metric, spec: IndexSpec, threads: int = 1, seed: int = 0, device: Device = "cpu"
) -> Index:
    """Return an index, not yet built, that searches in a distance that a metric allows.

    Raises:
        SkippedError: the library is not installed, or lacks the metric's distances or the device.
    """
    return Index(spec, metric.distance_in(adapters()[spec.name]), threads, seed, device)


def find_buckets(  # noqa: PLR0913, PLR0917 - what is projected, built and queried
    event: Event,
    metric: Metric,
    index: Index,
    k: int,
    rows: NDArray[np.int32] | None = None,
    batch: int | None = None,
) -> FoundBuckets:
    """Project an event, build an index over the points and query it, once.

    Args:
        event: what is projected.
        metric: projects it.
        index: not yet built.
        k: size of a bucket, the queried point included.
        rows: of the points that are queried; None for all.
        batch: queries in one call; None for all.

    Raises:
        BadInputError, TypeError: as `Metric.project` and `Index.query`.
    """
    watch = Stopwatch()
    with watch.stage("project"):
        points = metric.project(event)
    queries = points if rows is None or len(rows) == len(points) else points[rows]
    with watch.stage("build"):
        index.build(points)
    with watch.stage("query"):
        answer = _answer(index, queries, k, batch)
    return FoundBuckets(points, index, as_members(answer, k), watch)


def _answer(
    index: Index, queries: NDArray[np.float32], k: int, batch: int | None
) -> NDArray[np.integer[Any]]:
    if batch is None:
        return index.answer(queries, k)
    batches = (queries[at : at + batch] for at in range(0, len(queries), batch))
    return np.concatenate([index.answer(one, k) for one in batches])
