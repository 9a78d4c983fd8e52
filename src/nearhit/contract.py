"""What every index must do, whatever library is behind it, as a table of clauses."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .adapter import Distance
from .index import MISSING, Index
from .registry import adapters
from .spec import IndexSpec
from .status import in_one_line

LEAST_RECALL = 0.7
"""What an approximate index must find of 20 among 2,000 points; an exact one finds all."""

_ROUNDING = 1e-5  # of float32, in distances of order 1


class BrokenClauseError(Exception):
    """An index did what a clause forbids."""


@dataclass(frozen=True)
class Subject:
    """The index under test: one spec in one distance, on so many threads."""

    spec: IndexSpec
    distance: Distance
    threads: int

    def index(self, threads: int | None = None) -> Index:
        """Return a new index, not yet built."""
        return Index(self.spec, self.distance, threads or self.threads, seed=1)

    def answer(self, points: NDArray[np.float32], k: int) -> NDArray[np.int32]:
        """Return the k nearest to each of the points among themselves, from a new index."""
        return self.index().build(points).query(points, k)

    @property
    def exact(self) -> bool:
        """Whether the library claims to return the true neighbours."""
        return adapters()[self.spec.name].exact


def broken_clauses(spec: IndexSpec, distance: Distance, threads: int) -> dict[str, str]:
    """Return what is wrong, by clause; empty strings where nothing is."""
    subject = Subject(spec, distance, threads)
    return {name: _complaint(clause, subject) for name, clause in CLAUSES.items()}


def _complaint(clause: Callable[[Subject], None], subject: Subject) -> str:
    try:
        clause(subject)
    except Exception as error:  # noqa: BLE001 - whatever the library raises breaks the clause
        return in_one_line(f"{type(error).__name__}: {error}")
    return ""


def shape_and_type(subject: Subject) -> None:
    """The answer is (q, k), int32 and C-contiguous; k of 1 is no exception."""
    points = directions(300)
    for k in (1, 7):
        found = subject.answer(points, k)
        _require(found.shape == (300, k), f"shape {found.shape} for k={k}")
        _require(found.dtype == np.int32, f"type {found.dtype}")
        _require(found.flags.c_contiguous, "not C-contiguous")


def rows_in_range(subject: Subject) -> None:
    """Every member is a row of the points, or missing at the end of its bucket."""
    found = subject.answer(directions(300), 20)
    _require(found.min() >= MISSING and found.max() < 300, "a row that does not exist")  # noqa: PLR2004 - as built
    present = found != MISSING
    _require(bool((present[:, :-1] >= present[:, 1:]).all()), "a hit after a missing one")


def no_duplicates(subject: Subject) -> None:
    """No bucket holds a hit twice, not even where many hits are alike."""
    for points in (directions(300), np.repeat(directions(30), 10, axis=0)):
        found = np.sort(subject.answer(points, 20), axis=1)
        twice = (found[:, 1:] == found[:, :-1]) & (found[:, 1:] != MISSING)
        _require(not twice.any(), "a hit twice in a bucket")


def nearest_first(subject: Subject) -> None:
    """Distances do not fall along a bucket, up to rounding."""
    points = directions(2000)
    found = subject.answer(points, 20)
    distances = _distances(subject.distance, points, points)
    along = np.take_along_axis(distances, np.maximum(found, 0), axis=1)
    along[found == MISSING] = np.inf
    _require(
        bool((along[:, 1:] >= along[:, :-1] - _ROUNDING).all()), "a nearer hit after a farther"
    )


def finds_neighbours(subject: Subject) -> None:
    """An exact index finds all neighbours, ties counted by distance, an approximate one most."""
    for dimensions in (3, 5):
        points = directions(2000, dimensions)
        _require_recall(subject, points, points, subject.answer(points, 20))


def finds_neighbours_of_others(subject: Subject) -> None:
    """Queries need not be among the indexed points."""
    points, queries = directions(2000), directions(100, seed=7)
    found = subject.index().build(points).query(queries, 20)
    _require_recall(subject, points, queries, found)


def any_layout(subject: Subject) -> None:
    """Points of another type, order or stride, and read-only ones, are taken as they are."""
    points = directions(2000)
    read_only = points.copy()
    read_only.flags.writeable = False
    wide = np.zeros((2000, 6), np.float32)
    wide[:, ::2] = points
    layouts = (points.astype(np.float64), np.asfortranarray(points), wide[:, ::2], read_only)
    for given in layouts:
        found = subject.index().build(given).query(given, 20)
        _require_recall(subject, points, points, found)


def bucket_larger_than_event(subject: Subject) -> None:
    """Where k passes the number of points, all are found once and the rest is missing."""
    for n in (1, 2, 5):
        found = subject.answer(directions(n), 8)
        _require(found.shape == (n, 8), f"shape {found.shape} for {n} points")
        _require(bool((found[:, n:] == MISSING).all()), f"more than the {n} points that there are")
        every = np.sort(found[:, :n], axis=1) == np.arange(n)
        _require(bool(every.all()), f"not all of {n} points")


def identical_points(subject: Subject) -> None:
    """Points that are all alike neither hang nor crash, and give full buckets."""
    found = subject.answer(np.tile(directions(1), (100, 1)), 10)
    _require(bool((found != MISSING).all()), "a bucket is not full")


def input_unchanged(subject: Subject) -> None:
    """Neither build nor query writes to the points."""
    points = directions(300)
    before = points.copy()
    subject.index().build(points).query(points, 10)
    _require(np.array_equal(points, before), "the points were changed")


def two_indexes_at_once(subject: Subject) -> None:
    """Indexes do not disturb each other."""
    points, others = directions(2000), directions(500, seed=9)
    first = subject.index().build(points)
    second = subject.index().build(others)
    _require_recall(subject, others, others, second.query(others, 20))
    _require_recall(subject, points, points, first.query(points, 20))


def repeatable_as_claimed(subject: Subject) -> None:
    """The same points, seed and threads give the same answer, where the adapter says so."""
    claim = adapters()[subject.spec.name].repeatable
    threads = {"always": (1, subject.threads), "one thread": (1,), "never": ()}[claim]
    points = directions(2000)
    for count in threads:
        first, second = (subject.index(count).build(points).query(points, 20) for _ in range(2))
        _require(np.array_equal(first, second), f"two answers on {count} threads")


CLAUSES: dict[str, Callable[[Subject], None]] = {
    clause.__name__.replace("_", " "): clause
    for clause in (
        shape_and_type,
        rows_in_range,
        no_duplicates,
        nearest_first,
        finds_neighbours,
        finds_neighbours_of_others,
        any_layout,
        bucket_larger_than_event,
        identical_points,
        input_unchanged,
        two_indexes_at_once,
        repeatable_as_claimed,
    )
}


def directions(n: int, dimensions: int = 3, seed: int = 0) -> NDArray[np.float32]:
    """Return random unit vectors (n, dimensions), the same for the same seed."""
    points = np.random.default_rng(seed).normal(size=(n, dimensions))
    unit = points / np.linalg.norm(points, axis=1, keepdims=True)
    return np.asarray(unit, dtype=np.float32)


def _require(held: bool, complaint: str) -> None:  # noqa: FBT001 - reads as a sentence
    if not held:
        raise BrokenClauseError(complaint)


def _require_recall(
    subject: Subject,
    points: NDArray[np.float32],
    queries: NDArray[np.float32],
    found: NDArray[np.int32],
) -> None:
    distances = _distances(subject.distance, queries, points)
    k = found.shape[1]
    kth = np.partition(distances, k - 1, axis=1)[:, k - 1 : k]
    near = np.take_along_axis(distances, np.maximum(found, 0), axis=1) <= kth + _ROUNDING
    recall = float((near & (found != MISSING)).mean())
    least = 1.0 if subject.exact else LEAST_RECALL
    _require(recall >= least, f"recall {recall:.4f} in {points.shape[1]} dimensions")


def _distances(
    distance: Distance, queries: NDArray[np.float32], points: NDArray[np.float32]
) -> NDArray[np.float64]:
    """Return brute-force distances (q, n) in float64; smaller is nearer in all of them."""
    a, b = queries.astype(np.float64), points.astype(np.float64)
    if distance == "manhattan":
        return np.asarray(np.abs(a[:, np.newaxis] - b).sum(axis=2))
    if distance == "dot":
        return -a @ b.T
    # On the unit vectors of this contract angular and euclidean order are one.
    return np.sqrt(np.maximum(2 - 2 * (a @ b.T), 0))
