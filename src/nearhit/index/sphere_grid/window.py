"""Windows of cells: their hits, and the distance within which they are complete."""

import numpy as np

from nearhit.machine.kernels import inlined, kernel

_ABSOLUTE = 4e-7  # rounding error of a chord between float32 unit vectors
_RELATIVE = 1e-5  # relative rounding error of a squared chord
EVERYTHING = 5.0
"""A squared chord larger than any."""


@kernel()
def window_of(grid, cell, reach):
    """Return the first and last row and column, `reach` cells to each side.

    Columns below 0 and from n_phi on are those across the seam; a window that would overlap itself
    holds all columns once.
    """
    row, column = cell // grid.n_phi, cell % grid.n_phi
    low, high = max(row - reach, 0), min(row + reach, grid.n_eta - 1)
    if 2 * reach + 1 >= grid.n_phi:
        return low, high, 0, grid.n_phi - 1
    return low, high, column - reach, column + reach


@kernel()
def pieces_of(grid, row, left, right):
    """Return begin and end of a row of a window among the hits, and of its part across the seam."""
    starts, base, n_phi = grid.starts, row * grid.n_phi, grid.n_phi
    begin, end = starts[base + max(left, 0)], starts[base + min(right, n_phi - 1) + 1]
    if left < 0:
        return begin, end, starts[base + n_phi + left], starts[base + n_phi]
    if right >= n_phi:
        return begin, end, starts[base], starts[base + right - n_phi + 1]
    return begin, end, end, end


@kernel()
def count(grid, cell, reach):
    """Return the number of hits in a window."""
    low, high, left, right = window_of(grid, cell, reach)
    total = 0
    for row in range(low, high + 1):
        begin, end, seam_begin, seam_end = pieces_of(grid, row, left, right)
        total += end - begin + seam_end - seam_begin
    return total


@inlined()
def collect(grid, cell, reach, near):
    """Copy the hits of a window to the candidates."""
    low, high, left, right = window_of(grid, cell, reach)
    place = 0
    for row in range(low, high + 1):
        begin, end, seam_begin, seam_end = pieces_of(grid, row, left, right)
        place = _copy(grid, begin, end, near, place)
        place = _copy(grid, seam_begin, seam_end, near, place)


@inlined()
def _copy(grid, begin, end, near, place):
    for i in range(begin, end):
        near.x[place] = grid.directions[0, i]
        near.y[place] = grid.directions[1, i]
        near.z[place] = grid.directions[2, i]
        near.rows[place] = grid.rows[i]
        place += 1
    return place


@inlined()
def edges_of(grid, cell, reach):
    """Return sines and cosines of the edges of a window in θ and φ, for `squared_reach`.

    Above and below are (sin θ, cos θ), left and right (cos φ, sin φ); (NaN, NaN) is an edge beyond
    which there are no hits.
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


@kernel()
def _at_eta(eta):
    return 1 / np.cosh(eta), np.tanh(eta)


@kernel()
def _at_phi(from_seam):
    return -np.cos(from_seam), -np.sin(from_seam)


@kernel()
def squared_reach(edges, x, y, z):
    """Return the square of a chord that is shorter than that to any hit outside the window."""
    above, below, left, right = edges
    square = np.float64(x) * x + np.float64(y) * y  # of sin θ
    reach = min(_to_circle(above, np.sqrt(square), z), _to_circle(below, np.sqrt(square), z))
    reach = min(reach, _to_meridian(left, square, x, y), _to_meridian(right, square, x, y))
    if reach >= EVERYTHING:
        return EVERYTHING
    return max(np.sqrt(reach) - _ABSOLUTE, 0.0) ** 2 * (1 - _RELATIVE)


@kernel()
def _to_circle(edge, sine, z):
    """Return the squared chord to the nearest direction of a given θ."""
    square = (sine - edge[0]) ** 2 + (z - edge[1]) ** 2
    return EVERYTHING if np.isnan(square) else square


@kernel()
def _to_meridian(edge, square, x, y):
    """Return a lower bound of the squared chord to the nearest direction of a given φ.

    The angle d to the half plane of that φ has sin d = sin θ · sin Δφ, or is that to the beam axis
    if Δφ exceeds a right angle; and no chord is shorter than the sine of its angle.
    """
    sideways = x * edge[1] - y * edge[0]
    ahead = x * edge[0] + y * edge[1]
    if np.isnan(sideways):
        return EVERYTHING
    return sideways * sideways if ahead > 0 else square
