"""Helices from the beam line through hits of a bucket: one for each bucket, the best there is.

A particle that comes from the beam line runs at a polar angle φ = φ0 + asin(c r / 2) and a height
z = z0 + t s, where c is its curvature, t the cotangent of its polar angle and s the length of its
path in the transverse plane, 2 asin(c r / 2) / c. A bucket is searched for the helix through the
hit that it was found around which passes most of its layers.
"""

from math import asin, pi, sqrt
from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from nearhit.data.buckets import Buckets
from nearhit.data.detector import GEV_PER_CURVATURE
from nearhit.data.event import Event
from nearhit.machine.kernels import inlined, kernel

from .ambiguity_resolution import MAX_HITS, Candidates
from .kalman_filter.trackml_layers import resolution_of

_CHUNKS = 64
_LEAST_RADIAL = 5.0  # mm between the two hits that a helix is drawn through
_STEEPEST = 0.95  # of half a turn
_SLACK_PHI = 0.003  # radians
_FAR = 2000.0  # mm: a fitted helix is known everywhere
_FLAT = 1e-9


class HelixCuts(NamedTuple):
    """What is let pass.

    Attributes:
        vertex_z: mm from the origin to where a helix leaves the beam line.
        half_curvature: 1/mm, `GEV_PER_CURVATURE` over 2 pT at most.
        deviations: of a hit from a helix at most, in units of `beam_spread` and resolution.
        across: mm that a helix may be off for its scattering, for 100 mm of path.
        along: the same, along the beam.
        layers: that a helix must pass at least.
        hit_worth: chi squared that a further layer may cost.
    """

    vertex_z: float
    half_curvature: float
    deviations: float
    across: float
    along: float
    layers: int
    hit_worth: float


class HelixHits(NamedTuple):
    """Hits of an event, in its own order, each (n,); mm and radians; at most 64 layers."""

    r: NDArray[np.float64]
    phi: NDArray[np.float64]
    z: NDArray[np.float64]
    layer: NDArray[np.int64]
    module: NDArray[np.int32]
    across: NDArray[np.float64]
    along: NDArray[np.float64]


def helix_hits(event: Event) -> HelixHits:
    """Return the hits of an event as helices are drawn through them.

    Raises:
        SkippedError: it is not known what a volume of the event measures.
    """
    hits = event.hits
    x, y = hits.x.astype(np.float64), hits.y.astype(np.float64)
    volumes, of_hit = np.unique(hits.volume, return_inverse=True)
    resolution = np.array([resolution_of(int(volume)) for volume in volumes]).reshape(-1, 2)
    _, layer = np.unique(hits.volume * 1000 + hits.layer, return_inverse=True)
    across, along = resolution[of_hit].T
    return HelixHits(
        r=np.hypot(x, y),
        phi=np.arctan2(y, x),
        z=hits.z.astype(np.float64),
        layer=layer,
        module=hits.module,
        across=np.ascontiguousarray(across),
        along=np.ascontiguousarray(along),
    )


def best_helices(hits: HelixHits, cuts: HelixCuts, buckets: Buckets) -> Candidates:
    """Return the best helix of each bucket that has one."""
    queries = buckets.around_hits("helix")
    n = len(queries)
    tracks, lengths = np.empty((n, MAX_HITS), np.int32), np.empty(n, np.int32)
    worth = np.empty(n)
    _find_helices(hits, cuts, queries, buckets.members, tracks, lengths, worth)
    found = lengths > 0
    return Candidates(tracks[found], lengths[found], worth[found])


