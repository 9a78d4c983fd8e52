"""A track outwards: from layer to layer, to the hit nearest to where it is expected."""

import numpy as np

from nearhit.machine.kernels import inlined, kernel

from .circle import length, moved, path_to_radius
from .navigation import AFTER_BINS
from .nearest import nearest_hit
from .state import (
    COSINE,
    COTANGENT,
    CURVATURE,
    N_COVARIANCE,
    SINE,
    X,
    Y,
    Z,
    along_variance,
    move,
    scatter,
    start,
    take,
)

_MOST_LAYERS = 28
_OUTSIDE = 3.0  # mm beyond the outermost hits that a layer is still asked
_INSIDE = 5.0  # mm within them, from where on a missing hit is a hole
_MOST_TURN = 2.0  # radians between two layers
_WIDEST, _WIDEST_PHI = 60.0, 0.2  # mm and radians: wider windows hold nothing but chance
_SURE = 3  # hits from which on a hole is allowed


@kernel()
def follow(hits, layers, cuts, used, first, second, track, state, covariance):
    """Write the hits of the track that two hits start; return their number and chi squared.

    Args:
        hits: sorted into the layers.
        layers: of the event.
        cuts: of the pass.
        used: bool (n,), hits that are taken.
        first: a hit.
        second: a hit farther out; the two point at the beam line.
        track: int array that hits are written to.
        state: scratch, see the module of that name.
        covariance: scratch.
    """
    start(hits, layers, first, second, cuts, state, covariance)
    track[0], track[1] = first, second
    n, holes, chi_squared = 2, 0, 0.0
    layer = hits.layer[second]
    expected = np.empty(N_COVARIANCE)
    while n < _MOST_LAYERS:
        thickness, barrel = cuts.thickness, layers.barrel[layer]
        scatter(covariance, state[CURVATURE], state[COTANGENT], thickness, barrel)
        after = _after_bin(layers, layer, state)
        hit = -1
        for place in range(layers.after.shape[2]):
            candidate = layers.after[layer, after, place]
            if candidate < 0 or hit >= 0:
                break
            path, x, y, cosine, sine, crossed = cross(layers, candidate, state)
            z = state[Z] + state[COTANGENT] * path
            measured = z if layers.barrel[candidate] else length(x, y)
            low, high = layers.low[candidate], layers.high[candidate]
            if not crossed or not low - _OUTSIDE <= measured <= high + _OUTSIDE:
                continue
            for term in range(N_COVARIANCE):
                expected[term] = covariance[term]
            move(expected, path)
            hit, beyond, across, along, squared = nearest_hit(
                hits, layers, used, candidate, x, y, z, cosine, sine,
                state[CURVATURE], state[COTANGENT],
                expected[0] + layers.across[candidate] ** 2,
                expected[6] + along_variance(layers, candidate, state[COTANGENT]),
                cuts.deviations, _WIDEST, _WIDEST_PHI,
            )  # fmt: skip
            path += beyond
            if hit < 0 and low + _INSIDE < measured < high - _INSIDE:
                holes += 1
                if holes > cuts.holes or n < _SURE:
                    return n, chi_squared
        if hit < 0:
            break
        take(state, covariance, hits, layers, hit, path, across, along)
        chi_squared += squared
        track[n] = hit
        n += 1
        layer = hits.layer[hit]
    return n, chi_squared


@inlined()
def cross(layers, layer, state):
    """Return the path to a layer, x, y and direction there, and whether the track crosses it."""
    x, y, cosine, sine, curvature = state[X], state[Y], state[COSINE], state[SINE], state[CURVATURE]
    if layers.barrel[layer]:
        if layers.place[layer] <= length(x, y) + layers.depth[layer]:
            return 0.0, 0.0, 0.0, cosine, sine, False
        path, crossed = path_to_radius(x, y, curvature, cosine, sine, layers.place[layer])
    else:
        flat = state[COTANGENT] == 0
        path = -1.0 if flat else (layers.place[layer] - state[Z]) / state[COTANGENT]
        crossed = abs(path * curvature) <= _MOST_TURN
    if not crossed or path <= 0:
        return 0.0, 0.0, 0.0, cosine, sine, False
    there_x, there_y, cosine, sine = moved(x, y, curvature, cosine, sine, path)
    return path, there_x, there_y, cosine, sine, True


@inlined()
def _after_bin(layers, layer, state):
    measured = state[Z] if layers.barrel[layer] else length(state[X], state[Y])
    share = (measured - layers.low[layer]) / (layers.high[layer] - layers.low[layer])
    return min(max(int(share * AFTER_BINS), 0), AFTER_BINS - 1)
