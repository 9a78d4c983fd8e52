"""Clauses on the answers of an index to ordinary input."""

import numpy as np

from nearhit.data.buckets import MISSING

from .subject import (
    ROUNDING,
    Subject,
    distances_between,
    random_directions,
    require,
    require_recall,
)


def shape_and_type(subject: Subject) -> None:
    """Return an int32, C-contiguous array of shape (q, k), also for k = 1."""
    points = random_directions(300)
    for k in (1, 7):
        found = subject.answer(points, k)
        require(found.shape == (300, k), f"shape {found.shape} for k={k}")
        require(found.dtype == np.int32, f"type {found.dtype}")
        require(found.flags.c_contiguous, "not C-contiguous")


def rows_in_range(subject: Subject) -> None:
    """Return only rows of the points, or missing members at the end of a bucket."""
    found = subject.answer(random_directions(300), 20)
    require(found.min() >= MISSING and found.max() < 300, "a row that does not exist")  # noqa: PLR2004 - number of points
    present = found != MISSING
    require(bool((present[:, :-1] >= present[:, 1:]).all()), "a hit after a missing one")


def no_duplicates(subject: Subject) -> None:
    """Return no hit twice in a bucket, even if many hits are identical."""
    for points in (random_directions(300), np.repeat(random_directions(30), 10, axis=0)):
        found = np.sort(subject.answer(points, 20), axis=1)
        twice = (found[:, 1:] == found[:, :-1]) & (found[:, 1:] != MISSING)
        require(not twice.any(), "a hit twice in a bucket")


def nearest_first(subject: Subject) -> None:
    """Return neighbours in order of distance, up to rounding."""
    points = random_directions(2000)
    found = subject.answer(points, 20)
    distances = distances_between(subject.distance, points, points)
    along = np.take_along_axis(distances, np.maximum(found, 0), axis=1)
    along[found == MISSING] = np.inf
    require(
        bool((along[:, 1:] >= along[:, :-1] - ROUNDING).all()), "a nearer hit after a farther one"
    )


def neighbours(subject: Subject) -> str:
    """Find all neighbours, ties counted by distance, if exact; most of them otherwise."""
    points = random_directions(2000)
    return _observed(require_recall(subject, points, points, subject.answer(points, 20)))


def neighbours_of_others(subject: Subject) -> str:
    """Accept queries that are not among the indexed points."""
    points, queries = random_directions(2000), random_directions(100, seed=7)
    found = subject.index().build(points).query(queries, 20)
    return _observed(require_recall(subject, points, queries, found))


def neighbours_in_the_event(subject: Subject) -> str:
    """Find neighbours in a real event, whose hits lie in clusters and on layers."""
    points = subject.directions
    rows = np.linspace(0, len(points) - 1, min(200, len(points))).astype(int)
    found = subject.index().build(points).query(points[rows], min(20, len(points)))
    return _observed(require_recall(subject, points, points[rows], found))


def fewer_points_than_k(subject: Subject) -> None:
    """Return every point once, and missing members, if k exceeds the number of points."""
    for n in (1, 2, 5):
        found = subject.answer(random_directions(n), 8)
        require(found.shape == (n, 8), f"shape {found.shape} for {n} points")
        require(bool((found[:, n:] == MISSING).all()), f"more members than the {n} points")
        every = np.sort(found[:, :n], axis=1) == np.arange(n)
        require(bool(every.all()), f"not all of {n} points")


def as_many_points_as_k(subject: Subject) -> None:
    """Return k different points if there are k or k + 1 of them."""
    for n in (20, 21):
        found = subject.answer(random_directions(n), 20)
        members = [set(row) - {MISSING} for row in found.tolist()]
        require(all(len(one) == 20 for one in members), f"not 20 of {n} points")  # noqa: PLR2004 - k


def ties(subject: Subject) -> str:
    """Return any of many hits at equal distance, but leave out no nearer one."""
    side = np.linspace(-1, 1, 12)
    cube = np.stack(np.meshgrid(side, side, side), axis=-1).reshape(-1, 3)
    cube = cube[np.linalg.norm(cube, axis=1) > 0.5]  # noqa: PLR2004 - away from the origin
    points = (cube / np.linalg.norm(cube, axis=1, keepdims=True)).astype(np.float32)
    return _observed(require_recall(subject, points, points, subject.answer(points, 20)))


def _observed(share: float) -> str:
    return "" if share == 1 else f"recall {share:.3f}"
