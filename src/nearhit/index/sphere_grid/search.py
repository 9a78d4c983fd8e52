"""Search of the window around each cell for all queries of the cell, in parallel."""

from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nearhit.machine.kernels import inlined, kernel, share_out

from .grid import SphereGrid, cells_of, directions_of, gathered, sorted_by
from .select import BINS_BEYOND, select, square_all, write_rows
from .window import EVERYTHING, collect, count, edges_of, squared_reach

_ENOUGH = 1.2  # candidates / k, in the part of a first window within reach of all queries of a cell
_WORTH_SHARING = 100  # queries; to answer fewer takes less time than to start threads
_LEAST = 1e-30  # a squared chord below which bins would be too narrow for float32


class Queries(NamedTuple):
    """Queried directions, sorted by their cell of the grid.

    Attributes:
        order: int32 (q,), the row of each in the query.
        directions: float32 (3, q), sorted.
        starts: int32 (cells + 1,), where each cell begins.
    """

    order: NDArray[np.int32]
    directions: NDArray[np.float32]
    starts: NDArray[np.int32]


class WindowHits(NamedTuple):
    """The hits of one window, with buffers to sort them."""

    x: NDArray[np.float32]
    y: NDArray[np.float32]
    z: NDArray[np.float32]
    rows: NDArray[np.int32]
    squares: NDArray[np.float32]
    bins: NDArray[np.int32]
    first: NDArray[np.int32]
    keys: NDArray[np.uint64]


def query(grid: SphereGrid, points: NDArray[np.float32], k: int) -> NDArray[np.int32]:
    """Return the rows (q, k) of the k nearest to each vector's direction (q, 3), nearest first.

    Ties go to the smaller row. k is at most the number of indexed directions.
    """
    directions, eta, phi = directions_of(points)
    cells = cells_of(eta, phi, grid.low, grid.step, grid.n_eta, grid.n_phi)
    starts, order = sorted_by(cells, grid.n_eta * grid.n_phi)
    queries = Queries(order, gathered(directions, order), starts)
    found = np.empty((len(points), k), np.int32)
    search = partial(_search_cells, grid, queries, found)
    if len(points) < _WORTH_SHARING:
        search(0, len(starts) - 1)
    else:
        share_out(search, len(starts) - 1)
    return found


@kernel()
def _search_cells(grid, queries, found, first_cell, end_cell):
    near = _room(np.int64(1024))  # a literal would have it compiled once more
    waiting = np.empty(64, np.int64)
    reach = 1
    for cell in range(first_cell, end_cell):
        begin, end = queries.starts[cell], queries.starts[cell + 1]
        if begin == end:
            continue
        if end - begin > len(waiting):
            waiting = np.empty(2 * (end - begin), np.int64)
        for i in range(end - begin):
            waiting[i] = begin + i
        reach = _first_reach(grid, cell, max(1, reach - 1), found.shape[1])
        near = _search_cell(grid, queries, cell, reach, waiting, end - begin, near, found)


@kernel()
def _room(size):
    return WindowHits(
        np.empty(size, np.float32),
        np.empty(size, np.float32),
        np.empty(size, np.float32),
        np.empty(size, np.int32),
        np.empty(size, np.float32),
        np.empty(size, np.int32),
        np.empty(BINS_BEYOND * size + 2, np.int32),
        np.empty(size, np.uint64),
    )


@inlined()
def _first_reach(grid, cell, reach, k):
    """Return the number of cells to each side that should hold enough candidates."""
    while reach < grid.n_eta + grid.n_phi:
        inner = 2 * reach / (2 * reach + 1)
        if count(grid, cell, reach) * inner * inner >= _ENOUGH * k:
            return reach
        reach += 1
    return reach


@inlined()
def _search_cell(grid, queries, cell, reach, waiting, n_waiting, near, found):
    """Answer all queries of a cell in growing windows; return the buffer, possibly a larger one."""
    while n_waiting:
        n = count(grid, cell, reach)
        if n > len(near.x):
            near = _room(2 * n)
        collect(grid, cell, reach, near)
        edges = edges_of(grid, cell, reach)
        n_waiting = _answer_all(queries, waiting, n_waiting, edges, near, n, found)
        reach += max(1, reach // 2)
    return near


@inlined()
def _answer_all(queries, waiting, n_waiting, edges, near, n, found):
    """Answer the queries for which the window is large enough; return how many are left.

    Of equal consecutive directions only the first is searched for.
    """
    still = 0
    before, answered = np.int64(-1), False
    for i in range(n_waiting):
        place = waiting[i]
        if before >= 0 and _equal(queries.directions, before, place):
            if answered:
                _copy_row(found, queries.order[before], queries.order[place])
        else:
            answered = _answer(queries, place, edges, near, n, found)
        before = place
        if not answered:
            waiting[still] = place
            still += 1
    return still


@kernel()
def _copy_row(found, row, to):
    for place in range(found.shape[1]):
        found[to, place] = found[row, place]


@kernel()
def _equal(directions, one, other):
    return (
        directions[0, one] == directions[0, other]
        and directions[1, one] == directions[1, other]
        and directions[2, one] == directions[2, other]
    )


@inlined()
def _answer(queries, place, edges, near, n, found):
    """Answer one query if the window is large enough for it; return whether it was."""
    directions = queries.directions
    x, y, z = directions[0, place], directions[1, place], directions[2, place]
    row = queries.order[place]
    limit = squared_reach(edges, x, y, z)
    n_bins = max(n, 1)
    if limit < _LEAST:
        return False
    square_all(near, n, x, y, z, np.float32(n_bins / limit), n_bins)
    if limit == EVERYTHING:
        furthest = _largest(near.squares, n)
        square_all(near, n, x, y, z, np.float32(n_bins / max(furthest * 1.001, _LEAST)), n_bins)
    if not select(near, n, found.shape[1], n_bins):
        return False
    write_rows(near.keys, found[row])
    return True


@kernel()
def _largest(squares, n):
    largest = squares[0]
    for i in range(1, n):
        largest = max(largest, squares[i])
    return largest
