"""Track following: outwards from layer to layer, to the hit nearest to the prediction."""

import numpy as np

from nearhit.machine.kernels import inlined, kernel

from .circle import advance, length, path_to_radius
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
    add_hit,
    scatter,
    start,
    transport,
    z_variance_of,
)

_MOST_LAYERS = 28
_OUTSIDE = 3.0  # mm beyond its outermost hits to which a layer is searched
_INSIDE = 5.0  # mm within them where a missing hit counts as a hole
_MOST_TURN = 2.0  # radians between two layers
_WIDEST, _WIDEST_PHI = 60.0, 0.2  # mm and radians: wider windows hold random hits
_SURE = 3  # hits from which on a hole is allowed


@kernel()
def follow(hits, layers, cuts, used, first, second, track, state, covariance):
    """Follow a doublet outwards; return the number of hits of its track and chi squared.

    Args:
        hits: sorted into the layers.
        layers: of the event.
        cuts: of the pass.
        used: bool (n,), hits on tracks, which are left out.
        first: the inner hit of the doublet.
        second: the outer one.
        track: int (m,), written: the hits, outwards.
        state: float (N_STATE,), written: after the last hit.
        covariance: float (N_COVARIANCE,), written: the same, scattering in that layer included.
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
            transport(expected, path)
            hit, beyond, rphi, z_residual, squared = nearest_hit(
                hits, layers, used, candidate, x, y, z, cosine, sine,
                state[CURVATURE], state[COTANGENT],
                expected[0] + layers.rphi_resolution[candidate] ** 2,
                expected[6] + z_variance_of(layers, candidate, state[COTANGENT]),
                cuts.n_sigma, _WIDEST, _WIDEST_PHI,
            )  # fmt: skip
            path += beyond
            if hit < 0 and low + _INSIDE < measured < high - _INSIDE:
                holes += 1
                if holes > cuts.max_holes or n < _SURE:
                    return n, chi_squared
        if hit < 0:
            break
        add_hit(state, covariance, hits, layers, hit, path, rphi, z_residual)
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
    there_x, there_y, cosine, sine = advance(x, y, curvature, cosine, sine, path)
    return path, there_x, there_y, cosine, sine, True


@inlined()
def _after_bin(layers, layer, state):
    measured = state[Z] if layers.barrel[layer] else length(state[X], state[Y])
    share = (measured - layers.low[layer]) / (layers.high[layer] - layers.low[layer])
    return min(max(int(share * AFTER_BINS), 0), AFTER_BINS - 1)
