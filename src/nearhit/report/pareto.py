"""The Pareto front: what nothing else beats in two figures at once, ties within the error aside."""

from collections.abc import Iterable
from math import sqrt

from nearhit.records.row import Row


def pareto_front(rows: Iterable[Row], cost: str, gain: str) -> list[Row]:
    """Return the rows that gain more than every cheaper row of the front, cheapest first.

    More is what is no `tie`: a tie goes to the cheaper.

    Args:
        rows: those where cost or gain is None are left out.
        cost: the figure of which less is better.
        gain: the figure of which more is better.
    """
    figures = [(getattr(row, cost), getattr(row, gain), row) for row in rows]
    judged = [one for one in figures if None not in one[:2]]
    front: list[Row] = []
    for _, gained, row in sorted(judged, key=lambda one: (one[0], -one[1])):
        if not front or (gained > getattr(front[-1], gain) and not tie(row, front[-1], gain)):
            front.append(row)
    return front


def tie(one: Row, other: Row, gain: str) -> bool:
    """Return whether two gains differ by no more than the larger error of the two."""
    apart = abs(float(getattr(one, gain)) - float(getattr(other, gain)))
    return apart <= max(error_of(one, gain), error_of(other, gain))


def error_of(row: Row, gain: str) -> float:
    """Return the binomial error of a share of trackable particles; 0 where their number is unknown.

    It is sqrt(p (1 - p) / n). A TrackML score is no share of particles, but taken for one.
    """
    share = min(max(getattr(row, gain), 0.0), 1.0)
    return sqrt(share * (1 - share) / row.n_trackable) if row.n_trackable else 0.0
