"""Hits before a track's first: a track that started late is walked back towards the beam."""

from math import atan2, sqrt

from nearhit.data.detector import GEV_PER_CURVATURE
from nearhit.machine.kernels import kernel

from .circle import length, moved, path_to_radius
from .overlaps import tangent
from .window import span, window

_MOST = 3
_OUTSIDE = 3.0  # mm
_LEAST_CURVATURE = 3e-6  # 1/mm
_SCATTERED = 0.3  # GeV: below, the scattering is most of what a track may be off
_LEAST_OUTWARDS = 0.1
_WIDEST_PHI = 0.3


@kernel()
def extend_inward(hits, layers, cuts, used, track, n):
    """Put hits before the n >= 3 of a track, in order outwards; return how many there are then."""
    for _ in range(_MOST):
        hit = _hit_before(hits, layers, cuts, used, track, n)
        if hit < 0 or n == len(track):
            break
        track[1 : n + 1] = track[:n].copy()
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
        elif abs(cotangent) > 1e-3:  # noqa: PLR2004 - else it runs along the disc
            path = (layers.place[layer] - hits.z[hit]) / cotangent
        if not crossed or path >= 0:
            continue
        found = _nearest(
            hits, layers, cuts, used, layer, hit, curvature, cosine, sine, cotangent, path
        )
        if found >= 0:
            return found
    return -1


@kernel()
def _nearest(hits, layers, cuts, used, layer, last, curvature, cosine, sine, cotangent, path):
    """Return the nearest hit of a layer to the track, walked back a path from its first hit."""
    barrel, depth = layers.barrel[layer], layers.depth[layer]
    x, y, cosine, sine = moved(hits.x[last], hits.y[last], curvature, cosine, sine, path)
    z = hits.z[last] + cotangent * path
    radius = max(length(x, y), 1e-6)
    measured = z if barrel else radius
    if not layers.low[layer] - _OUTSIDE <= measured <= layers.high[layer] + _OUTSIDE:
        return -1
    outwards = max(abs(x * cosine + y * sine) / radius, _LEAST_OUTWARDS)
    sidewards = sqrt(max(1 - outwards * outwards, 0.0)) / outwards
    per_pt = max(abs(curvature), _LEAST_CURVATURE) / GEV_PER_CURVATURE
    across_reach = cuts.inward_offset + cuts.inward_slope * abs(path) * (1 + _SCATTERED * per_pt)
    resolutions = 2 * (layers.along[hits.layer[last]] + layers.along[layer])
    along_reach = across_reach * sqrt(1 + cotangent * cotangent) + resolutions
    along_path = 0.0 if barrel else (along_reach + depth) / abs(cotangent)
    if barrel:
        reach = along_reach + depth * abs(cotangent) / outwards
        phi_reach = (across_reach / outwards + depth * sidewards) / radius
    else:
        reach = along_path + across_reach * sidewards
        phi_reach = (across_reach + along_path * sidewards) / radius
    best, nearest = 1.0, -1
    phi_reach = min(phi_reach, _WIDEST_PHI)
    begin, end, phi_begin, phi_end, parts = window(
        layers, layer, measured, reach, atan2(y, x), phi_reach
    )
    for row in range(begin, end):
        for part in range(parts):
            first, beyond = span(hits, layers, layer, row, phi_begin, phi_end, part)
            for hit in range(first, beyond):
                if used[hit]:
                    continue
                if barrel:
                    more = (hits.r[hit] - radius) / outwards
                else:
                    more = (hits.z[hit] - layers.place[layer]) / cotangent
                dx, dy = hits.x[hit] - x - more * cosine, hits.y[hit] - y - more * sine
                across = dy * cosine - dx * sine - 0.5 * curvature * more * more
                along = -(dx * cosine + dy * sine) * cotangent
                if barrel:
                    along += hits.z[hit] - z - cotangent * more
                squared = (across / across_reach) ** 2 + (along / along_reach) ** 2
                if squared < best:
                    best, nearest = squared, hit
    return nearest
