"""Projections of hits to points: pure functions from `Hits` to float64 (n, d)."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from nearhit.data.event import Hits
from nearhit.errors import BadInputError


def positions(hits: Hits) -> NDArray[np.float64]:
    """Return x, y, z in mm."""
    return np.stack((hits.x, hits.y, hits.z), axis=1, dtype=np.float64)


def directions(hits: Hits) -> NDArray[np.float64]:
    """Return unit vectors from the origin to the hits.

    Raises:
        BadInputError: a hit lies on the origin, where there is no direction.
    """
    points = positions(hits)
    lengths = np.sqrt(np.einsum("ij,ij->i", points, points))
    _refuse_zero(lengths, hits, "the origin, where there is no direction")
    return np.asarray(points / lengths[:, np.newaxis])


def azimuth_and_pseudorapidity(hits: Hits) -> NDArray[np.float64]:
    """Return (cos φ, sin φ, η).

    Raises:
        BadInputError: a hit lies on the beam axis, where η is infinite.
    """
    x, y, z = positions(hits).T
    radius = np.hypot(x, y)
    _refuse_zero(radius, hits, "the beam axis, where η is infinite")
    return np.column_stack((x / radius, y / radius, np.arcsinh(z / radius)))


def random_vectors(dimensions: int) -> Callable[[Hits], NDArray[np.float32]]:
    """Return a projection to random vectors (n, dimensions) that are independent of the hits.

    Standard normal; the seed is the number of dimensions.
    """

    def project(hits: Hits) -> NDArray[np.float32]:
        shape = len(hits.hit_id), dimensions
        return np.random.default_rng(dimensions).standard_normal(shape, dtype=np.float32)

    return project


def _refuse_zero(lengths: NDArray[np.float64], hits: Hits, place: str) -> None:
    zero = np.flatnonzero(lengths == 0)
    if zero.size:
        raise BadInputError(
            f"Hit {hits.hit_id[zero[0]]} lies on {place}: remove it or choose another metric."
        )
