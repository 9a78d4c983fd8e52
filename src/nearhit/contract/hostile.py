"""Clauses on difficult, invalid and unusual input."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from nearhit.data.buckets import MISSING
from nearhit.errors import BadInputError
from nearhit.plugins.adapter import Distance

from .clause import Clause
from .subject import Subject, random_directions, recall_of, require, require_recall

_Points = NDArray[np.float32]


def identical_points(subject: Subject) -> None:
    """Return full buckets of identical points, without a hang or a crash."""
    found = subject.answer(np.tile(random_directions(1), (100, 1)), 10)
    require(bool((found != MISSING).all()), "a bucket is not full")


def no_points(subject: Subject) -> None:
    """Refuse an event without hits in one sentence."""
    _require_refusal(subject.index().build, np.empty((0, 3), np.float32))


def not_finite(subject: Subject) -> None:
    """Refuse NaN and infinity in points and queries before the library sees them."""
    index = subject.index().build(random_directions(50))
    for bad in (np.nan, np.inf, -np.inf):
        points = random_directions(50)
        points[7, 1] = bad
        _require_refusal(subject.index().build, points)
        _require_refusal(index.query, points, 5)


def _require_refusal(call: Callable[..., object], *arguments: object) -> None:
    try:
        call(*arguments)
    except BadInputError:
        return
    require(held=False, complaint="invalid input was accepted")


def million_points(subject: Subject) -> str:
    """Index a million points, and return full, correct buckets for a thousand queries."""
    points = random_directions(1_000_000)
    found = subject.index().build(points).query(points[:1000], 20)
    require(bool((found != MISSING).all()), "a bucket is not full")
    judged = slice(0, 1000, 50)  # the brute-force distances of twenty queries fit in memory
    return _checked_recall(subject, points, points[judged], found[judged])


def _read_only(points: _Points) -> _Points:
    kept = points.copy()
    kept.flags.writeable = False
    return kept


def _strided(points: _Points) -> _Points:
    wide = np.zeros((len(points), 2 * points.shape[1]), np.float32)
    wide[:, ::2] = points
    return wide[:, ::2]


_LAYOUTS: dict[str, Callable[[_Points], NDArray[np.floating]]] = {
    "float64": lambda points: points.astype(np.float64),
    "Fortran order": np.asfortranarray,
    "not contiguous": _strided,
    "read-only": _read_only,
}


def _layout(name: str) -> Clause:
    def check(subject: Subject) -> None:
        points = random_directions(2000)
        given = _LAYOUTS[name](points)
        found = subject.index().build(given).query(given, 20)
        require_recall(subject, points, points, found)

    return Clause(name, f"Accept points in {name} layout.", check)


_FEATURES = 625  # pixels of an image of the surroundings of a hit


def _dimensions(number: int) -> Clause:
    def check(subject: Subject) -> str:
        points = _spread_out(number, subject.distance)
        return _checked_recall(subject, points, points, subject.answer(points, 20))

    name = f"{number} dimension{'s' if number > 1 else ''}"
    meaning = f"Accept points of {name}; find all neighbours if exact."
    return Clause(name, meaning, check, demanded=number < _FEATURES)


def _spread_out(dimensions: int, distance: Distance) -> _Points:
    """Return unit vectors; in one dimension, which has only two, numbers if the distance allows."""
    if dimensions > 1 or distance == "angular":
        return random_directions(1000, dimensions)
    return np.random.default_rng(0).normal(size=(1000, 1)).astype(np.float32)


def _checked_recall(
    subject: Subject, points: _Points, queries: _Points, found: NDArray[np.int32]
) -> str:
    """Require all neighbours of an exact index; report the recall of an approximate one."""
    check = require_recall if subject.adapter.exact else recall_of
    return f"recall {check(subject, points, queries, found):.3f}"


def _magnitude(scale: float) -> Clause:
    def check(subject: Subject) -> None:
        points = random_directions(1000)
        found = subject.answer((points * scale).astype(np.float32), 20)
        require_recall(subject, points, points, found)

    meaning = f"Accept coordinates around {scale:g}, whose squares exceed float32."
    return Clause(f"magnitude {scale:g}", meaning, check, demanded=False)


LAYOUTS = tuple(map(_layout, _LAYOUTS))
DIMENSIONS = tuple(map(_dimensions, (1, 2, 3, 5, 12, _FEATURES)))
MAGNITUDES = tuple(map(_magnitude, (1e-30, 1e30)))
