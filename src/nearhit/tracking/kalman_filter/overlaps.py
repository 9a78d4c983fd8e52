"""Overlaps: further hits of a track's layers, where modules overlap."""

import numpy as np

from nearhit.machine.kernels import kernel
from nearhit.tracking.ambiguity_resolution import MAX_HITS, assign, has_free_hits

from .circle import circle_through, end_of_chord, length, path_of
from .window import span, window

_FURTHER = 3  # hits of one layer beyond the first
_N_SIGMA = 2.5  # of the z resolution
_FLATTEST = 0.3  # cotangent, of a track that crosses a disc


@kernel()
def resolve_with_overlaps(
    hits, layers, cuts, order, candidates, lengths, min_hits, min_share, used, track_of_hit,
    n_tracks,
):  # fmt: skip
    """Resolve candidates as `resolve_in_order` does, and add overlaps to each track at once.

    Left free until later, the second hits of a layer would make a track of their own.
    """
    track = np.empty(MAX_HITS, np.int64)
    for candidate in order:
        n = np.int64(lengths[candidate])
        for place in range(n):
            track[place] = candidates[candidate, place]
        if has_free_hits(track[:n], min_hits, min_share, used):
            assign(track[:n], used, track_of_hit, n_tracks)
            total = add_overlaps(hits, layers, cuts, used, track, n)
            assign(track[n:total], used, track_of_hit, n_tracks)
            n_tracks += 1
    return n_tracks


@kernel()
def add_overlaps(hits, layers, cuts, used, track, n):
    """Append overlaps to the n >= 3 hits of a track; return the new number of hits."""
    total = n
    for place in range(n):
        hit = track[place]
        curvature, cosine, sine, cotangent = tangent(hits, track, n, place)
        first = total
        for _ in range(_FURTHER):
            further = _best(
                hits, layers, cuts, used, hit, curvature, cosine, sine, cotangent,
                track[first:total],
            )  # fmt: skip
            if further < 0 or total == len(track):
                break
            track[total] = further
            total += 1
    return total


@kernel()
def tangent(hits, track, n, place):
    """Return curvature, direction and cotangent at one of a track's hits, from its neighbours."""
    begin = min(max(place - 1, 0), n - 3)
    first, middle, last = track[begin], track[begin + 1], track[begin + 2]
    curvature, _, _ = circle_through(
        hits.x[first], hits.y[first], hits.x[middle], hits.y[middle], hits.x[last], hits.y[last]
    )
    before, after = track[max(place - 1, 0)], track[min(place + 1, n - 1)]
    other, turn = (before, 1.0) if place > 0 else (after, -1.0)
    hit = track[place]
    dx, dy = turn * (hits.x[hit] - hits.x[other]), turn * (hits.y[hit] - hits.y[other])
    cosine, sine = end_of_chord(turn * curvature, dx, dy)
    chord = length(hits.x[after] - hits.x[before], hits.y[after] - hits.y[before])
    path = max(path_of(curvature, chord), 1e-3)
    return curvature, cosine, sine, (hits.z[after] - hits.z[before]) / path


@kernel()
def _best(hits, layers, cuts, used, hit, curvature, cosine, sine, cotangent, taken):
    """Return the best hit of the layer on a module that has none yet, or -1."""
    layer = hits.layer[hit]
    barrel = layers.barrel[layer]
    z_reach = _N_SIGMA * layers.z_resolution[layer] + cuts.overlap_z
    steep = max(abs(cotangent), _FLATTEST)
    half_path = cuts.overlap_path / 2
    reach = z_reach + (half_path * abs(cotangent) if barrel else half_path / steep)
    phi_reach = (cuts.overlap_rphi + 0.7 * half_path) / hits.r[hit]
    measured = hits.z[hit] if barrel else hits.r[hit]
    scale = z_reach if barrel else z_reach * steep
    best, found = 1.0, -1
    begin, end, phi_begin, phi_end, parts = window(
        layers, layer, measured, reach, hits.phi[hit], phi_reach
    )
    for row in range(begin, end):
        for part in range(parts):
            first, beyond = span(hits, layers, layer, row, phi_begin, phi_end, part)
            for other in range(first, beyond):
                if used[other] or hits.module[other] == hits.module[hit]:
                    continue
                dx, dy, dz = (
                    hits.x[other] - hits.x[hit],
                    hits.y[other] - hits.y[hit],
                    hits.z[other] - hits.z[hit],
                )
                path = dx * cosine + dy * sine
                if abs(path if barrel else dz) > cuts.overlap_path:
                    continue
                rphi = dy * cosine - dx * sine - 0.5 * curvature * path * path
                z_residual = dz - cotangent * path
                squared = (rphi / cuts.overlap_rphi) ** 2 + (z_residual / scale) ** 2
                if squared < best and _on_a_free_module(hits, other, taken):
                    best, found = squared, other
    return found


@kernel()
def _on_a_free_module(hits, hit, taken):
    free = True
    for other in taken:
        free &= hits.module[other] != hits.module[hit]
    return free
