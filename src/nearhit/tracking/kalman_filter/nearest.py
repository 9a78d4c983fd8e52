"""The hit of a layer that lies nearest to where a track is expected, in standard n_sigma."""

from math import atan2, sqrt

from nearhit.machine.kernels import inlined

from .circle import length
from .window import span, window

_LEAST_RADIUS = 1e-6  # mm
_LEAST_RADIAL_COSINE = 0.1  # of the direction with the radius


@inlined()
def nearest_hit(
    hits, layers, used, layer, x, y, z, cosine, sine, curvature, cotangent,
    rphi_variance, z_variance, n_sigma, widest, widest_phi,
):  # fmt: skip
    """Return the nearest hit, the path to it, its r-phi and z residuals, and its chi squared.

    Expected is a crossing of the layer's nominal place at x, y, z, by a helix of this direction,
    curvature and cotangent, with variances (mm²) of the residuals to hits. The hit is -1 where no
    unused one lies within `n_sigma`, nor within `widest` (mm along the coordinate that the layer
    measures) and `widest_phi` (radians).
    """
    barrel, depth = layers.barrel[layer], layers.depth[layer]
    radius = max(length(x, y), _LEAST_RADIUS)
    measured = z if barrel else radius
    radial = max(abs(x * cosine + y * sine) / radius, _LEAST_RADIAL_COSINE)
    slant = sqrt(max(1 - radial * radial, 0.0)) / radial
    rphi_reach, z_reach = n_sigma * sqrt(rphi_variance), n_sigma * sqrt(z_variance)
    if barrel:
        reach = z_reach + depth * abs(cotangent) / radial
        phi_reach = (rphi_reach / radial + depth * slant) / radius
    else:
        r_reach = (z_reach + depth) / abs(cotangent)
        reach = rphi_reach * slant + r_reach
        phi_reach = (rphi_reach + r_reach * slant) / radius
    best, nearest = n_sigma**2, -1
    best_path = best_rphi = best_z = 0.0
    reach, phi_reach = min(reach, widest), min(phi_reach, widest_phi)
    begin, end, phi_begin, phi_end, parts = window(
        layers, layer, measured, reach, atan2(y, x), phi_reach
    )
    for row in range(begin, end):
        for part in range(parts):
            first, last = span(hits, layers, layer, row, phi_begin, phi_end, part)
            for hit in range(first, last):
                if used[hit]:
                    continue
                if barrel:
                    path = (hits.r[hit] - radius) / radial
                else:
                    path = (hits.z[hit] - layers.place[layer]) / cotangent
                dx, dy = hits.x[hit] - x - path * cosine, hits.y[hit] - y - path * sine
                rphi = dy * cosine - dx * sine - 0.5 * curvature * path * path
                ahead = dx * cosine + dy * sine
                z_residual = -ahead * cotangent
                if barrel:
                    z_residual += hits.z[hit] - measured - cotangent * path
                squared = rphi * rphi / rphi_variance + z_residual * z_residual / z_variance
                if squared < best:
                    best, nearest = squared, hit
                    best_path, best_rphi, best_z = path, rphi, z_residual
    return nearest, best_path, best_rphi, best_z, best
