"""Values of published figures, computed from records."""

from collections.abc import Callable
from statistics import median
from typing import Any, NamedTuple

import numpy as np

from nearhit.plugins.tracker import IN_BUCKETS
from nearhit.records.record import Record
from nearhit.records.row import row_of


class Spread(NamedTuple):
    """A value with its spread: of repeated passes the median, least and most."""

    value: float
    low: float | None = None
    high: float | None = None


ValueFunction = Callable[..., Spread | float | None]
"""Of the records of a line, after its own arguments; None where they are older than the number."""


def held(path: str, record: Record) -> Any:
    """Return what a record holds at a dotted path of attributes and keys; None if nothing."""
    found: Any = record
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else getattr(found, name)
        if found is None:
            break
    return found


def number(path: str, record: Record) -> float | None:
    """Return the number at a path."""
    found = held(path, record)
    return None if found is None else float(found)


def difference(path: str, one: Record, other: Record) -> float | None:
    """Return how far the numbers of two records are apart."""
    first, second = number(path, one), number(path, other)
    return None if first is None or second is None else abs(first - second)


def mean(path: str, record: Record) -> float | None:
    """Return the mean of a histogram of 0, 1, 2 and so on."""
    return _statistic(lambda n: (n * np.arange(len(n))).sum() / n.sum(), path, record)


def mode(path: str, record: Record) -> float | None:
    """Return the most frequent number of a histogram of 0, 1, 2 and so on."""
    return _statistic(np.argmax, path, record)


def share_of_at_least(least: int, path: str, record: Record) -> float | None:
    """Return the share of a histogram of 0, 1, 2, … that is not below a number."""
    return _statistic(lambda counts: counts[least:].sum() / counts.sum(), path, record)


def _statistic(of: Callable[[np.ndarray], float], path: str, record: Record) -> float | None:
    counts = np.array(held(path, record) or ())
    return float(of(counts)) if counts.sum() else None


def batch_milliseconds(record: Record) -> Spread | None:
    """Return the milliseconds of all queries."""
    return _spread([seconds * 1e3 for seconds in _query_seconds(record)])


def queries_per_second(record: Record) -> Spread | None:
    """Return hits queried per second."""
    return _spread([record.n_queries / seconds for seconds in _query_seconds(record)])


def single_milliseconds(record: Record) -> Spread | None:
    """Return the milliseconds of single queries: median, 1st and 99th percentile."""
    if record.timing is None:
        return None
    seconds = record.timing.single_query_seconds
    return Spread(seconds.median * 1e3, seconds.p1 * 1e3, seconds.p99 * 1e3)


def seconds_per_event(record: Record) -> Spread | None:
    """Return seconds per event, with a tracker from hits in memory to resolved tracks."""
    row = row_of(record)
    if row.seconds_per_event is None:
        return None
    names = ("seconds_per_event", "seconds_per_event_min", "seconds_per_event_max")
    return Spread(*(getattr(row, name) for name in names))


def bucket_milliseconds(record: Record) -> Spread | None:
    """Return the milliseconds per bucket of tracking inside buckets."""
    return _spread(_milliseconds_inside(record))


def seconds_of_buckets(n_buckets: int, record: Record) -> Spread | None:
    """Extrapolate the seconds of tracking inside buckets to a number of buckets."""
    return _spread([one * (n_buckets / 1e3) for one in _milliseconds_inside(record)])


def event_pairs(record: Record) -> float:
    """Return the pairs that clustering the full event compares."""
    return float(record.n_hits) ** 2


def bucket_pairs(record: Record) -> float | None:
    """Return the pairs that clustering inside buckets compares."""
    tracking = record.tracking
    return tracking.n_buckets * tracking.hits_per_bucket**2 if tracking else None


def hits_per_track(record: Record) -> float | None:
    """Return the mean number of hits on a track."""
    tracking = record.tracking
    return tracking.n_hits_on_tracks / tracking.n_tracks if tracking and tracking.n_tracks else None


def efficiency_between(lower: Record, upper: Record) -> float | None:
    """Return the efficiency between two pT cuts, of which each record has one."""
    counts = [_found_of_trackable(record) for record in (lower, upper)]
    if None in counts:
        return None
    (found, trackable), (found_above, trackable_above) = (pair for pair in counts if pair)
    between = trackable - trackable_above
    return (found - found_above) / between if between else None


def _found_of_trackable(record: Record) -> tuple[float, float] | None:
    share = number("tracking.scores.double_majority_efficiency", record)
    trackable = number("tracking.n_trackable", record)
    return None if share is None or trackable is None else (share * trackable, trackable)


def _query_seconds(record: Record) -> list[float]:
    return [one.query_seconds for one in record.timing.warm] if record.timing else []


def _milliseconds_inside(record: Record) -> list[float]:
    if record.tracking is None:
        return []
    passes = [sum(one.get(stage, 0.0) for stage in IN_BUCKETS) for one in record.tracking.warm]
    return [seconds / record.tracking.n_buckets * 1e3 for seconds in passes]


def _spread(values: list[float]) -> Spread | None:
    return Spread(median(values), min(values), max(values)) if values else None
