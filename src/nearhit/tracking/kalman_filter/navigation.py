"""Layer navigation: the order in which tracks cross layers, from the extent of the hits alone."""

import numpy as np

from nearhit.machine.kernels import kernel

AFTER_BINS = 24
_POSITIONS = (0.1, 0.5, 0.9)  # in a bin
_VERTICES = np.linspace(-160.0, 160.0, 9)  # mm along the beam line
_CANDIDATES = 8
_NEXT = 3  # a track may miss two
_SLACK = 10.0  # mm beyond the outermost hits


@kernel()
def layers_after(barrel, place, low, high):
    """Return the layers (l, bins, candidates) that straight lines from the beam line cross next.

    Candidates are those that most lines cross among their next three, in order of distance.
    """
    n_layers = len(place)
    after = np.full((n_layers, AFTER_BINS, _CANDIDATES), -1, np.int64)
    for layer in range(n_layers):
        for one in range(AFTER_BINS):
            counts = np.zeros(n_layers, np.int64)
            distance = np.zeros(n_layers)
            for within in _POSITIONS:
                measured = low[layer] + (one + within) / AFTER_BINS * (high[layer] - low[layer])
                r, z = (place[layer], measured) if barrel[layer] else (measured, place[layer])
                for vertex in _VERTICES:
                    _count_next(barrel, place, low, high, layer, r, z, vertex, counts, distance)
            _write_candidates(counts, distance, after[layer, one])
    return after


@kernel()
def _count_next(barrel, place, low, high, layer, r, z, vertex, counts, distance):
    """Count the next layers that the line from a vertex through a point of a layer crosses."""
    cotangent = (z - vertex) / r
    paths = np.full(len(place), np.inf)
    for other in range(len(place)):
        if other == layer or (not barrel[other] and abs(cotangent) < 1e-6):  # noqa: PLR2004
            continue
        path = place[other] - r if barrel[other] else (place[other] - z) / cotangent
        measured = z + cotangent * path if barrel[other] else r + path
        if path > 0 and low[other] - _SLACK < measured < high[other] + _SLACK:
            paths[other] = path
    for other in np.argsort(paths)[:_NEXT]:
        if paths[other] < np.inf:
            counts[other] += 1
            distance[other] += paths[other]


@kernel()
def _write_candidates(counts, distance, candidates):
    """Write the layers of the highest counts in order of their mean distance."""
    most = np.argsort(-counts, kind="mergesort")[:_CANDIDATES]
    most = most[counts[most] > 0]
    mean = distance[most] / counts[most]
    nearest = most[np.argsort(mean, kind="mergesort")]
    candidates[: len(nearest)] = nearest


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
