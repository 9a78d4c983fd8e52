"""Turns what a worker measured into quality, in the harness' own process, where the truth is."""

import math
from functools import cache

import numpy as np
from numpy.typing import NDArray

from .adapter import Distance
from .buckets import choose_queries
from .cell import Cell
from .event import Event
from .measure import Measurement
from .metrics import metric_named
from .quality import (
    FIGURES,
    Labels,
    Trackable,
    count_buckets,
    kth_neighbours,
    label_hits,
    leading_size_histogram,
    recall,
)
from .record import Quality


class Judge:
    """Judges buckets of one event; labels and exact answers are kept for the cells that share them.

    Args:
        event: with its truth.
    """

    def __init__(self, event: Event) -> None:
        self._event = event
        self.labels = cache(self._labels)
        self._points = cache(self._project)
        self._kth = cache(self._kth_neighbours)

    def quality(self, cell: Cell, measurement: Measurement) -> Quality:
        """Return the quality of the buckets that were measured for a cell."""
        distance = metric_named(cell.metric).distances[0]
        kth = self._kth(cell.metric, cell.queries, cell.seed, cell.bucket_size)
        share = recall(self._points(cell.metric), measurement.buckets, kth, distance)
        labels = self.labels(cell.trackable)
        if labels is None:
            return Quality(None, {}, (), share)
        counts = count_buckets(measurement.buckets, labels)
        figures = {name: row.value(counts, cell.trackable) for name, row in FIGURES.items()}
        return Quality(
            n_trackable=labels.n_trackable,
            figures={name: None if math.isnan(x) else x for name, x in figures.items()},
            leading_sizes=tuple(leading_size_histogram(counts)),
            recall=share,
        )

    def _labels(self, trackable: Trackable) -> Labels | None:
        """Return the labels, or None where the event has no truth."""
        return None if self._event.truth is None else label_hits(self._event, trackable)

    def _project(self, metric: str) -> NDArray[np.float32]:
        return metric_named(metric).project(self._event)

    def _kth_neighbours(
        self, metric: str, queries: int | None, seed: int, k: int
    ) -> NDArray[np.int32]:
        distance: Distance = metric_named(metric).distances[0]
        rows = choose_queries(len(self._event), queries, seed)
        return kth_neighbours(self._points(metric), rows, k, distance)
