"""Layer navigation: the order in which tracks cross layers, from the extent of the hits alone."""

import numpy as np

from nearhit.machine.kernels import kernel

AFTER_BINS = 24
_POSITIONS = (0.1, 0.5, 0.9)  # in a bin
_VERTICES = np.linspace(-160.0, 160.0, 9)  # mm along the beam line
_CANDIDATES = 8
_NEXT = 3  # a track may miss two
_SLACK = 10.0  # mm beyond the outermost hits


def layers_after(barrel, place, low, high):
    """Return the layers (l, bins, candidates) that straight lines from the beam line cross next.

    Candidates are those that most lines cross among their next three, in order of distance.
    """
    counts, distance = _count_next(barrel, place, low, high)
    most = np.argsort(-counts, axis=2, kind="stable")[..., :_CANDIDATES]
    counts, distance = (np.take_along_axis(sums, most, axis=2) for sums in (counts, distance))
    mean = np.where(counts > 0, distance / np.maximum(counts, 1), np.inf)
    nearest = np.argsort(mean, axis=2, kind="stable")
    after = np.full((len(place), AFTER_BINS, _CANDIDATES), -1, np.int64)
    after[..., : most.shape[2]] = np.take_along_axis(
        np.where(counts > 0, most, -1), nearest, axis=2
    )
    return after


@kernel()
def _count_next(barrel, place, low, high):
    """Count the lines that cross each layer next after each bin, and add up the paths there.

    Return both as (l, bins, l).
    """
    n_layers = len(place)
    counts = np.zeros((n_layers, AFTER_BINS, n_layers), np.int64)
    distance = np.zeros((n_layers, AFTER_BINS, n_layers))
    next_layers, paths = np.empty(_NEXT, np.int64), np.empty(_NEXT)
    for layer in range(n_layers):
        for one in range(AFTER_BINS):
            for within in _POSITIONS:
                measured = low[layer] + (one + within) / AFTER_BINS * (high[layer] - low[layer])
                r, z = (place[layer], measured) if barrel[layer] else (measured, place[layer])
                for vertex in _VERTICES:
                    cotangent = (z - vertex) / r
                    n = _cross_next(
                        barrel, place, low, high, layer, r, z, cotangent, next_layers, paths
                    )
                    for i in range(n):
                        counts[layer, one, next_layers[i]] += 1
                        distance[layer, one, next_layers[i]] += paths[i]
    return counts, distance


@kernel()
def _cross_next(barrel, place, low, high, layer, r, z, cotangent, next_layers, paths):
    """Write the next layers, at most three, that a line crosses, and return how many they are."""
    n = 0
    for other in range(len(place)):
        if other == layer or (not barrel[other] and abs(cotangent) < 1e-6):  # noqa: PLR2004
            continue
        path = place[other] - r if barrel[other] else (place[other] - z) / cotangent
        measured = z + cotangent * path if barrel[other] else r + path
        if not (path > 0 and low[other] - _SLACK < measured < high[other] + _SLACK):
            continue
        if n == _NEXT and path >= paths[n - 1]:
            continue
        n = min(n + 1, _NEXT)
        i = n - 1
        while i > 0 and paths[i - 1] > path:
            paths[i], next_layers[i] = paths[i - 1], next_layers[i - 1]
            i -= 1
        paths[i], next_layers[i] = path, other
    return n


def layers_before(after, barrel, place):
    """Return the layers (l, candidates) that may come before each, the nearest first."""
    n_layers = len(place)
    before = np.full((n_layers, _CANDIDATES), -1, np.int64)
    for layer in range(n_layers):
        counts = (after == layer).sum(axis=(1, 2))
        most = np.argsort(-counts, kind="stable")[:_CANDIDATES]
        most = most[counts[most] > 0]
        # Barrels are compared by radius and discs by z, but not with each other.
        apart = np.where(barrel[most] == barrel[layer], abs(place[most] - place[layer]), np.inf)
        before[layer, : len(most)] = most[np.argsort(apart, kind="stable")]
    return before
