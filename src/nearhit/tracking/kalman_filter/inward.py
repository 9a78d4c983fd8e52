"""Inward extension: hits before the first one of a track that started late."""

from math import inf, sqrt

from nearhit.data.detector import GEV_PER_CURVATURE
from nearhit.machine.kernels import inlined, kernel

from .circle import MIN_CURVATURE, advance, length, path_to_radius
from .nearest import nearest_hit
from .overlaps import tangent

_MOST = 3
_OUTSIDE = 3.0  # mm
_SCATTERED = 0.3  # GeV, below which multiple scattering dominates the uncertainty
_WIDEST_PHI = 0.3


@kernel()
def extend_inward(hits, layers, cuts, used, track, n):
    """Put hits before the n >= 3 of a track, in order outwards; return the new number of hits."""
    for _ in range(_MOST):
        hit = _hit_before(hits, layers, cuts, used, track, n)
        if hit < 0 or n == len(track):
            break
        for place in range(n, 0, -1):
            track[place] = track[place - 1]
        track[0] = hit
        n += 1
    return n


@kernel()
def _hit_before(hits, layers, cuts, used, track, n):
    hit = track[0]
    curvature, cosine, sine, cotangent = tangent(hits, track, n, 0)
    for layer in layers.before[hits.layer[hit]]:
        if layer < 0:
            break
        barrel = layers.barrel[layer]
        path, crossed = 0.0, True
        if barrel:
            if layers.place[layer] < hits.r[hit] - layers.depth[layer]:
                path, crossed = path_to_radius(
                    hits.x[hit], hits.y[hit], curvature, cosine, sine, layers.place[layer]
                )
        elif abs(cotangent) > 1e-3:  # noqa: PLR2004 - else it never reaches the disc
            path = (layers.place[layer] - hits.z[hit]) / cotangent
        if not crossed or path >= 0:
            continue
        found = _nearest(
            hits, layers, cuts, used, layer, hit, curvature, cosine, sine, cotangent, path
        )
        if found >= 0:
            return found
    return -1


@inlined()
def _nearest(hits, layers, cuts, used, layer, last, curvature, cosine, sine, cotangent, path):
    """Return the hit of a layer nearest to the track at a (negative) path from its first hit."""
    x, y, cosine, sine = advance(hits.x[last], hits.y[last], curvature, cosine, sine, path)
    z = hits.z[last] + cotangent * path
    measured = z if layers.barrel[layer] else length(x, y)
    if not layers.low[layer] - _OUTSIDE <= measured <= layers.high[layer] + _OUTSIDE:
        return -1
    per_pt = max(abs(curvature), MIN_CURVATURE) / GEV_PER_CURVATURE
    rphi = cuts.inward_offset + cuts.inward_slope * abs(path) * (1 + _SCATTERED * per_pt)
    resolutions = 2 * (layers.z_resolution[hits.layer[last]] + layers.z_resolution[layer])
    z_reach = rphi * sqrt(1 + cotangent * cotangent) + resolutions
    hit, _, _, _, _ = nearest_hit(
        hits, layers, used, layer, x, y, z, cosine, sine, curvature, cotangent,
        rphi * rphi, z_reach * z_reach, 1.0, inf, _WIDEST_PHI,
    )  # fmt: skip
    return hit
