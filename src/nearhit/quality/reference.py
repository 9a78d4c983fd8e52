"""Exact neighbours from SciPy's k-d tree: the reference of recall."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from nearhit.plugins.adapter import Distance

Points = NDArray[np.floating]


def kth_neighbours(
    points: NDArray[np.float32], queries: NDArray[np.int32], k: int, distance: Distance
) -> NDArray[np.int32]:
    """Return the row (q,) of the exact k-th nearest point to each queried point.

    Args:
        points: (n, d), projected by the metric.
        queries: (q,) rows of the queried points.
        k: rank, counting the queried point itself; at most n is used.
        distance: the base distance.
    """
    return _of_ranks(points, queries, [min(k, len(points))], distance)[:, 0]


def nearest_neighbours(
    points: NDArray[np.float32], queries: NDArray[np.int32], k: int, distance: Distance
) -> NDArray[np.int32]:
    """Return the rows (q, k) of the exact k nearest points, nearest first; at most n columns.

    Args:
        points: as `kth_neighbours`.
        queries: as `kth_neighbours`.
        k: how many, the queried point included.
        distance: the base distance.
    """
    ranks = list(range(1, min(k, len(points)) + 1))
    return _of_ranks(points, queries, ranks, distance)


def _of_ranks(
    points: NDArray[np.float32], queries: NDArray[np.int32], ranks: list[int], distance: Distance
) -> NDArray[np.int32]:
    indexed, asked, power = _AS_TREE[distance](points.astype(np.float64), queries)
    _, found = cKDTree(indexed).query(asked, ranks, p=power, workers=-1)
    return np.asarray(found, dtype=np.int32)


def _plain(power: int) -> Callable[..., tuple[Points, Points, int]]:
    return lambda points, queries: (points, points[queries], power)


def _unit(points: Points, queries: NDArray[np.int32]) -> tuple[Points, Points, int]:
    unit = points / np.linalg.norm(points, axis=1, keepdims=True)
    return unit, unit[queries], 2


def _lifted(points: Points, queries: NDArray[np.int32]) -> tuple[Points, Points, int]:
    """Turn the largest inner product into the smallest euclidean distance.

    One more coordinate puts every point on a sphere of radius R, and a query, whose length does not
    matter to the order, is scaled to R: |q - p|² = 2 R² - 2 q·p (Bachrach et al., RecSys 2014).
    """
    squares = np.einsum("ij,ij->i", points, points)
    radius = np.sqrt(squares.max())
    lifted = np.column_stack((points, np.sqrt(squares.max() - squares)))
    lengths = np.sqrt(squares[queries, np.newaxis])
    scaled = points[queries] * np.divide(radius, lengths, where=lengths > 0, out=lengths * 0)
    return lifted, np.column_stack((scaled, np.zeros(len(queries)))), 2


_AS_TREE: dict[Distance, Callable[..., tuple[Points, Points, int]]] = {
    "angular": _unit,
    "euclidean": _plain(2),
    "manhattan": _plain(1),
    "dot": _lifted,
}
