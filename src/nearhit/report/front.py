"""The Pareto front: what nothing else beats in two figures at once."""

from collections.abc import Iterable
from math import inf

from nearhit.records.row import Row


def pareto_front(rows: Iterable[Row], cost: str, gain: str) -> list[Row]:
    """Return the rows for which no cheaper or equally cheap row gains as much, cheapest first.

    Args:
        rows: those where cost or gain is None are left out.
        cost: the figure of which less is better.
        gain: the figure of which more is better.
    """
    judged = [row for row in rows if row[cost] is not None and row[gain] is not None]
    front, best = [], -inf
    for row in sorted(judged, key=lambda row: (row[cost], -row[gain])):
        if row[gain] > best:
            front.append(row)
            best = row[gain]
    return front
