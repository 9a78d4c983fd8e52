"""The index under test, with the helpers that clauses check it with."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from nearhit.data.buckets import MISSING
from nearhit.index.index import Index
from nearhit.plugins.adapter import Adapter, Distance
from nearhit.plugins.registry import adapters
from nearhit.plugins.spec import IndexSpec

LEAST_RECALL = 0.7
"""Least recall of an approximate index for k = 20 among 2,000 points; an exact one has 1."""

ROUNDING = 1e-5
"""Rounding error of float32 in distances of order 1."""


class BrokenClauseError(Exception):
    """An index breaks a clause of the contract."""


@dataclass(frozen=True, eq=False)
class Subject:
    """The index under test.

    Attributes:
        spec: the configured library.
        distance: the base distance to search.
        threads: number of threads that the library may use.
        directions: unit vectors to the hits of a real event, float32 (n, 3).
    """

    spec: IndexSpec
    distance: Distance
    threads: int
    directions: NDArray[np.float32]

    @property
    def adapter(self) -> type[Adapter]:
        """The adapter of the index."""
        return adapters()[self.spec.name]

    def index(self, threads: int | None = None) -> Index:
        """Return a new index, not yet built."""
        device = self.adapter.devices[0]
        return Index(self.spec, self.distance, threads or self.threads, seed=1, device=device)

    def answer(self, points: NDArray[np.float32], k: int) -> NDArray[np.int32]:
        """Return the k nearest neighbours (n, k) of all points among themselves by a new index."""
        return self.index().build(points).query(points, k)


def require(held: bool, complaint: str) -> None:  # noqa: FBT001 - reads as a sentence
    """Raise `BrokenClauseError` with the complaint unless the condition held."""
    if not held:
        raise BrokenClauseError(complaint)


def random_directions(n: int, dimensions: int = 3, seed: int = 0) -> NDArray[np.float32]:
    """Return random unit vectors, float32 (n, dimensions), fixed by the seed."""
    points = np.random.default_rng(seed).normal(size=(n, dimensions))
    unit = points / np.linalg.norm(points, axis=1, keepdims=True)
    return np.asarray(unit, dtype=np.float32)


def require_recall(
    subject: Subject,
    points: NDArray[np.float32],
    queries: NDArray[np.float32],
    found: NDArray[np.int32],
) -> float:
    """Require recall 1 of an exact index and `LEAST_RECALL` of others; return the recall."""
    share = recall_of(subject, points, queries, found)
    least = 1.0 if subject.adapter.exact else LEAST_RECALL
    require(share >= least, f"recall {share:.4f} in {points.shape[1]} dimensions")
    return share


def recall_of(
    subject: Subject,
    points: NDArray[np.float32],
    queries: NDArray[np.float32],
    found: NDArray[np.int32],
) -> float:
    """Return the share of the k nearest neighbours found, ties counted by distance."""
    distances = distances_between(subject.distance, queries, points)
    k = found.shape[1]
    kth = np.partition(distances, k - 1, axis=1)[:, k - 1 : k]
    near = np.take_along_axis(distances, np.maximum(found, 0), axis=1) <= kth + ROUNDING
    return float((near & (found != MISSING)).mean())


def distances_between(
    distance: Distance, queries: NDArray[np.float32], points: NDArray[np.float32]
) -> NDArray[np.float64]:
    """Return brute-force distances (q, n) in float64; smaller is nearer in all of them."""
    if distance == "dot":
        return -queries.astype(np.float64) @ points.astype(np.float64).T
    # On unit vectors, angular and euclidean distances give the same order.
    name: Literal["cityblock", "euclidean"]
    name = "cityblock" if distance == "manhattan" else "euclidean"
    return np.asarray(cdist(queries.astype(np.float64), points.astype(np.float64), name))
