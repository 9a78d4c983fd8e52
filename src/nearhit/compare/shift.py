"""How far two samples are apart: an exact rank test, its estimate and its interval.

Nothing is assumed of the noise but that chance treats both sides alike: neither its size nor its
shape, so that a burst of other work on the machine counts as one rank and no more.

Source: M. Hollander, D. A. Wolfe, E. Chicken, Nonparametric Statistical Methods, 3rd edition:
signed ranks (3.1 to 3.3) for pairs, rank sums (4.1 to 4.3) for samples without pairs.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count
from math import comb

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, eq=False)
class Shift:
    """By how much B lies above A.

    Attributes:
        contrasts: float64 (m,), sorted: what pairs of observations say of it.
        tail: float64 (m + 1,), the chance that at least so many of them lie above the true shift.
        outcomes: as how many equally likely ones so many observations a side can fall out.
    """

    contrasts: NDArray[np.float64]
    tail: NDArray[np.float64]
    outcomes: Callable[[int], int]

    @property
    def estimate(self) -> float:
        """The median of the contrasts, after Hodges and Lehmann."""
        return float(np.median(self.contrasts))

    def p_above(self, bound: float) -> float:
        """Return the p-value of 'the shift is at most the bound'."""
        return float(self.tail[int((self.contrasts > bound).sum())])

    def p_below(self, bound: float) -> float:
        """Return the p-value of 'the shift is at least the bound'."""
        return float(self.tail[int((self.contrasts < bound).sum())])

    def interval(self, level: float) -> tuple[float, float]:
        """Return two bounds, each of which the shift passes with at most this chance.

        They are what the tests reject: infinite where there are too few observations to say.
        """
        needed = int((self.tail > level).sum())  # contrasts beyond the bound for a rejection
        if needed > len(self.contrasts):
            return -np.inf, np.inf
        return float(self.contrasts[-needed]), float(self.contrasts[needed - 1])

    def fewest(self, level: float) -> int:
        """Return how many observations a side can reject at a level at all: the most lopsided."""
        return next(n for n in count(1) if self.outcomes(n) * level >= 1)


def paired(a: ArrayLike, b: ArrayLike) -> Shift:
    """Return the shift between samples (n,) of which each pair was taken side by side.

    The contrasts are Walsh's averages of the differences; their number above the true shift has the
    distribution of Wilcoxon's signed ranks.
    """
    differences = np.asarray(b, np.float64) - np.asarray(a, np.float64)
    first, second = np.triu_indices(len(differences))
    averages = (differences[first] + differences[second]) / 2
    return Shift(np.sort(averages), _signed_ranks(len(differences)), lambda n: 2**n)


def unpaired(a: ArrayLike, b: ArrayLike) -> Shift:
    """Return the shift between two samples (n,) and (m,) that have nothing to do with each other.

    The contrasts are all differences; their number above the true shift has the distribution of
    Mann's and Whitney's rank sums.
    """
    differences = np.subtract.outer(np.asarray(b, np.float64), np.asarray(a, np.float64))
    tail = _rank_sums(*differences.shape)
    return Shift(np.sort(differences, axis=None), tail, lambda n: comb(2 * n, n))


def holm(p_values: Sequence[float]) -> list[float]:
    """Return p-values adjusted for their number, after Holm (1979).

    Those at or below a level are wrong, even if only one, with at most that chance.
    """
    p = np.asarray(p_values, np.float64)
    order = np.argsort(p, kind="stable")
    adjusted = np.empty_like(p)
    raised = p[order] * np.arange(len(p), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(raised), 1.0) if len(p) else raised
    return [float(one) for one in adjusted]


@cache
def _signed_ranks(n: int) -> NDArray[np.float64]:
    """Return the chance of at least w, for signed ranks of n differences: w of 0 … n (n + 1) / 2.

    Each rank is in the sum or not, with equal chance.
    """
    chances = np.zeros(n * (n + 1) // 2 + 1)
    chances[0] = 1.0
    for rank in range(1, n + 1):
        chances[rank:] = chances[rank:] / 2 + chances[:-rank] / 2
        chances[:rank] /= 2
    return _at_least(chances)


@cache
def _rank_sums(n: int, m: int) -> NDArray[np.float64]:
    """Return the chance that at least u of the n m differences lie above: u of 0 … n m.

    The largest of all is of one sample or of the other, and then the rest is a smaller such case.
    """
    if not n or not m:
        return np.ones(1)
    chances = np.zeros(n * m + 1)
    first, second = _chances(_rank_sums(n - 1, m)), _chances(_rank_sums(n, m - 1))
    chances[m:] += first * n / (n + m)
    chances[: len(second)] += second * m / (n + m)
    return _at_least(chances)


def _at_least(chances: NDArray[np.float64]) -> NDArray[np.float64]:
    tail: NDArray[np.float64] = np.minimum(chances[::-1].cumsum()[::-1], 1.0)
    return tail


def _chances(tail: NDArray[np.float64]) -> NDArray[np.float64]:
    chances: NDArray[np.float64] = tail - np.append(tail[1:], 0.0)
    return chances
