"""Helices from the beam line: through two hits, residuals of hits, least-squares fit.

A helix is curvature (1/mm), φ0, cotangent and z0 (mm), at the beam line.
"""

from math import asin, pi, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nearhit.data.detector import GEV_PER_CURVATURE
from nearhit.machine.kernels import inlined

VERTEX_Z = 200.0
"""mm, |z0| of a helix at most: 3.6 standard deviations of simulated beam spots (55 mm)."""

HALF_CURVATURE = 0.0025
"""1/mm, of a helix at most: `GEV_PER_CURVATURE` / 2 pT, which is a pT of 0.12 GeV at least."""

FAR = 2000.0
"""mm: to this radius all of a fitted helix is known."""

_LEAST_RADIAL = 5.0  # mm between the two hits that a helix is drawn through
_STEEPEST = 0.95  # of half a turn
_SLACK_PHI = 0.003  # radians
_FLAT = 1e-9


class HelixCuts(NamedTuple):
    """Selection cuts.

    Attributes:
        n_sigma: standard deviations of a hit from a helix at most.
        rphi_scattering: mm that multiple scattering adds to the r-phi error in 100 mm of path.
        z_scattering: the same, along the beam.
        min_layers: layers with hits of a track at least.
    """

    n_sigma: float
    rphi_scattering: float
    z_scattering: float
    min_layers: int


class HelixHits(NamedTuple):
    """Hits of an event, in its order, each (n,); mm and radians; at most 64 layers."""

    r: NDArray[np.float64]
    phi: NDArray[np.float64]
    z: NDArray[np.float64]
    layer: NDArray[np.int64]
    module: NDArray[np.int32]
    rphi_resolution: NDArray[np.float64]
    z_resolution: NDArray[np.float64]


@inlined()
def rotation(curvature, r):
    """Return asin(c r / 2), the angle that a helix turns in azimuth up to a radius."""
    half = 0.5 * curvature * r
    if abs(half) < 0.3:  # noqa: PLR2004 - to a part in ten thousand
        squared = half * half
        return half * (1 + squared * (1 / 6 + squared * 0.075))
    return asin(min(max(half, -_STEEPEST), _STEEPEST))


@inlined()
def draw(hits, one, other, helix):
    """Draw a helix through two hits; return whether it passes the cuts."""
    inner, outer = (one, other) if hits.r[one] < hits.r[other] else (other, one)
    radial = hits.r[outer] - hits.r[inner]
    if radial < _LEAST_RADIAL:
        return False
    angle = angle_between(hits.phi[outer], hits.phi[inner])
    if abs(angle) > HALF_CURVATURE * radial + _SLACK_PHI:
        return False
    curvature = 2 * angle / radial
    difference = rotation(curvature, hits.r[outer]) - rotation(curvature, hits.r[inner])
    if difference != 0:
        curvature *= angle / difference
    at_inner, at_outer = rotation(curvature, hits.r[inner]), rotation(curvature, hits.r[outer])
    path = radial if curvature == 0 else 2 * (at_outer - at_inner) / curvature
    helix[0], helix[1] = curvature, hits.phi[inner] - at_inner
    helix[2] = (hits.z[outer] - hits.z[inner]) / path
    inner_path = hits.r[inner] if curvature == 0 else 2 * at_inner / curvature
    helix[3] = hits.z[inner] - helix[2] * inner_path
    return abs(helix[3]) <= VERTEX_Z


@inlined()
def angle_between(phi, other):
    """Return the angle from another azimuth to phi, from -π to π."""
    difference = phi - other
    return difference - 2 * pi * round(difference / (2 * pi))


@inlined()
def chi_squared_of(hits, cuts, hit, helix, low, high):
    """Return the chi squared of a hit; a helix is known between two radii, and less beyond."""
    r = hits.r[hit]
    angle = rotation(helix[0], r)
    path = r if helix[0] == 0 else 2 * angle / helix[0]
    rphi = r * angle_between(hits.phi[hit], helix[1] + angle)
    z = hits.z[hit] - helix[3] - helix[2] * path
    beyond = max(low - r, r - high, 0.0)
    lever = 1 + beyond / max(high - low, _LEAST_RADIAL)
    slope = sqrt(1 + helix[2] * helix[2])
    scattered = 0.01 * (20.0 + beyond) * (1 + 0.3 * abs(helix[0]) / GEV_PER_CURVATURE)
    rphi_error = hits.rphi_resolution[hit] * lever + cuts.rphi_scattering * scattered
    z_error = hits.z_resolution[hit] * lever + cuts.z_scattering * scattered * slope
    return (rphi / rphi_error) ** 2 + (z / z_error) ** 2


@inlined()
def fit(hits, cuts, around, helix):
    """Fit a helix to the hits near it by least squares, in the transverse plane and along z."""
    most = cuts.n_sigma * cuts.n_sigma
    rphi_sums, z_sums = np.zeros(5), np.zeros(5)
    for place in range(len(around)):
        hit = around[place]
        if hit < 0 or chi_squared_of(hits, cuts, hit, helix, 0.0, FAR) > most:
            continue
        angle = rotation(helix[0], hits.r[hit])
        reach = 0.5 * hits.r[hit] if helix[0] == 0 else angle / helix[0]
        phi = angle_between(hits.phi[hit], helix[1])
        rphi_error = hits.rphi_resolution[hit] + cuts.rphi_scattering
        z_error = hits.z_resolution[hit] + cuts.z_scattering
        _add(rphi_sums, reach, phi, (hits.r[hit] / rphi_error) ** 2)
        _add(z_sums, 2 * reach, hits.z[hit], 1 / z_error**2)
    curvature, phi, determined = _line(rphi_sums)
    if determined:
        helix[0], helix[1] = curvature, helix[1] + phi
    cotangent, z, determined = _line(z_sums)
    if determined:
        helix[2], helix[3] = cotangent, z


@inlined()
def _add(sums, x, y, weight):
    """Add a point to the sums of a straight-line fit."""
    sums[0] += weight
    sums[1] += weight * x
    sums[2] += weight * x * x
    sums[3] += weight * y
    sums[4] += weight * x * y


@inlined()
def _line(sums):
    """Return slope and offset of the fitted line, and whether the points determine one."""
    determinant = sums[0] * sums[2] - sums[1] * sums[1]
    determined = determinant > _FLAT * sums[0] * sums[2]
    if not determined:
        return 0.0, 0.0, False
    slope = (sums[0] * sums[4] - sums[1] * sums[3]) / determinant
    return slope, (sums[3] - slope * sums[1]) / sums[0], True
