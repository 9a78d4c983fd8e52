"""Windows of cells: what they hold, and how far they surely reach."""

import numba
import numpy as np

_ABSOLUTE = 4e-7  # what rounding float32 unit vectors may move a chord by
_RELATIVE = 1e-5  # what rounding may change a squared chord by
EVERYTHING = 5.0
"""A squared chord larger than any."""


@numba.njit(cache=True)
def window_of(grid, cell, reach):
    """Return the first and last row, and the columns, so many cells to each side.

    Columns below 0 and from n_phi on are those across the seam; where the window would overlap
    itself it holds all columns once.
    """
    row, column = cell // grid.n_phi, cell % grid.n_phi
    low, high = max(row - reach, 0), min(row + reach, grid.n_eta - 1)
    if 2 * reach + 1 >= grid.n_phi:
        return low, high, 0, grid.n_phi - 1
    return low, high, column - reach, column + reach


@numba.njit(cache=True)
def pieces_of(grid, row, left, right):
    """Return where one row of a window begins and ends among the hits, and the same of its seam."""
    starts, base, n_phi = grid.starts, row * grid.n_phi, grid.n_phi
    begin, end = starts[base + max(left, 0)], starts[base + min(right, n_phi - 1) + 1]
    if left < 0:
        return begin, end, starts[base + n_phi + left], starts[base + n_phi]
    if right >= n_phi:
        return begin, end, starts[base], starts[base + right - n_phi + 1]
    return begin, end, end, end


@numba.njit(cache=True)
def count(grid, cell, reach):
    """Return how many hits a window holds."""
    low, high, left, right = window_of(grid, cell, reach)
    total = 0
    for row in range(low, high + 1):
        begin, end, seam_begin, seam_end = pieces_of(grid, row, left, right)
        total += end - begin + seam_end - seam_begin
    return total


@numba.njit(cache=True)
def collect(grid, cell, reach, near):
    """Copy the hits of a window to the candidates."""
    low, high, left, right = window_of(grid, cell, reach)
    place = 0
    for row in range(low, high + 1):
        begin, end, seam_begin, seam_end = pieces_of(grid, row, left, right)
        place = _copy(grid, begin, end, near, place)
        place = _copy(grid, seam_begin, seam_end, near, place)


@numba.njit(cache=True, inline="always")
def _copy(grid, begin, end, near, place):
    for i in range(begin, end):
        near.x[place] = grid.directions[0, i]
        near.y[place] = grid.directions[1, i]
        near.z[place] = grid.directions[2, i]
        near.rows[place] = grid.rows[i]
        place += 1
    return place


@numba.njit(cache=True)
def edges_of(grid, cell, reach):
    """Return what `squared_reach` asks of a window: sines and cosines of its edges in θ and φ.

    Above and below are (sin θ, cos θ), left and right (cos φ, sin φ); (NaN, NaN) says that beyond
    that edge nothing is missing.
    """
    low, high, left, right = window_of(grid, cell, reach)
    above = below = at_left = at_right = (np.nan, np.nan)
    if high < grid.n_eta - 1:
        above = _at_eta(grid.low + (high + 1) * grid.step)
    if low > 0:
        below = _at_eta(grid.low + low * grid.step)
    if right - left + 1 < grid.n_phi:
        width = 2 * np.pi / grid.n_phi
        at_left, at_right = _at_phi(left * width), _at_phi((right + 1) * width)
    return above, below, at_left, at_right


@numba.njit(cache=True, inline="always")
def _at_eta(eta):
    return 1 / np.cosh(eta), np.tanh(eta)


@numba.njit(cache=True, inline="always")
def _at_phi(from_seam):
    return -np.cos(from_seam), -np.sin(from_seam)


@numba.njit(cache=True)
def squared_reach(edges, x, y, z):
    """Return the square of a chord that is shorter than that to any hit outside of the window."""
    above, below, left, right = edges
    square = np.float64(x) * x + np.float64(y) * y  # of sin θ
    reach = min(_to_circle(above, np.sqrt(square), z), _to_circle(below, np.sqrt(square), z))
    reach = min(reach, _to_meridian(left, square, x, y), _to_meridian(right, square, x, y))
    if reach >= EVERYTHING:
        return EVERYTHING
    return max(np.sqrt(reach) - _ABSOLUTE, 0.0) ** 2 * (1 - _RELATIVE)


@numba.njit(cache=True, inline="always")
def _to_circle(edge, sine, z):
    """Return the squared chord to the nearest direction of some θ."""
    square = (sine - edge[0]) ** 2 + (z - edge[1]) ** 2
    return EVERYTHING if np.isnan(square) else square


@numba.njit(cache=True, inline="always")
def _to_meridian(edge, square, x, y):
    """Return a square that is at most that of the chord to the nearest direction of some φ.

    The direction to the half plane of that φ makes an angle d with sin d = sin θ · sin Δφ, or with
    the beam axis where Δφ is more than a right angle; and no chord is shorter than its sine.
    """
    across = x * edge[1] - y * edge[0]
    ahead = x * edge[0] + y * edge[1]
    if np.isnan(across):
        return EVERYTHING
    return across * across if ahead > 0 else square
