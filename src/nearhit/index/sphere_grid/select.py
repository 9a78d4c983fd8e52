"""Selection of the k smallest squared chords, in order, ties to the smaller row."""

import numpy as np

from nearhit.machine.kernels import inlined, kernel

BINS_BEYOND = 3
"""Bins over useful bins: a single overflow bin would serialise its increments."""

_CROWDED = 64  # entries of a bin beyond which insertion sort is slower than sorting
_GAPS = np.array([8858, 3937, 1750, 701, 301, 132, 57, 23, 10, 4, 1])  # of Shell's sort, by Ciura
_ROW = np.uint64(0xFFFFFFFF)


@kernel()
def square_all(near, n, x, y, z, scale, n_bins):
    """Set the squared chord of the first n candidates to a direction, and the bin of each."""
    xs, ys, zs, squares, bins = near.x[:n], near.y[:n], near.z[:n], near.squares[:n], near.bins[:n]
    last = np.float32(BINS_BEYOND * n_bins)
    for i in range(n):
        dx, dy, dz = xs[i] - x, ys[i] - y, zs[i] - z
        square = dx * dx + dy * dy + dz * dz
        squares[i] = square
        bins[i] = np.int32(min(square * scale, last))


@kernel()
def select(near, n, k, n_bins):
    """Put the keys of the k smallest first, in order; return False if the bins hold fewer.

    Around a hit the squares are uniform up to the window's edge, so that a counting sort with as
    many bins as candidates nearly sorts them. A key is the bits of the square, which order as the
    square does, followed by the row.
    """
    bins, first, keys, rows = near.bins, near.first, near.keys, near.rows
    bits = near.squares.view(np.uint32)
    first[: BINS_BEYOND * n_bins + 2] = 0
    for i in range(n):
        first[np.uint32(bins[i]) + np.uint32(1)] += 1
    end, total, crowded = _bins_needed(first, k, n_bins)
    if total < k:
        return False
    for i in range(n):
        if bins[i] < end:
            place = first[np.uint32(bins[i])]
            first[np.uint32(bins[i])] = place + 1
            keys[np.uint32(place)] = (np.uint64(bits[i]) << np.uint64(32)) | np.uint64(rows[i])
    for gap in _GAPS if crowded else _GAPS[-1:]:
        _insertion_sort(keys, total, gap)
    return True


@kernel()
def _bins_needed(first, k, n_bins):
    """Accumulate counts up to the bin of the k-th; return it, the entries, and crowding."""
    end = 0
    total = 0
    crowded = False
    while end < n_bins and total < k:
        end += 1
        crowded |= first[end] > _CROWDED
        total += first[end]
        first[end] = total
    return end, total, crowded


@kernel()
def _insertion_sort(keys, total, gap):
    """Sort nearly sorted keys by insertion: all, or with a gap each among those that far apart."""
    for i in range(gap, total):
        key = keys[np.uint32(i)]
        place = i
        while place >= gap and keys[np.uint32(place - gap)] > key:
            keys[np.uint32(place)] = keys[np.uint32(place - gap)]
            place -= gap
        keys[np.uint32(place)] = key


@inlined()
def write_rows(keys, found):
    """Write the rows of the first keys."""
    for i in range(len(found)):
        found[i] = np.int32(keys[i] & _ROW)
