"""Turns what a worker measured into quality, in the harness' own process, where the truth is."""

import math
from dataclasses import asdict
from functools import cache
from time import perf_counter_ns

import numpy as np
from numpy.typing import NDArray

from .adapter import Distance
from .buckets import Buckets, choose_queries
from .cell import Cell
from .event import Event
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
from .record import Quality, Tracking
from .scoring import MATCHINGS, matching_score, pairs_of, trackml_score
from .track import Tracked
from .tracks import NO_TRACK, Tracks


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

    def quality(self, cell: Cell, buckets: Buckets) -> Quality:
        """Return the quality of the buckets that were measured for a cell."""
        distance = metric_named(cell.metric).distances[0]
        kth = self._kth(cell.metric, cell.queries, cell.seed, cell.bucket_size)
        share = recall(self._points(cell.metric), buckets, kth, distance)
        labels = self.labels(cell.trackable)
        if labels is None:
            return Quality(None, {}, (), share)
        counts = count_buckets(buckets, labels)
        figures = {name: row.value(counts, cell.trackable) for name, row in FIGURES.items()}
        return Quality(
            n_trackable=labels.n_trackable,
            figures={name: None if math.isnan(x) else x for name, x in figures.items()},
            leading_sizes=tuple(leading_size_histogram(counts)),
            recall=share,
        )

    def tracking(self, cell: Cell, tracked: Tracked) -> Tracking:
        """Return what a tracker did, with the scores of its tracks."""
        start = perf_counter_ns()
        scores = self._scores(cell, tracked.tracks)
        return Tracking(
            cold=tracked.cold,
            warm=tracked.warm,
            n_buckets=tracked.n_buckets,
            hits_per_bucket=tracked.hits_per_bucket,
            n_tracks=len(tracked.tracks),
            n_hits_on_tracks=int((tracked.tracks.of_hit != NO_TRACK).sum()),
            scores={name: None if math.isnan(x) else x for name, x in scores.items()},
            score_seconds=(perf_counter_ns() - start) / 1e9,
        )

    def _scores(self, cell: Cell, tracks: Tracks) -> dict[str, float]:
        """Return the TrackML score, and three figures by every matching."""
        labels = self.labels(cell.trackable)
        if labels is None:
            return {}
        pairs = pairs_of(self._event, tracks, labels)
        scores = {"n_trackable": float(labels.n_trackable), "trackml_score": trackml_score(pairs)}
        for name, matching in MATCHINGS.items():
            score = matching_score(pairs, labels, matching)
            scores |= {f"{name}_{figure}": value for figure, value in asdict(score).items()}
        return scores

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
