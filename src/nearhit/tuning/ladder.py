"""Search on a ladder of values by doubling and bisection."""

from collections.abc import Callable
from functools import cache


def first_true(length: int, start: int, holds: Callable[[int], bool]) -> int:
    """Return the first of the positions 0 to `length` - 1 that holds; `length` where none does.

    Args:
        length: of the ladder.
        start: the position to ask first; steps away from it double.
        holds: monotone, false before true; asked once for a position.
    """
    asked = cache(holds)
    low, high = -1, length  # low does not hold, high does
    at, step = min(max(start, 0), length - 1), 1
    while low < at < high:
        if asked(at):
            high, at = at, (at - step if low < 0 else (low + at) // 2)
        else:
            low, at = at, (at + step if high == length else (at + high) // 2)
        step *= 2
        at = _inside(at, low, high)
    return high


def _inside(at: int, low: int, high: int) -> int:
    """Return the position, moved between those that are known; one of them if none is between."""
    return min(max(at, low + 1), high - 1)
