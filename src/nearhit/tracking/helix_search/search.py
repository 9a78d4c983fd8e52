"""The search of each bucket for the helix through its queried hit that passes most layers."""

import numba
import numpy as np

from nearhit.data.buckets import Buckets
from nearhit.data.event import Event
from nearhit.machine.kernels import inlined, kernel
from nearhit.tracking.ambiguity_resolution import HIT_SCORE, MAX_HITS, Candidates
from nearhit.tracking.kalman_filter.trackml_layers import resolution_of

from .helix import FAR, HelixCuts, HelixHits, chi_squared_of, draw, fit

_CHUNKS = 64


def helix_hits(event: Event) -> HelixHits:
    """Return the hits of an event as the search needs them.

    Raises:
        SkippedError: the resolution of a volume of the event is not known.
    """
    hits = event.hits
    x, y = hits.x.astype(np.float64), hits.y.astype(np.float64)
    volumes, of_hit = np.unique(hits.volume, return_inverse=True)
    resolution = np.array([resolution_of(int(volume)) for volume in volumes]).reshape(-1, 2)
    _, layer = np.unique(hits.volume * 1000 + hits.layer, return_inverse=True)
    rphi_resolution, z_resolution = resolution[of_hit].T
    return HelixHits(
        r=np.hypot(x, y),
        phi=np.arctan2(y, x),
        z=hits.z.astype(np.float64),
        layer=layer,
        module=hits.module,
        rphi_resolution=np.ascontiguousarray(rphi_resolution),
        z_resolution=np.ascontiguousarray(z_resolution),
    )


def best_helices(hits: HelixHits, cuts: HelixCuts, buckets: Buckets) -> Candidates:
    """Return the best helix of each bucket that has one."""
    queries = buckets.around_hits("helix")
    n = len(queries)
    tracks, lengths = np.empty((n, MAX_HITS), np.int32), np.empty(n, np.int32)
    score = np.empty(n)
    _find_helices(hits, cuts, queries, buckets.members, tracks, lengths, score)
    found = lengths > 0
    return Candidates(tracks[found], lengths[found], score[found])


@kernel(parallel=True)
def _find_helices(hits, cuts, queries, members, tracks, lengths, score):
    """Write the best helix of each bucket.

    Args:
        hits: of the event.
        cuts: the selection cuts.
        queries: int (q,), the hit around which each bucket was found.
        members: int (q, k), padded with -1.
        tracks: int32 (q, MAX_HITS), written.
        lengths: int32 (q,), written; 0 where no helix passes enough layers.
        score: float64 (q,), written.
    """
    n = len(queries)
    for chunk in numba.prange(_CHUNKS):
        helix, best = np.empty(4), np.empty(4)
        for bucket in range(n * chunk // _CHUNKS, n * (chunk + 1) // _CHUNKS):
            around = members[bucket]
            lengths[bucket], score[bucket] = 0, -np.inf
            for place in range(len(around)):
                other = around[place]
                if other < 0 or not draw(hits, queries[bucket], other, helix):
                    continue
                layers, chi_squared = _count(hits, cuts, around, helix, queries[bucket], other)
                one = HIT_SCORE * layers - chi_squared
                if layers >= cuts.min_layers and one > score[bucket]:
                    score[bucket] = one
                    best[:] = helix
                    lengths[bucket] = 1
            if lengths[bucket]:
                fit(hits, cuts, around, best)
                lengths[bucket], score[bucket] = _collect(hits, cuts, around, best, tracks[bucket])


@inlined()
def _count(hits, cuts, around, helix, one, other):
    """Return the number of layers with hits near a helix through two hits, and chi squared."""
    low, high = hits.r[one], hits.r[other]
    low, high = min(low, high), max(low, high)
    most = cuts.n_sigma * cuts.n_sigma
    seen, layers, chi_squared = np.uint64(0), 0, 0.0
    for place in range(len(around)):
        hit = around[place]
        if hit < 0:
            continue
        squared = chi_squared_of(hits, cuts, hit, helix, low, high)
        if squared > most:
            continue
        bit = np.uint64(1) << np.uint64(hits.layer[hit])
        if not seen & bit:
            seen |= bit
            layers += 1
            chi_squared += squared
    return layers, chi_squared


@inlined()
def _collect(hits, cuts, around, helix, track):
    """Write the hits near a helix, one of a module; return their number and score."""
    most = cuts.n_sigma * cuts.n_sigma
    n, seen, score = 0, np.uint64(0), 0.0
    for place in range(len(around)):
        hit = around[place]
        if hit < 0 or n == len(track):
            continue
        squared = chi_squared_of(hits, cuts, hit, helix, 0.0, FAR)
        if squared > most or _on_used_module(hits, track, n, hit):
            continue
        track[n] = hit
        n += 1
        bit = np.uint64(1) << np.uint64(hits.layer[hit])
        score -= squared
        if not seen & bit:
            seen |= bit
            score += HIT_SCORE
    return n, score


@inlined()
def _on_used_module(hits, track, n, hit):
    on_used = False
    for place in range(n):
        other = track[place]
        on_used |= hits.module[other] == hits.module[hit] and hits.layer[other] == hits.layer[hit]
    return on_used
