"""What a clause is about, and what it may ask of it."""

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
"""What an approximate index must find of 20 among 2,000 points; an exact one finds all."""

ROUNDING = 1e-5
"""Of float32, in distances of order 1."""


class BrokenClauseError(Exception):
    """An index did what a clause forbids."""


@dataclass(frozen=True, eq=False)
class Subject:
    """The index under test.

    Attributes:
        spec: which library, with which parameters.
        distance: the base distance.
        threads: how many it may use.
        directions: float32 (n, 3), unit vectors to the hits of a real event.
    """

    spec: IndexSpec
    distance: Distance
    threads: int
    directions: NDArray[np.float32]

    @property
    def adapter(self) -> type[Adapter]:
        """Its adapter."""
        return adapters()[self.spec.name]

    def index(self, threads: int | None = None) -> Index:
        """Return a new index, not yet built."""
        device = self.adapter.devices[0]
        return Index(self.spec, self.distance, threads or self.threads, seed=1, device=device)

    def answer(self, points: NDArray[np.float32], k: int) -> NDArray[np.int32]:
        """Return the k nearest to each of the points among themselves, from a new index."""
        return self.index().build(points).query(points, k)


def require(held: bool, complaint: str) -> None:  # noqa: FBT001 - reads as a sentence
    """Raise `BrokenClauseError` with the complaint unless it held."""
    if not held:
        raise BrokenClauseError(complaint)


def random_directions(n: int, dimensions: int = 3, seed: int = 0) -> NDArray[np.float32]:
    """Return random unit vectors (n, dimensions), the same for the same seed."""
    points = np.random.default_rng(seed).normal(size=(n, dimensions))
    unit = points / np.linalg.norm(points, axis=1, keepdims=True)
    return np.asarray(unit, dtype=np.float32)


def require_recall(
    subject: Subject,
    points: NDArray[np.float32],
    queries: NDArray[np.float32],
    found: NDArray[np.int32],
) -> float:
    """Require all neighbours of an exact index, most of an approximate one; return the share."""
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
    """Return the share of the k nearest that were found, ties counted by distance."""
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
    # On the unit vectors of this contract angular and euclidean order are one.
    name: Literal["cityblock", "euclidean"]
    name = "cityblock" if distance == "manhattan" else "euclidean"
    return np.asarray(cdist(queries.astype(np.float64), points.astype(np.float64), name))
