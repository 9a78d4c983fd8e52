"""Exact rank tests of the shift between two samples, with estimate and confidence interval.

The only assumption on the noise is that it is the same on both sides; its scale and shape are free,
so that a burst of other work on the machine counts as one rank.

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
    """Shift of B over A.

    Attributes:
        contrasts: float64 (m,), sorted: its estimates from pairs of observations.
        tail: float64 (m + 1,), probability that at least 0 … m of them exceed the true shift.
        outcomes: number of equally likely rank assignments for n observations per side.
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
        """Return a lower and an upper bound, each with at most this error probability.

        They invert the tests; infinite where there are too few observations.
        """
        needed = int((self.tail > level).sum())  # contrasts beyond the bound for a rejection
        if needed > len(self.contrasts):
            return -np.inf, np.inf
        return float(self.contrasts[-needed]), float(self.contrasts[needed - 1])

    def fewest(self, level: float) -> int:
        """Return the least observations per side that can reject at a level at all."""
        return next(n for n in count(1) if self.outcomes(n) * level >= 1)


def paired(a: ArrayLike, b: ArrayLike) -> Shift:
    """Return the shift between paired samples (n,).

    The contrasts are the Walsh averages of the differences; their number above the true shift has
    the distribution of Wilcoxon's signed-rank statistic.
    """
    differences = np.asarray(b, np.float64) - np.asarray(a, np.float64)
    first, second = np.triu_indices(len(differences))
    averages = (differences[first] + differences[second]) / 2
    return Shift(np.sort(averages), _signed_ranks(len(differences)), lambda n: 2**n)


def unpaired(a: ArrayLike, b: ArrayLike) -> Shift:
    """Return the shift between independent samples (n,) and (m,).

    The contrasts are all differences; their number above the true shift has the distribution of the
    Mann-Whitney statistic.
    """
    differences = np.subtract.outer(np.asarray(b, np.float64), np.asarray(a, np.float64))
    tail = _rank_sums(*differences.shape)
    return Shift(np.sort(differences, axis=None), tail, lambda n: comb(2 * n, n))


def holm(p_values: Sequence[float]) -> list[float]:
    """Return p-values after Holm's correction (1979).

    Rejecting those at or below a level bounds the family-wise error rate at that level.
    """
    p = np.asarray(p_values, np.float64)
    order = np.argsort(p, kind="stable")
    adjusted = np.empty_like(p)
    raised = p[order] * np.arange(len(p), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(raised), 1.0) if len(p) else raised
    return [float(one) for one in adjusted]


@cache
def _signed_ranks(n: int) -> NDArray[np.float64]:
    """Return the probability of a signed-rank sum of n differences ≥ w, for w of 0 … n (n + 1) / 2.

    Each rank is in the sum or not, with equal probability.
    """
    probabilities = np.zeros(n * (n + 1) // 2 + 1)
    probabilities[0] = 1.0
    for rank in range(1, n + 1):
        probabilities[rank:] = probabilities[rank:] / 2 + probabilities[:-rank] / 2
        probabilities[:rank] /= 2
    return _at_least(probabilities)


@cache
def _rank_sums(n: int, m: int) -> NDArray[np.float64]:
    """Return the probability that at least u of the n m differences are positive: u of 0 … n m.

    The largest observation is of one sample or the other; the rest is a smaller case (recursion).
    """
    if not n or not m:
        return np.ones(1)
    probabilities = np.zeros(n * m + 1)
    first, second = _probabilities(_rank_sums(n - 1, m)), _probabilities(_rank_sums(n, m - 1))
    probabilities[m:] += first * n / (n + m)
    probabilities[: len(second)] += second * m / (n + m)
    return _at_least(probabilities)


def _at_least(probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    tail: NDArray[np.float64] = np.minimum(probabilities[::-1].cumsum()[::-1], 1.0)
    return tail


def _probabilities(tail: NDArray[np.float64]) -> NDArray[np.float64]:
    probabilities: NDArray[np.float64] = tail - np.append(tail[1:], 0.0)
    return probabilities
