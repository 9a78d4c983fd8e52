"""Kalman filter of a helix: track state and covariance, propagated and updated hit by hit.

A state is x, y, z (mm), cosine and sine of the direction, curvature (1/mm), and cotangent of the
polar angle. Its covariance is two blocks, each as its upper triangle: offset to the left of the
direction, direction and curvature in the transverse plane; z and cotangent along the beam. Their
correlations are neglected, which makes a step cheap.
"""

from math import sqrt

from nearhit.data.detector import GEV_PER_CURVATURE
from nearhit.machine.kernels import inlined

from .circle import MIN_CURVATURE, circle_through, length, path_of, rotate

X, Y, Z, COSINE, SINE, CURVATURE, COTANGENT = range(7)
N_STATE, N_COVARIANCE = 7, 9

_HIGHLAND = 0.0136  # GeV, of multiple scattering
_FLATTEST = 0.05  # squared cotangent, of what crosses an end cap


@inlined()
def z_variance_of(layers, layer, cotangent):
    """Return the variance of z at a layer; a disc measures the radius instead."""
    resolution = layers.z_resolution[layer]
    return resolution * resolution if layers.barrel[layer] else (resolution * cotangent) ** 2


@inlined()
def transport(covariance, path):
    """Transport a covariance over a path."""
    c00, c01, c02 = covariance[0], covariance[1], covariance[2]
    c11, c12, c22 = covariance[3], covariance[4], covariance[5]
    d00, d01, d11 = covariance[6], covariance[7], covariance[8]
    half = 0.5 * path * path
    covariance[0] = c00 + 2 * path * c01 + 2 * half * (c02 + c11 + path * c12) + half * half * c22
    covariance[1] = c01 + path * (c02 + c11) + 3 * half * c12 + path * half * c22
    covariance[2] = c02 + path * c12 + half * c22
    covariance[3] = c11 + 2 * path * c12 + path * path * c22
    covariance[4] = c12 + path * c22
    covariance[6] = d00 + 2 * path * d01 + path * path * d11
    covariance[7] = d01 + path * d11


@inlined()
def update(covariance, rphi_variance, z_variance):
    """Update a covariance with a hit.

    Return the gains of offset, direction, curvature, z and cotangent.
    """
    c00, c01, c02 = covariance[0], covariance[1], covariance[2]
    total = c00 + rphi_variance
    offset, direction, curvature = c00 / total, c01 / total, c02 / total
    covariance[3] -= direction * c01
    covariance[4] -= direction * c02
    covariance[5] -= curvature * c02
    for term in range(3):
        covariance[term] *= 1 - offset
    d00, d01 = covariance[6], covariance[7]
    z, cotangent = d00 / (d00 + z_variance), d01 / (d00 + z_variance)
    covariance[8] -= cotangent * d01
    covariance[6] *= 1 - z
    covariance[7] *= 1 - z
    return offset, direction, curvature, z, cotangent


@inlined()
def scatter(covariance, curvature, cotangent, thickness, barrel):
    """Add multiple scattering in a layer, of a thickness in radiation lengths, to a covariance."""
    squared = cotangent * cotangent
    oblique = sqrt(1 + squared) if barrel else sqrt(1 + 1 / max(squared, _FLATTEST))
    pt = GEV_PER_CURVATURE / max(abs(curvature), MIN_CURVATURE)
    variance = (_HIGHLAND / pt) ** 2 * thickness * oblique
    covariance[3] += variance
    covariance[8] += variance * (1 + squared)


@inlined()
def start(hits, layers, first, second, cuts, state, covariance):
    """Set state and covariance at the outer hit of a doublet, on the circle from the beam line."""
    ax, ay, bx, by = hits.x[first], hits.y[first], hits.x[second], hits.y[second]
    curvature, cosine, sine = circle_through(0.0, 0.0, ax, ay, bx, by)
    path = path_of(curvature, length(bx - ax, by - ay))
    cotangent = (hits.z[second] - hits.z[first]) / path
    state[X], state[Y], state[Z] = bx, by, hits.z[second]
    state[COSINE], state[SINE] = cosine, sine
    state[CURVATURE], state[COTANGENT] = curvature, cotangent
    # A diffuse prior, but for the offset from the beam line.
    for term in range(N_COVARIANCE):
        covariance[term] = 0.0
    covariance[0], covariance[3], covariance[5] = cuts.beam_offset**2, 1.0, 1e-4
    covariance[6], covariance[8] = 1e4, 100.0
    transport(covariance, path_of(curvature, length(ax, ay)))
    layer = hits.layer[first]
    update(covariance, layers.rphi_resolution[layer] ** 2, z_variance_of(layers, layer, cotangent))
    scatter(covariance, curvature, cotangent, cuts.thickness, layers.barrel[layer])
    transport(covariance, path)
    layer = hits.layer[second]
    update(covariance, layers.rphi_resolution[layer] ** 2, z_variance_of(layers, layer, cotangent))


@inlined()
def add_hit(state, covariance, hits, layers, hit, path, rphi_residual, z_residual):
    """Propagate state and covariance to a hit of these residuals and update them with it."""
    layer = hits.layer[hit]
    transport(covariance, path)
    gains = update(
        covariance,
        layers.rphi_resolution[layer] ** 2,
        z_variance_of(layers, layer, state[COTANGENT]),
    )
    cosine, sine = rotate(state[COSINE], state[SINE], state[CURVATURE] * path)
    back = (1 - gains[0]) * rphi_residual
    state[X], state[Y] = hits.x[hit] + back * sine, hits.y[hit] - back * cosine
    state[Z] = hits.z[hit] - (1 - gains[3]) * z_residual
    state[COSINE], state[SINE] = rotate(cosine, sine, gains[1] * rphi_residual)
    state[CURVATURE] += gains[2] * rphi_residual
    state[COTANGENT] += gains[4] * z_residual
