"""Results of one cell: times of an index, quality of its buckets, and what a tracker found."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Self

import numpy as np


@dataclass(frozen=True)
class Pass:
    """One pass of an index: project, build and query.

    Attributes:
        project_seconds: hits to points.
        build_seconds: points to index.
        query_seconds: all queries, in one batch.
        cores_used: processor seconds per second of wall time, over build and query.
        copying_seconds: of build and query, what copying to and from a device took.
    """

    project_seconds: float
    build_seconds: float
    query_seconds: float
    cores_used: float
    copying_seconds: float = 0.0

    @property
    def seconds(self) -> float:
        """Of all stages."""
        return self.project_seconds + self.build_seconds + self.query_seconds


@dataclass(frozen=True)
class Round:
    """One round of a cell: one warm pass, from projection to tracks, among those of other cells.

    Attributes:
        number: from 1.
        seconds: wall time of the pass.
        other_cores: processor seconds of other processes per second of the pass; None where the
            system does not report it.
        stolen_cores: the same taken by the hypervisor for other guests; None as above.
        attempts: how often the pass was made because others disturbed it; the least disturbed
            counts.
    """

    number: int
    seconds: float
    other_cores: float | None
    stolen_cores: float | None
    attempts: int = 1


@dataclass(frozen=True)
class Latencies:
    """Latencies of queries one by one: their number and nine quantiles, in seconds."""

    n_queries: int
    minimum: float
    p1: float
    p5: float
    p25: float
    median: float
    p75: float
    p95: float
    p99: float
    maximum: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Self:
        """Return the quantiles of at least one latency, interpolated linearly."""
        p1, p5, p25, p75, p95, p99 = np.percentile(seconds, (1, 5, 25, 75, 95, 99)).tolist()
        middle, extremes = median(seconds), (min(seconds), max(seconds))
        return cls(len(seconds), extremes[0], p1, p5, p25, middle, p75, p95, p99, extremes[1])


@dataclass(frozen=True)
class Timing:
    """All times of an index.

    Attributes:
        cold: the pass that paid for imports and compilation; None where the worker had run the
            library with this metric before.
        warm: the passes after it.
        single_query_seconds: latencies of queries one by one.
    """

    cold: Pass | None
    warm: tuple[Pass, ...]
    single_query_seconds: Latencies

    def median(self, stage: str) -> float:
        """Return the median over the warm passes of an attribute of `Pass`."""
        return float(median(getattr(one, stage) for one in self.warm))

    @classmethod
    def from_raw(cls, raw: dict[str, Any]) -> Self:
        """Return what a record's JSON holds of it."""
        return cls(
            cold=raw["cold"] and Pass(**raw["cold"]),
            warm=tuple(Pass(**one) for one in raw["warm"]),
            single_query_seconds=Latencies(**raw["single_query_seconds"]),
        )


@dataclass(frozen=True)
class Quality:
    """Quality of buckets, by the truth and the exact answer.

    Attributes:
        n_trackable: trackable particles in the event; None where it has no truth.
        figures: by name, see `nearhit.quality.FIGURES`.
        leading_sizes: buckets with leading particle size 0, 1, 2, …
        recall: share of the exact k nearest returned.
        leading_sizes_with_noise: as `leading_sizes`, where noise counts as one particle.
        noise_share: of the hits with truth, see `nearhit.quality.noise_share`; None without truth.
        count_seconds: what counting took from which all but recall follows; it is no part of
            bucketing. None without truth.
    """

    n_trackable: int | None
    figures: dict[str, float | None]
    leading_sizes: tuple[int, ...]
    recall: float
    leading_sizes_with_noise: tuple[int, ...] = ()
    noise_share: float | None = None
    count_seconds: float | None = None

    @classmethod
    def from_raw(cls, raw: dict[str, Any]) -> Self:
        """Return what a record's JSON holds of it."""
        histograms = ("leading_sizes", "leading_sizes_with_noise")
        return cls(**raw | {name: tuple(raw.get(name, ())) for name in histograms})


@dataclass(frozen=True)
class Tracking:
    """Result of a tracker.

    Attributes:
        cold: seconds of each stage of the first pass, which paid for imports and compilation; None
            where the worker had run the tracker before.
        warm: the same of the passes after it, from hits in memory to resolved tracks.
        n_buckets: buckets that it was given.
        hits_per_bucket: mean hits of one.
        counts: of what it counted on its way: seeds, candidates.
        n_tracks: tracks that it found.
        n_hits_on_tracks: hits of the event that are on one.
        score_seconds: what scoring took, which is no part of tracking; 0, as all that follows is
            empty, where the event has no truth.
        scores: by name, see `nearhit.scoring.SCORES`.
        n_trackable: trackable particles in the event.
        reachable: share of them of which one of the buckets holds enough.
        profiles: by axis, see `nearhit.scoring.profiles`.
        track_sizes: tracks of 0, 1, 2, … hits, see `nearhit.scoring.track_sizes`.
        found_sizes: particles by their hits and those on their best track, see
            `nearhit.scoring.found_sizes`.
    """

    cold: dict[str, float] | None
    warm: tuple[dict[str, float], ...]
    n_buckets: int
    hits_per_bucket: float
    counts: dict[str, int]
    n_tracks: int
    n_hits_on_tracks: int
    score_seconds: float = 0.0
    scores: dict[str, float | None] = field(default_factory=dict)
    n_trackable: int | None = None
    reachable: float | None = None
    profiles: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    track_sizes: list[int] = field(default_factory=list)
    found_sizes: list[list[int]] = field(default_factory=list)

    @classmethod
    def from_raw(cls, raw: dict[str, Any]) -> Self:
        """Return what a record's JSON holds of it."""
        return cls(**raw | {"warm": tuple(raw["warm"])})
