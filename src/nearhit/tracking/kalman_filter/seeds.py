"""Seeding: tracks from doublets of hits that point at the beam line."""

from math import pi

import numba
import numpy as np

from nearhit.machine.kernels import inlined, kernel
from nearhit.tracking.ambiguity_resolution import HIT_SCORE, MAX_HITS

from .follow import follow
from .inward import extend_inward
from .state import N_COVARIANCE, N_STATE
from .window import span, window

_SLACK_PHI = 0.003  # radians
_LEAST_RADIAL = 1.0  # mm between the hits of a doublet
_SLACK = 3.0  # mm
_MOST_STRETCH = 20.0  # of the radius, between two discs
_WIDEST_PHI = 0.4
_STRIDE = 37  # prime, to visit all; neighbours, of similar cost, go to different threads


@kernel(parallel=True)
def follow_doublets(hits, layers, cuts, used, inner, outer, tracks, lengths, score, counts):
    """Write the tracks that doublets of an inner and an outer layer start, and count them.

    Args:
        hits: as for `follow`.
        layers: as for `follow`.
        cuts: as for `follow`.
        used: as for `follow`.
        inner: a row in `layers`.
        outer: a row in `layers`.
        tracks: int32 (chunks, capacity, MAX_HITS), filled from `counts` on.
        lengths: int32 (chunks, capacity).
        score: float64 (chunks, capacity).
        counts: int64 (chunks,), tracks of each chunk; those beyond capacity are only counted.
    """
    chunks = len(counts)
    offset, n = hits.of_layer[inner], hits.of_layer[inner + 1] - hits.of_layer[inner]
    for turn in numba.prange(chunks):
        chunk, begin_first, end_first = _chunk_of(n, turn, chunks)
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
                        _try_doublet(
                            hits, layers, cuts, used, first, second, track, state, covariance,
                            chunk, tracks, lengths, score, counts,
                        )  # fmt: skip


@kernel(parallel=True)
def follow_bucket_doublets(
    hits, layers, cuts, used, starts, queries, members, tracks, lengths, score, counts
):
    """Write the tracks that queried hits start with hits of their buckets, and count them.

    Args:
        hits: as for `follow`.
        layers: as for `follow`.
        cuts: as for `follow`.
        used: as for `follow`.
        starts: bool (l, l), whether tracks start in an inner and an outer layer.
        queries: int64 (q,), the hit around which each bucket was found.
        members: int64 (q, k), the hits of each bucket, padded with -1.
        tracks: as for `follow_doublets`, and so are the following.
        lengths: as there.
        score: as there.
        counts: as there.
    """
    chunks, n = len(counts), len(queries)
    for turn in numba.prange(chunks):
        chunk, begin, end = _chunk_of(n, turn, chunks)
        track = np.empty(MAX_HITS, np.int64)
        state, covariance = np.empty(N_STATE), np.empty(N_COVARIANCE)
        for bucket in range(begin, end):
            first = queries[bucket]
            if used[first]:
                continue
            for place in range(members.shape[1]):
                second = members[bucket, place]
                if second >= 0 and starts[hits.layer[first], hits.layer[second]]:
                    _try_doublet(
                        hits, layers, cuts, used, first, second, track, state, covariance,
                        chunk, tracks, lengths, score, counts,
                    )  # fmt: skip


@inlined()
def _chunk_of(n, turn, chunks):
    """Return the chunk of a turn, and begin and end of its share of n."""
    chunk = turn * _STRIDE % chunks
    return chunk, n * chunk // chunks, n * (chunk + 1) // chunks


@inlined()
def _try_doublet(
    hits, layers, cuts, used, first, second, track, state, covariance,
    chunk, tracks, lengths, score, counts,
):  # fmt: skip
    """Follow a doublet that points at the beam line, and write its track if it is long enough."""
    if not used[second] and _points_at_beam(hits, cuts, first, second):
        length, chi_squared = follow(
            hits, layers, cuts, used, first, second, track, state, covariance
        )
        if length >= cuts.min_layers:
            _write(
                hits, layers, cuts, used, track, length, chi_squared,
                chunk, tracks, lengths, score, counts,
            )  # fmt: skip


@kernel()
def _write(
    hits, layers, cuts, used, track, length, chi_squared, chunk, tracks, lengths, score, counts
):
    """Extend a track inwards and write it where there is room for it."""
    place = counts[chunk]
    counts[chunk] += 1
    if place >= lengths.shape[1]:
        return
    score[chunk, place] = HIT_SCORE * length - chi_squared
    length = extend_inward(hits, layers, cuts, used, track, length)
    for hit in range(length):
        tracks[chunk, place, hit] = track[hit]
    lengths[chunk, place] = length


@inlined()
def _points_at_beam(hits, cuts, first, second):
    """Return whether two hits lie on a line to the beam line, straight enough in φ."""
    radial = hits.r[second] - hits.r[first]
    if radial <= _LEAST_RADIAL:
        return False
    angle = abs(hits.phi[second] - hits.phi[first])
    angle = min(angle, 2 * pi - angle)
    if angle > cuts.half_curvature * radial + _SLACK_PHI:
        return False
    slope = (hits.z[second] - hits.z[first]) / radial
    return abs(hits.z[first] - slope * hits.r[first]) <= cuts.vertex_z


@inlined()
def _outer_window(hits, layers, cuts, first, outer):
    """Return the window of the outer layer that holds the outer hits of doublets."""
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
def _stretch(outer_z, z, vertex):
    """Return the ratio of the radii, at most 20, of a line from a vertex at two z."""
    stretch = (outer_z - vertex) / (z - vertex) if abs(z - vertex) > 1e-9 else _MOST_STRETCH  # noqa: PLR2004
    return stretch if 0 < stretch < _MOST_STRETCH else _MOST_STRETCH
