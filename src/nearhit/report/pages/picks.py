"""Picks: for each bucket size the fastest row that finds about as much as the best."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from operator import attrgetter

from nearhit.records.row import Row
from nearhit.report.pareto import tie

ENOUGH = Fraction(99, 100)
"""The share of the best figure that is as good as the best."""

RULE = (
    "the fastest setting of those that find at least 99 % as much as the best that was measured, "
    "on all threads, all hits queried"
)


@dataclass(frozen=True)
class Pick:
    """What to take for one bucket size, or to find tracks.

    Attributes:
        heading: for what.
        row: the one to take.
        next: the same among other libraries, or other trackers; None where there is none.
        best: the row of the best figure, where it is better by more than the binomial error.
    """

    heading: str
    row: Row
    next: Row | None
    best: Row | None


def bucket_picks(rows: Iterable[Row]) -> list[Pick]:
    """Return what to take for each bucket size, smallest first; nothing for an event without truth.

    Args:
        rows: of one event, machine and commit, without trackers.
    """
    judged = _most_threads(
        row
        for row in rows
        if row.queries is None and row.batch is None and row.particle_efficiency is not None
    )
    sizes = sorted({row.bucket_size for row in judged})
    return [
        _pick(
            f"Buckets of {size} hits",
            [row for row in judged if row.bucket_size == size],
            "particle_efficiency",
            "library",
        )
        for size in sizes
    ]


def track_picks(rows: Iterable[Row]) -> list[Pick]:
    """Return what to take to find tracks, if any tracker was measured that reads no truth.

    Args:
        rows: of trackers, of one event, machine and commit.
    """
    judged = _most_threads(
        row for row in rows if row.trackml_score is not None and not row.reads_truth
    )
    return [_pick("Tracks", judged, "trackml_score", "tracker_name")] if judged else []


def _most_threads(rows: Iterable[Row]) -> list[Row]:
    """Return the rows of most threads, and of the particles that most of them are of."""
    held = list(rows)
    most = max((row.threads for row in held), default=0)
    held = [row for row in held if row.threads == most]
    cuts = [row.cell.trackable for row in held]
    usual = max(sorted(set(cuts), key=repr), key=cuts.count, default=None)
    return [row for row in held if row.cell.trackable == usual]


def _pick(heading: str, rows: Sequence[Row], figure: str, kind: str) -> Pick:
    gain, seconds = attrgetter(figure), attrgetter("seconds_per_event")
    best = max(rows, key=lambda row: (gain(row), -seconds(row)))
    good = [row for row in rows if gain(row) >= ENOUGH * gain(best)]
    ordered = sorted(good, key=lambda row: (seconds(row), row.index))
    first = ordered[0]
    others = [row for row in ordered if getattr(row, kind) != getattr(first, kind)]
    better = None if tie(best, first, figure) else best
    return Pick(heading, first, others[0] if others else None, better)
