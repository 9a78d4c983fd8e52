"""Directions sorted into cells of azimuth and pseudorapidity."""

from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from nearhit.machine.kernels import kernel

HITS_PER_CELL = 6.0
"""Mean hits per cell: fewer make windows rounder, more make them cheaper to collect."""

_LARGEST_ETA = 7.0  # the last rows of cells also hold the 0.1° around the beam axis beyond it
_LEAST_HEIGHT = 1e-3  # in η, for directions of equal η
_ROUNDING = 1e-6  # of the squared length of a float32 unit vector


class SphereGrid(NamedTuple):
    """Directions sorted by cell; cells lie row of η by row of η.

    Attributes:
        rows: int32 (n,), the row of each sorted direction in what was indexed.
        directions: float32 (3, n), sorted, of unit length.
        starts: int32 (cells + 1,), where each cell begins.
        n_eta: cells along η.
        n_phi: cells along φ.
        low: η of the lower edge of the first row.
        step: height of a cell in η; its width in φ is 2π / n_phi.
    """

    rows: NDArray[np.int32]
    directions: NDArray[np.float32]
    starts: NDArray[np.int32]
    n_eta: int
    n_phi: int
    low: float
    step: float


def build(points: NDArray[np.float32]) -> SphereGrid:
    """Sort vectors (n, 3), not zero, into cells by their directions."""
    directions, eta, phi = directions_of(points)
    low, high = float(eta.min()), float(eta.max())
    height = max(high - low, _LEAST_HEIGHT)
    side = np.sqrt(2 * np.pi * height * HITS_PER_CELL / len(points))
    n_phi = max(1, int(2 * np.pi / side))
    n_eta = max(1, int(height / side))
    step = height / n_eta
    cells = cells_of(eta, phi, low, step, n_eta, n_phi)
    starts, rows = sorted_by(cells, n_eta * n_phi)
    return SphereGrid(rows, gathered(directions, rows), starts, n_eta, n_phi, low, step)


@kernel(parallel=True)
def directions_of(points):
    """Return float32 unit vectors (3, n), and their η and φ as float64 (n,).

    Vectors of unit length up to rounding are not normalised again, which preserves ties.
    """
    n = len(points)
    directions = np.empty((3, n), np.float32)
    eta = np.empty(n)
    phi = np.empty(n)
    for i in numba.prange(n):
        x, y, z = np.float64(points[i, 0]), np.float64(points[i, 1]), np.float64(points[i, 2])
        transverse = x * x + y * y
        square = transverse + z * z
        scale = 1.0 if abs(square - 1) < _ROUNDING else 1 / np.sqrt(square)
        directions[0, i], directions[1, i], directions[2, i] = x * scale, y * scale, z * scale
        eta[i] = _pseudorapidity(np.sqrt(transverse), z)
        phi[i] = np.arctan2(y, x)
    return directions, eta, phi


@kernel()
def _pseudorapidity(radius, z):
    if abs(z) * 1e-4 > radius:  # beyond the largest η, where the quotient may overflow
        return np.copysign(_LARGEST_ETA, z)
    return min(max(np.arcsinh(z / radius), -_LARGEST_ETA), _LARGEST_ETA)


@kernel()
def cells_of(eta, phi, low, step, n_eta, n_phi):
    """Return the cell of each direction; directions beyond the first or last row belong to it."""
    cells = np.empty(len(eta), np.int32)
    for i in range(len(eta)):
        row = min(max(int((eta[i] - low) / step), 0), n_eta - 1)
        column = min(int((phi[i] + np.pi) * (n_phi / (2 * np.pi))), n_phi - 1)
        cells[i] = row * n_phi + column
    return cells


@kernel()
def sorted_by(cells, n_cells):
    """Return where each cell begins, and the order of the entries by cell: a counting sort."""
    starts = np.zeros(n_cells + 1, np.int32)
    for cell in cells:
        starts[cell + 1] += 1
    for cell in range(n_cells):
        starts[cell + 1] += starts[cell]
    place = starts[:-1].copy()
    order = np.empty(len(cells), np.int32)
    for i in range(len(cells)):
        order[place[cells[i]]] = i
        place[cells[i]] += 1
    return starts, order


@kernel()
def gathered(directions, order):
    """Return directions (3, n) in a given order."""
    result = np.empty((3, len(order)), np.float32)
    for i in range(len(order)):
        for axis in range(3):
            result[axis, i] = directions[axis, order[i]]
    return result