@kernel(parallel=True)
def _find_helices(hits, cuts, queries, members, tracks, lengths, worth):
    """Write the best helix of each bucket.

    Args:
        hits: of the event.
        cuts: what is let pass.
        queries: int (q,), the hit that each bucket was found around.
        members: int (q, k), -1 where there are fewer.
        tracks: int32 (q, MAX_HITS), written.
        lengths: int32 (q,), written; 0 where no helix passes layers enough.
        worth: float64 (q,), written.
    """
    n = len(queries)
    for chunk in numba.prange(_CHUNKS):
        helix, best = np.empty(4), np.empty(4)
        for bucket in range(n * chunk // _CHUNKS, n * (chunk + 1) // _CHUNKS):
            around = members[bucket]
            lengths[bucket], worth[bucket] = 0, -np.inf
            for place in range(len(around)):
                other = around[place]
                if other < 0 or not _draw(hits, cuts, queries[bucket], other, helix):
                    continue
                layers, chi_squared = _count(hits, cuts, around, helix, queries[bucket], other)
                one = cuts.hit_worth * layers - chi_squared
                if layers >= cuts.layers and one > worth[bucket]:
                    worth[bucket] = one
                    best[:] = helix
                    lengths[bucket] = 1
            if lengths[bucket]:
                _fit(hits, cuts, around, best)
                lengths[bucket], worth[bucket] = _collect(hits, cuts, around, best, tracks[bucket])


@inlined()
def _turned(curvature, r):
    """Return asin(c r / 2), the angle between the radius and the direction at the beam line."""
    half = 0.5 * curvature * r
    if abs(half) < 0.3:  # noqa: PLR2004 - to a part in ten thousand
        squared = half * half
        return half * (1 + squared * (1 / 6 + squared * 0.075))
    return asin(min(max(half, -_STEEPEST), _STEEPEST))


@inlined()
def _draw(hits, cuts, one, other, helix):
    """Draw a helix (curvature, φ0, cotangent, z0) through two hits; return whether it may be."""
    inner, outer = (one, other) if hits.r[one] < hits.r[other] else (other, one)
    radial = hits.r[outer] - hits.r[inner]
    if radial < _LEAST_RADIAL:
        return False
    turn = _apart(hits.phi[outer], hits.phi[inner])
    if abs(turn) > cuts.half_curvature * radial + _SLACK_PHI:
        return False
    curvature = 2 * turn / radial
    difference = _turned(curvature, hits.r[outer]) - _turned(curvature, hits.r[inner])
    if difference != 0:
        curvature *= turn / difference
    at_inner, at_outer = _turned(curvature, hits.r[inner]), _turned(curvature, hits.r[outer])
    path = radial if curvature == 0 else 2 * (at_outer - at_inner) / curvature
    helix[0], helix[1] = curvature, hits.phi[inner] - at_inner
    helix[2] = (hits.z[outer] - hits.z[inner]) / path
    inner_path = hits.r[inner] if curvature == 0 else 2 * at_inner / curvature
    helix[3] = hits.z[inner] - helix[2] * inner_path
    return abs(helix[3]) <= cuts.vertex_z


@inlined()
def _apart(phi, other):
    """Return the angle from another to phi, from -π to π."""
    difference = phi - other
    return difference - 2 * pi * round(difference / (2 * pi))


@inlined()
def _deviation(hits, cuts, hit, helix, low, high):
    """Return how far a hit lies from a helix, in standard deviations, squared.

    A helix that is held by hits between two radii is known there, and less beyond.
    """
    r = hits.r[hit]
    turned = _turned(helix[0], r)
    path = r if helix[0] == 0 else 2 * turned / helix[0]
    across = r * _apart(hits.phi[hit], helix[1] + turned)
    along = hits.z[hit] - helix[3] - helix[2] * path
    beyond = max(low - r, r - high, 0.0)
    lever = 1 + beyond / max(high - low, _LEAST_RADIAL)
    slope = sqrt(1 + helix[2] * helix[2])
    scattered = 0.01 * (20.0 + beyond) * (1 + 0.3 * abs(helix[0]) / GEV_PER_CURVATURE)
    across_error = hits.across[hit] * lever + cuts.across * scattered
    along_error = hits.along[hit] * lever + cuts.along * scattered * slope
    return (across / across_error) ** 2 + (along / along_error) ** 2


@inlined()
def _count(hits, cuts, around, helix, one, other):
    """Return how many different layers a helix through two hits passes near a hit, and at what."""
    low, high = hits.r[one], hits.r[other]
    low, high = min(low, high), max(low, high)
    most = cuts.deviations * cuts.deviations
    seen, layers, chi_squared = np.uint64(0), 0, 0.0
    for place in range(len(around)):
        hit = around[place]
        if hit < 0:
            continue
        squared = _deviation(hits, cuts, hit, helix, low, high)
        if squared > most:
            continue
        bit = np.uint64(1) << np.uint64(hits.layer[hit])
        if not seen & bit:
            seen |= bit
            layers += 1
            chi_squared += squared
    return layers, chi_squared


@inlined()
def _fit(hits, cuts, around, helix):
    """Fit a helix to the hits near it, by least squares in both planes."""
    most = cuts.deviations * cuts.deviations
    across, along = np.zeros(5), np.zeros(5)
    for place in range(len(around)):
        hit = around[place]
        if hit < 0 or _deviation(hits, cuts, hit, helix, 0.0, _FAR) > most:
            continue
        turned = _turned(helix[0], hits.r[hit])
        reach = 0.5 * hits.r[hit] if helix[0] == 0 else turned / helix[0]
        phi = _apart(hits.phi[hit], helix[1])
        _add(across, reach, phi, (hits.r[hit] / (hits.across[hit] + cuts.across)) ** 2)
        _add(along, 2 * reach, hits.z[hit], 1 / (hits.along[hit] + cuts.along) ** 2)
    curvature, phi, held = _line(across)
    if held:
        helix[0], helix[1] = curvature, helix[1] + phi
    cotangent, z, held = _line(along)
    if held:
        helix[2], helix[3] = cotangent, z


@inlined()
def _add(sums, x, y, weight):
    """Add a point to the sums of a straight line."""
    sums[0] += weight
    sums[1] += weight * x
    sums[2] += weight * x * x
    sums[3] += weight * y
    sums[4] += weight * x * y


@inlined()
def _line(sums):
    """Return slope and offset of the line through the points, and whether they hold one."""
    determinant = sums[0] * sums[2] - sums[1] * sums[1]
    held = determinant > _FLAT * sums[0] * sums[2]
    if not held:
        return 0.0, 0.0, False
    slope = (sums[0] * sums[4] - sums[1] * sums[3]) / determinant
    return slope, (sums[3] - slope * sums[1]) / sums[0], True


@inlined()
def _collect(hits, cuts, around, helix, track):
    """Write the hits near a helix, one of a module; return their number and what they are worth."""
    most = cuts.deviations * cuts.deviations
    n, seen, worth = 0, np.uint64(0), 0.0
    for place in range(len(around)):
        hit = around[place]
        if hit < 0 or n == len(track):
            continue
        squared = _deviation(hits, cuts, hit, helix, 0.0, _FAR)
        if squared > most or _on_taken_module(hits, track, n, hit):
            continue
        track[n] = hit
        n += 1
        bit = np.uint64(1) << np.uint64(hits.layer[hit])
        worth -= squared
        if not seen & bit:
            seen |= bit
            worth += cuts.hit_worth
    return n, worth


@inlined()
def _on_taken_module(hits, track, n, hit):
    taken = False
    for place in range(n):
        other = track[place]
        taken |= hits.module[other] == hits.module[hit] and hits.layer[other] == hits.layer[hit]
    return taken
