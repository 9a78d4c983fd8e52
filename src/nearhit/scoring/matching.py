"""Definitions of found particles, one row each."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from nearhit.quality.labels import NOISE_LABEL

from .pairs import Pairs

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Matching:
    """One definition of matching.

    Attributes:
        name: what users write.
        meaning: the definition in a sentence.
        found: selects the pairs (m,) that make their particle found.
        source: software or challenge that defines it.
    """

    name: str
    meaning: str
    found: Callable[[Pairs], Mask]
    source: str


def purer_than(share: Fraction) -> Callable[[Pairs], Mask]:
    """Return a cut on track purity: strictly more than a share of the track."""
    numerator, denominator = share.numerator, share.denominator
    return lambda pairs: (
        _of_particles(pairs) & (pairs.hits * denominator > pairs.track_size * numerator)
    )


def holds_more_than(share: Fraction) -> Callable[[Pairs], Mask]:
    """Return a cut on particle efficiency: strictly more than a share of the particle."""
    numerator, denominator = share.numerator, share.denominator
    return lambda pairs: (
        _of_particles(pairs) & (pairs.hits * denominator > pairs.particle_size * numerator)
    )


def _both(*tests: Callable[[Pairs], Mask]) -> Callable[[Pairs], Mask]:
    def all_hold(pairs: Pairs) -> Mask:
        held: Mask = np.logical_and.reduce([test(pairs) for test in tests])
        return held

    return all_hold


def _holds_all(pairs: Pairs) -> Mask:
    held: Mask = _of_particles(pairs) & (pairs.hits == pairs.particle_size)
    return held


def _of_particles(pairs: Pairs) -> Mask:
    of_particles: Mask = pairs.particle != NOISE_LABEL
    return of_particles


_HALF, _THREE_QUARTERS, _ALMOST_ALL = Fraction(1, 2), Fraction(3, 4), Fraction(99, 100)
_PURE, _HOLDS = purer_than(_HALF), holds_more_than(_HALF)
_DOUBLE = _both(_PURE, _HOLDS)
_LHC = purer_than(_THREE_QUARTERS)
_PERFECT = _both(purer_than(_ALMOST_ALL), _holds_all)

_ROWS = (
    Matching(
        "double_majority",
        "more than half of the track is the particle's, and more than half of that is on the track",
        _DOUBLE,
        "TrackML challenge; gnn_tracking; two_way in acorn",
    ),
    Matching("atlas", "more than half of the track is the particle's", _PURE, "acorn"),
    Matching("one_way", "more than half of the particle is on the track", _HOLDS, "acorn"),
    Matching("lhc", "more than 75 % of the track is the particle's", _LHC, "gnn_tracking"),
    Matching(
        "perfect",
        "the track has all hits of the particle, and more than 99 % of it is the particle's",
        _PERFECT,
        "gnn_tracking",
    ),
)

MATCHINGS = {matching.name: matching for matching in _ROWS}
