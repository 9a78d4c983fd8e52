"""How a number is taken from records: small functions, each of one or two records."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Literal

import numpy as np

from nearhit.records.record import Quality, Record, Tracking
from nearhit.records.row import row_of

Convention = Literal["never", "particle"]
"""Of noise: it is never the leading particle, or counts as one."""


@dataclass(frozen=True)
class Taken:
    """A number that was measured.

    Attributes:
        value: the number; of repeated passes the median.
        low, high: least and most of the passes; None where there is one number.
    """

    value: float
    low: float | None = None
    high: float | None = None


Take = Callable[..., Taken | None]
"""Takes the records of a line, returns what was measured; None where they lack it."""


def spread(values: list[float]) -> Taken:
    """Return the median of passes with least and most."""
    return Taken(median(values), min(values), max(values))


def batch_milliseconds(record: Record) -> Taken | None:
    """Milliseconds of all queries, in one batch."""
    warm = record.timing.warm if record.timing else ()
    return spread([one.query_seconds * 1e3 for one in warm]) if warm else None


def queries_per_second(record: Record) -> Taken | None:
    """Hits queried / seconds of the batch."""
    warm = record.timing.warm if record.timing else ()
    return spread([record.n_queries / one.query_seconds for one in warm]) if warm else None


def single_milliseconds(record: Record) -> Taken | None:
    """Milliseconds of one query, asked one by one: the median, 1st and 99th percentile."""
    seconds = record.timing.single_query_seconds if record.timing else ()
    if not seconds:
        return None
    low, middle, high = np.percentile(seconds, [1, 50, 99]) * 1e3
    return Taken(float(middle), float(low), float(high))


def count_seconds(record: Record) -> Taken | None:
    """Seconds that counting all buckets took."""
    return _of_quality(record, lambda quality: quality.count_seconds)


def noise(record: Record) -> Taken | None:
    """Share of hits that are noise or of particles too short to be trackable."""
    return _of_quality(record, lambda quality: quality.noise_share)


def figure(name: str) -> Take:
    """Return a taker of one of `nearhit.quality.FIGURES`."""
    return lambda record: _of_quality(record, lambda quality: quality.figures.get(name))


def score(name: str) -> Take:
    """Return a taker of a tracker's score, see `nearhit.measure.judge`."""
    return lambda record: _of_tracking(record, lambda tracking: tracking.scores.get(name))


def leading_sizes(record: Record, convention: Convention) -> tuple[int, ...]:
    """Return buckets with leading particle size 0, 1, 2, …; empty where that is not recorded."""
    if record.quality is None:
        return ()
    held = {
        "never": record.quality.leading_sizes,
        "particle": record.quality.leading_sizes_with_noise,
    }
    return held[convention]


def size_mode(convention: Convention) -> Take:
    """Return a taker of the commonest leading particle size."""
    return _of_sizes(convention, lambda counts: float(counts.argmax()))


def size_mean(convention: Convention) -> Take:
    """Return a taker of the mean leading particle size."""
    return _of_sizes(convention, lambda n: float((n * np.arange(len(n))).sum() / n.sum()))


def size_at_least(least: int, convention: Convention) -> Take:
    """Return a taker of the share of buckets with a leading particle of so many hits."""
    return _of_sizes(convention, lambda counts: float(counts[least:].sum() / counts.sum()))


def event_pairs(record: Record) -> Taken | None:
    """Pairs that clustering the full event compares: its hits squared, done or not."""
    return Taken(float(record.n_hits) ** 2)


def bucket_pairs(record: Record) -> Taken | None:
    """Pairs that clustering in buckets compares: those of each bucket, together."""
    return _of_tracking(record, lambda one: one.n_buckets * one.hits_per_bucket**2)


def event_seconds(record: Record) -> Taken | None:
    """Seconds per event: with a tracker, from hits in memory to resolved tracks."""
    row = row_of(record)
    if row["seconds_per_event"] is None:
        return None
    names = ("seconds_per_event", "seconds_per_event_min", "seconds_per_event_max")
    return Taken(*(row[name] for name in names))


def bucket_milliseconds(record: Record) -> Taken | None:
    """Milliseconds of tracking, without finding the bucket, a bucket."""
    if record.tracking is None:
        return None
    inside = ("seed", "follow", "resolve")
    passes = [sum(one.get(stage, 0.0) for stage in inside) for one in record.tracking.warm]
    return spread([seconds / record.tracking.n_buckets * 1e3 for seconds in passes])


def seconds_of_buckets(number: int) -> Take:
    """Return a taker of the seconds that so many buckets would take at the same pace."""

    def take(record: Record) -> Taken | None:
        one = bucket_milliseconds(record)
        if one is None:
            return None
        scale = number / 1e3
        return Taken(one.value * scale, (one.low or 0) * scale, (one.high or 0) * scale)

    return take


def n_tracks(record: Record) -> Taken | None:
    """Tracks that were found."""
    return _of_tracking(record, lambda tracking: float(tracking.n_tracks))


def hits_per_track(record: Record) -> Taken | None:
    """Mean hits of a track."""
    return _of_tracking(
        record, lambda one: one.n_hits_on_tracks / one.n_tracks if one.n_tracks else None
    )


def clusters_at_least(least: int) -> Take:
    """Return a taker of the share of clusters with so many hits."""

    def share(tracking: Tracking) -> float | None:
        every = sum(tracking.track_sizes)
        return sum(tracking.track_sizes[least:]) / every if every else None

    return lambda record: _of_tracking(record, share)


def efficiency_between(lower: Record, upper: Record) -> Taken | None:
    """Share found of the particles with a pT between two cuts, of which each record has one."""
    pairs = [_found(record) for record in (lower, upper)]
    if None in pairs:
        return None
    (found, wanted), (found_above, wanted_above) = (pair for pair in pairs if pair)
    between = wanted - wanted_above
    return Taken((found - found_above) / between) if between else None


def difference(take: Take) -> Take:
    """Return a taker of how far two records are apart in a number."""

    def apart(one: Record, other: Record) -> Taken | None:
        first, second = take(one), take(other)
        return Taken(abs(first.value - second.value)) if first and second else None

    return apart


def _found(record: Record) -> tuple[float, int] | None:
    tracking = record.tracking
    share = tracking.scores.get("double_majority_efficiency") if tracking else None
    if tracking is None or share is None or tracking.n_trackable is None:
        return None
    return share * tracking.n_trackable, tracking.n_trackable


def _of_sizes(convention: Convention, statistic: Callable[[np.ndarray], float]) -> Take:
    def take(record: Record) -> Taken | None:
        counts = np.array(leading_sizes(record, convention))
        return Taken(statistic(counts)) if counts.sum() else None

    return take


def _of_quality(record: Record, value: Callable[[Quality], float | None]) -> Taken | None:
    found = value(record.quality) if record.quality else None
    return None if found is None else Taken(found)


def _of_tracking(record: Record, value: Callable[[Tracking], float | None]) -> Taken | None:
    found = value(record.tracking) if record.tracking else None
    return None if found is None else Taken(found)
