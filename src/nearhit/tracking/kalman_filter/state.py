"""Where a track is and how well that is known: a Kalman filter on a helix, in two planes.

A state holds x, y, z, cosine and sine of the direction, curvature, and cotangent of the polar
angle. Its covariance holds six numbers of the transverse plane (offset across, direction,
curvature) and three of the other (z, cotangent); the planes are filtered apart, which is what makes
a step cheap.
"""

from math import sqrt

from nearhit.data.detector import GEV_PER_CURVATURE
from nearhit.machine.kernels import inlined

from .circle import circle_through, length, path_of, turned

X, Y, Z, COSINE, SINE, CURVATURE, COTANGENT = range(7)
N_STATE, N_COVARIANCE = 7, 9

_HIGHLAND = 0.0136  # GeV, of multiple scattering
_LEAST_CURVATURE = 3e-6  # 1/mm: no track is straighter than 200 GeV
_FLATTEST = 0.05  # squared cotangent, of what crosses an end cap


@inlined()
def along_variance(layers, layer, cotangent):
    """Return the variance of z at a layer; an end cap measures the radius instead."""
    along = layers.along[layer]
    return along * along if layers.barrel[layer] else (along * cotangent) ** 2


@inlined()
def move(covariance, path):
    """Carry a covariance over a path."""
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
def measure(covariance, across_variance, along_variance_):
    """Take a hit in and return the gains of offset, direction, curvature, z and cotangent."""
    c00, c01, c02 = covariance[0], covariance[1], covariance[2]
    total = c00 + across_variance
    offset, direction, curvature = c00 / total, c01 / total, c02 / total
    covariance[3] -= direction * c01
    covariance[4] -= direction * c02
    covariance[5] -= curvature * c02
    for term in range(3):
        covariance[term] *= 1 - offset
    d00, d01 = covariance[6], covariance[7]
    z, cotangent = d00 / (d00 + along_variance_), d01 / (d00 + along_variance_)
    covariance[8] -= cotangent * d01
    covariance[6] *= 1 - z
    covariance[7] *= 1 - z
    return offset, direction, curvature, z, cotangent


@inlined()
def scatter(covariance, curvature, cotangent, thickness, barrel):
    """Widen a covariance by the scattering in a layer that is so many radiation lengths thick."""
    squared = cotangent * cotangent
    oblique = sqrt(1 + squared) if barrel else sqrt(1 + 1 / max(squared, _FLATTEST))
    pt = GEV_PER_CURVATURE / max(abs(curvature), _LEAST_CURVATURE)
    variance = (_HIGHLAND / pt) ** 2 * thickness * oblique
    covariance[3] += variance
    covariance[8] += variance * (1 + squared)


@inlined()
def start(hits, layers, first, second, cuts, state, covariance):
    """Set state and covariance at the second of two hits, on the circle from the beam line."""
    ax, ay, bx, by = hits.x[first], hits.y[first], hits.x[second], hits.y[second]
    curvature, cosine, sine = circle_through(0.0, 0.0, ax, ay, bx, by)
    path = path_of(curvature, length(bx - ax, by - ay))
    cotangent = (hits.z[second] - hits.z[first]) / path
    state[X], state[Y], state[Z] = bx, by, hits.z[second]
    state[COSINE], state[SINE] = cosine, sine
    state[CURVATURE], state[COTANGENT] = curvature, cotangent
    # Nothing is known but that the track comes from near the beam line.
    for term in range(N_COVARIANCE):
        covariance[term] = 0.0
    covariance[0], covariance[3], covariance[5] = cuts.beam_offset**2, 1.0, 1e-4
    covariance[6], covariance[8] = 1e4, 100.0
    move(covariance, path_of(curvature, length(ax, ay)))
    layer = hits.layer[first]
    measure(covariance, layers.across[layer] ** 2, along_variance(layers, layer, cotangent))
    scatter(covariance, curvature, cotangent, cuts.thickness, layers.barrel[layer])
    move(covariance, path)
    layer = hits.layer[second]
    measure(covariance, layers.across[layer] ** 2, along_variance(layers, layer, cotangent))


@inlined()
def take(state, covariance, hits, layers, hit, path, across, along):
    """Carry a state to a hit that lies so far across and along from where it was expected."""
    layer = hits.layer[hit]
    move(covariance, path)
    gains = measure(
        covariance, layers.across[layer] ** 2, along_variance(layers, layer, state[COTANGENT])
    )
    cosine, sine = turned(state[COSINE], state[SINE], state[CURVATURE] * path)
    _stand(state, hits, hit, cosine, sine, (1 - gains[0]) * across, (1 - gains[3]) * along)
    state[COSINE], state[SINE] = turned(cosine, sine, gains[1] * across)
    state[CURVATURE] += gains[2] * across
    state[COTANGENT] += gains[4] * along


@inlined()
def _stand(state, hits, hit, cosine, sine, across, along):
    """Place a state at a hit, back by the part of the residual that is not believed."""
    state[X] = hits.x[hit] + across * sine
    state[Y] = hits.y[hit] - across * cosine
    state[Z] = hits.z[hit] - along
