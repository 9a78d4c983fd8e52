"""Tracks from all pairs of hits of two layers that point at the beam line."""

from math import pi

import numba
import numpy as np

from nearhit.machine.kernels import inlined, kernel
from nearhit.tracking.ambiguity_resolution import MAX_HITS

from .follow import follow
from .inward import extend_inward
from .state import N_COVARIANCE, N_STATE
from .window import span, window

HIT_WORTH = 12.0
"""How much chi squared a further hit may cost for the longer of two tracks to be the better."""

_SLACK_PHI = 0.003  # radians
_LEAST_RADIAL = 1.0  # mm between the two hits of a pair
_SLACK = 3.0  # mm
_MOST_STRETCH = 20.0  # of the radius, between two discs
_WIDEST_PHI = 0.4
_STRIDE = 37  # prime, for all to have their turn; neighbours, alike dear, go to different threads


@kernel(parallel=True)
def follow_pairs(hits, layers, cuts, used, inner, outer, tracks, lengths, worth, counts):
    """Write the tracks that pairs of an inner and an outer layer start, and count them.

    Args:
        hits: as for `follow`.
        layers: as for `follow`.
        cuts: as for `follow`.
        used: as for `follow`.
        inner: a row in `layers`.
        outer: a row in `layers`.
        tracks: int32 (chunks, capacity, MAX_HITS), filled from `counts` on.
        lengths: int32 (chunks, capacity).
        worth: float64 (chunks, capacity), to order tracks by.
        counts: int64 (chunks,), tracks of each chunk; what goes beyond capacity is counted alone.
    """
    chunks = len(counts)
    offset, n = hits.of_layer[inner], hits.of_layer[inner + 1] - hits.of_layer[inner]
    for turn in numba.prange(chunks):
        chunk, begin_first, end_first = _dealt(n, turn, chunks)
        track = np.empty(MAX_HITS, np.int64)
        state, covariance = np.empty(N_STATE), np.empty(N_COVARIANCE)
        for first in range(offset + begin_first, offset + end_first):
            if used[first]:
                continue
            begin, end, phi_begin, phi_end, parts = _outer_window(hits, layers, cuts, first, outer)
            for row in range(begin, end):
                for part in range(parts):
                    low, high = span(hits, layers, outer, row, phi_begin, phi_end, part)
                    for second in range(low, high):
                        if used[second] or not _points_at_beam(hits, cuts, first, second):
                            continue
                        length, chi_squared = follow(
                            hits, layers, cuts, used, first, second, track, state, covariance
                        )
                        if length >= cuts.layers:
                            _write(
                                hits, layers, cuts, used, track, length, chi_squared,
                                chunk, tracks, lengths, worth, counts,
                            )  # fmt: skip


@kernel(parallel=True)
def follow_bucket_pairs(
    hits, layers, cuts, used, starts, queries, members, tracks, lengths, worth, counts
):
    """Write the tracks that hits start with hits of the buckets around them, and count them.

    Args:
        hits: as for `follow`.
        layers: as for `follow`.
        cuts: as for `follow`.
        used: as for `follow`.
        starts: bool (l, l), whether tracks start in an inner layer and an outer one.
        queries: int64 (q,), the hit that each bucket was found around.
        members: int64 (q, k), the hits of each bucket, -1 where there are fewer.
        tracks: as for `follow_pairs`, and so are those that follow.
        lengths: as there.
        worth: as there.
        counts: as there.
    """
    chunks, n = len(counts), len(queries)
    for turn in numba.prange(chunks):
        chunk, begin, end = _dealt(n, turn, chunks)
        track = np.empty(MAX_HITS, np.int64)
        state, covariance = np.empty(N_STATE), np.empty(N_COVARIANCE)
        for bucket in range(begin, end):
            first = queries[bucket]
            if used[first]:
                continue
            for place in range(members.shape[1]):
                second = members[bucket, place]
                if second < 0 or used[second]:
                    continue
                if not starts[hits.layer[first], hits.layer[second]]:
                    continue
                if not _points_at_beam(hits, cuts, first, second):
                    continue
                length, chi_squared = follow(
                    hits, layers, cuts, used, first, second, track, state, covariance
                )
                if length >= cuts.layers:
                    _write(
                        hits, layers, cuts, used, track, length, chi_squared,
                        chunk, tracks, lengths, worth, counts,
                    )  # fmt: skip


@inlined()
def _dealt(n, turn, chunks):
    """Return which chunk has its turn, and which of n things are its: from, and to before."""
    chunk = turn * _STRIDE % chunks
    return chunk, n * chunk // chunks, n * (chunk + 1) // chunks


@kernel()
def _write(
    hits, layers, cuts, used, track, length, chi_squared, chunk, tracks, lengths, worth, counts
):
    """Walk a track back inwards and write it where there is room for it."""
    place = counts[chunk]
    counts[chunk] += 1
    if place >= lengths.shape[1]:
        return
    worth[chunk, place] = HIT_WORTH * length - chi_squared
    length = extend_inward(hits, layers, cuts, used, track, length)
    tracks[chunk, place, :length] = track[:length]
    lengths[chunk, place] = length


@inlined()
def _points_at_beam(hits, cuts, first, second):
    """Return whether two hits lie on a line to the beam, straight enough in φ."""
    radial = hits.r[second] - hits.r[first]
    if radial <= _LEAST_RADIAL:
        return False
    turn = abs(hits.phi[second] - hits.phi[first])
    turn = min(turn, 2 * pi - turn)
    if turn > cuts.half_curvature * radial + _SLACK_PHI:
        return False
    slope = (hits.z[second] - hits.z[first]) / radial
    return abs(hits.z[first] - slope * hits.r[first]) <= cuts.vertex_z


@inlined()
def _outer_window(hits, layers, cuts, first, outer):
    """Return the window of the outer layer in which a hit's partners lie."""
    r, z = hits.r[first], hits.z[first]
    if layers.barrel[outer]:
        radial = max(layers.place[outer] + layers.depth[outer] - r, 0.0)
        farther = z + z * radial / r
        low = farther - cuts.vertex_z * radial / r
        high = farther + cuts.vertex_z * radial / r
    else:
        one = _stretch(layers.place[outer], z, -cuts.vertex_z)
        other = _stretch(layers.place[outer], z, cuts.vertex_z)
        low = max(min(one, other) * r - _SLACK, r)
        high = min(max(one, other) * r + _SLACK, layers.high[outer])
        radial = max(high - r, _LEAST_RADIAL)
    phi_reach = min(cuts.half_curvature * radial + _SLACK_PHI, _WIDEST_PHI)
    return window(layers, outer, (low + high) / 2, (high - low) / 2, hits.phi[first], phi_reach)


@inlined()
def _stretch(there, z, vertex):
    """Return the ratio of the radii, at most 20, of a line from a vertex at two z."""
    stretch = (there - vertex) / (z - vertex) if abs(z - vertex) > 1e-9 else _MOST_STRETCH  # noqa: PLR2004
    return stretch if 0 < stretch < _MOST_STRETCH else _MOST_STRETCH
