"""The Pareto front: what nothing else beats in two figures at once."""

from collections.abc import Iterable
from math import inf
from typing import TypeVar

Judged = TypeVar("Judged")


def pareto_front(rows: Iterable[Judged], cost: str, gain: str) -> list[Judged]:
    """Return the rows for which no cheaper or equally cheap row gains as much, cheapest first.

    Args:
        rows: those where cost or gain is None are left out.
        cost: the figure of which less is better.
        gain: the figure of which more is better.
    """
    figures = [(getattr(row, cost), getattr(row, gain), row) for row in rows]
    judged = [one for one in figures if None not in one[:2]]
    front, best = [], -inf
    for _, gained, row in sorted(judged, key=lambda one: (one[0], -one[1])):
        if gained > best:
            front.append(row)
            best = gained
    return front
