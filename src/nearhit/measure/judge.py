"""Judges what a worker measured, in the harness' own process, where the truth is."""

import math
from dataclasses import dataclass
from functools import cache
from time import perf_counter_ns
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nearhit.bucket_selection import rows_asked
from nearhit.cells.cell import Cell
from nearhit.cells.status import OK, Status
from nearhit.data.buckets import MISSING, Buckets
from nearhit.data.event import Event
from nearhit.data.tracks import NO_TRACK, Tracks
from nearhit.plugins.adapter import Distance
from nearhit.plugins.registry import metric_named
from nearhit.plugins.spec import Selections
from nearhit.quality import (
    FIGURES,
    Labels,
    Trackable,
    count_buckets,
    defect_of,
    kth_neighbours,
    label_hits,
    leading_size_histogram,
    leading_sizes_with_noise,
    noise_share,
    recall,
)
from nearhit.records.results import Latencies, Quality, Tracking
from nearhit.scoring import SCORES, Scored, found_sizes, profiles, track_sizes
from nearhit.tracking.run import FoundTracks, defect_of_tracks

from .measure import Answer


@dataclass(frozen=True)
class Judged:
    """Judgement of an answer; the times of passes are not in it.

    Attributes:
        status: `ok`, or `failed` with the defect of what was answered.
        latencies: as in the answer.
        distance: as in the answer.
        n_queries: hits queried; None where no index was asked.
        quality: of the buckets; None where no index was asked.
        tracking: without its passes; None where no tracker was asked.
    """

    status: Status
    latencies: Latencies | None = None
    distance: str = ""
    n_queries: int | None = None
    quality: Quality | None = None
    tracking: Tracking | None = None


class Judge:
    """Judges buckets and tracks of one event.

    Points, labels and exact answers are kept for the cells that share them.

    Args:
        event: with its truth.
    """

    def __init__(self, event: Event) -> None:
        self._event = event
        self.labels = cache(self._label)
        self._points = cache(self._project)
        self._ready = cache(self._count_one)
        self._kth = cache(self._kth_neighbours)

    def judged(self, cell: Cell, answer: Answer) -> Judged:
        """Return the judgement of what was answered for a cell."""
        if defect := _defect_of(cell, answer, len(self._event)):
            return Judged(Status("failed", defect))
        buckets, found = answer.buckets, answer.found
        return Judged(
            OK,
            answer.latencies,
            answer.distance,
            len(buckets.queries) if buckets else None,
            self.quality(cell, buckets) if buckets else None,
            self.tracking(cell, found) if found else None,
        )

    def quality(self, cell: Cell, buckets: Buckets) -> Quality:
        """Return the quality of the buckets that were measured for a cell."""
        distance = metric_named(cell.metric).distances[0]
        kth = self._kth(cell.metric, cell.queries, cell.seed, cell.bucket_size, cell.choices)
        share = recall(self._points(cell.metric), buckets, kth, distance)
        labels = self.labels(cell.trackable)
        if labels is None:
            return Quality(None, {}, (), share)
        self._ready(cell.trackable)
        start = perf_counter_ns()
        counts = count_buckets(buckets, labels)
        figures = {name: row.value(counts, cell.trackable) for name, row in FIGURES.items()}
        histograms = (leading_size_histogram(counts), leading_sizes_with_noise(counts))
        seconds = (perf_counter_ns() - start) / 1e9
        return Quality(
            n_trackable=labels.n_trackable,
            figures={name: _number(x) for name, x in figures.items()},
            leading_sizes=tuple(histograms[0]),
            recall=share,
            leading_sizes_with_noise=tuple(histograms[1]),
            noise_share=_number(noise_share(labels, cell.trackable)),
            count_seconds=seconds,
        )

    def check(self, cell: Cell) -> None:
        """Refuse a cell before any time is spent on it.

        Raises:
            BadInputError: the event lacks what the cell asks for.
        """
        self.labels(cell.trackable)
        if not cell.takes_whole_event:
            self._points(cell.metric)

    def tracking(self, cell: Cell, found: FoundTracks) -> Tracking:
        """Return the result of a tracker without its passes, with the scores of its tracks."""
        labels = self.labels(cell.trackable)
        return Tracking(
            cold=None,
            warm=(),
            n_buckets=len(found.buckets.members),
            hits_per_bucket=_hits_per_bucket(found.buckets),
            counts=found.counts,
            n_tracks=len(found.tracks),
            n_hits_on_tracks=int((found.tracks.of_hit != NO_TRACK).sum()),
            **{} if labels is None else self._against_truth(cell, labels, found),
        )

    def scores(self, cell: Cell, tracks: Tracks) -> dict[str, float | None]:
        """Return the scores of tracks by name; empty where the event has no truth."""
        labels = self.labels(cell.trackable)
        return {} if labels is None else _scores(Scored(self._event, labels, tracks))

    def _against_truth(self, cell: Cell, labels: Labels, found: FoundTracks) -> dict[str, Any]:
        """Return what takes the truth."""
        start = perf_counter_ns()
        scored = Scored(self._event, labels, found.tracks)
        scores = _scores(scored)
        seconds = (perf_counter_ns() - start) / 1e9
        counts = count_buckets(found.buckets, labels)
        return {
            "score_seconds": seconds,
            "scores": scores,
            "n_trackable": labels.n_trackable,
            "reachable": _number(FIGURES["particle_efficiency"].value(counts, cell.trackable)),
            "profiles": profiles(scored),
            "track_sizes": track_sizes(scored),
            "found_sizes": found_sizes(scored),
        }

    def _count_one(self, trackable: Trackable) -> None:
        """Count one bucket, so that no compilation is in the time of counting many."""
        labels = self.labels(trackable)
        if labels is not None:
            one = np.zeros((1, 1), np.int32)
            count_buckets(Buckets(one[0], one), labels)

    def _label(self, trackable: Trackable) -> Labels | None:
        """Return the labels, or None where the event has no truth."""
        return None if self._event.truth is None else label_hits(self._event, trackable)

    def _project(self, metric: str) -> NDArray[np.float32]:
        return metric_named(metric).project(self._event)

    def _kth_neighbours(
        self, metric: str, queries: int | None, seed: int, k: int, choices: Selections
    ) -> NDArray[np.int32]:
        distance: Distance = metric_named(metric).distances[0]
        chosen = [spec.selection() for spec in choices]
        rows = rows_asked(self._event, chosen, queries, seed)
        return kth_neighbours(self._points(metric), rows, k, distance)


JUDGES = {Event: Judge}
"""Judges by kind of data: each knows the figures that the truth of its kind allows."""


def judge_of(data: Event) -> Judge:
    """Return the judge of the data's kind."""
    return JUDGES[type(data)](data)


def _defect_of(cell: Cell, answer: Answer, n_rows: int) -> str:
    """Return what is wrong with what was answered, in one sentence; empty if nothing."""
    if answer.buckets and (defect := defect_of(answer.buckets.members, n_rows)):
        return f"{cell.index.name} returned {defect}"
    if answer.found and (defect := defect_of_tracks(answer.found.tracks, n_rows)):
        return f"{cell.tracker and cell.tracker.name} returned {defect}"
    return ""


def _hits_per_bucket(buckets: Buckets) -> float:
    """Return the mean number of hits of a bucket; 0 where there are none."""
    return float((buckets.members != MISSING).sum() / max(len(buckets.members), 1))


def _scores(scored: Scored) -> dict[str, float | None]:
    return {name: _number(score.value(scored)) for name, score in SCORES.items()}


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value
