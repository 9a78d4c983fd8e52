"""Every hit in one track at most: the best candidates take theirs first, with what overlaps."""

import numpy as np

from nearhit.machine.kernels import kernel

from .follow import MOST_HITS
from .overlaps import add_overlaps

_LEAST_HITS = 4


@kernel()
def take(hits, layers, cuts, used, order, tracks, lengths, track_of_hit, n_tracks):
    """Make tracks of the candidates that have enough free hits; return how many there are then.

    Args:
        hits: sorted into the layers.
        layers: of the event.
        cuts: of the pass.
        used: bool (n,), changed.
        order: rows of candidates, the best first.
        tracks: int32 (t, MOST_HITS), their hits.
        lengths: int32 (t,), how many of them count.
        track_of_hit: int32 (n,), changed.
        n_tracks: tracks before.
    """
    track = np.empty(MOST_HITS, np.int64)
    for candidate in order:
        n, free = lengths[candidate], 0
        for place in range(n):
            track[place] = tracks[candidate, place]
            free += not used[track[place]]
        if free < _LEAST_HITS or free < cuts.free * n:
            continue
        _mark(track, 0, n, used, track_of_hit, n_tracks)
        # At once: left free for now, the second hits of a layer would make a track of their own.
        total = add_overlaps(hits, layers, cuts, used, track, n)
        _mark(track, n, total, used, track_of_hit, n_tracks)
        n_tracks += 1
    return n_tracks


@kernel()
def _mark(track, begin, end, used, track_of_hit, number):
    for place in range(begin, end):
        hit = track[place]
        if not used[hit]:
            used[hit] = True
            track_of_hit[hit] = number
