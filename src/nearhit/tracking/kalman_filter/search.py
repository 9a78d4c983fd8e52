"""The search of a whole event: pass after pass, each over the hits that the one before left."""

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nearhit.data.buckets import MISSING, Buckets
from nearhit.data.event import Event
from nearhit.tracking.ambiguity_resolution import MAX_HITS, Candidates, Resolver

from .cuts import Cuts
from .layers import lay_out
from .overlaps import resolve_with_overlaps
from .seeds import follow_bucket_pairs, follow_pairs
from .trackml_layers import START_LAYERS

_CHUNKS = 64  # whatever the number of threads, so that tracks are the same
_CAPACITY = 4096  # candidates of a chunk, at first
_LEAST_FREE = 4  # hits of a candidate


class Search:
    """An event's hits, and which of them are taken.

    Args:
        event: its hits.
        buckets: where the first two hits of a track are looked for, of which one is that queried;
            None for everywhere.

    Raises:
        SkippedError: it is not known what a volume of the event measures.
    """

    def __init__(self, event: Event, buckets: Buckets | None = None) -> None:
        names, self._layers, self._hits = lay_out(event)
        pairs = [(a, b) for a, b in START_LAYERS if a in names and b in names]
        self._pairs = [(names.index(inner), names.index(outer)) for inner, outer in pairs]
        self._buckets = None if buckets is None else self._sorted_buckets(buckets)
        self._resolver = Resolver(len(event))

    def _sorted_buckets(self, buckets: Buckets) -> tuple[NDArray[Any], ...]:
        """Return which layers tracks start in (l, l), and queries and members as sorted hits."""
        n_layers = len(self._layers.place)
        starts = np.full((n_layers, n_layers), fill_value=False)
        inner, outer = np.array(self._pairs, np.int64).reshape(-1, 2).T
        starts[inner, outer] = True
        place = np.empty(len(self._hits.row) + 1, np.int64)
        place[self._hits.row] = np.arange(len(self._hits.row))
        place[-1] = MISSING  # the last, which is what a missing member, -1, asks for
        queries = place[buckets.around_hits("kalman")]
        useful = starts.max(axis=1)[self._hits.layer[queries]]
        return starts, queries[useful], place[buckets.members[useful]]

    def candidates(self, cuts: Cuts) -> Candidates:
        """Return the tracks that one pass finds among the hits that are free."""
        capacity = _CAPACITY
        while (found := self._candidates(cuts, capacity)) is None:
            capacity *= 2
        return found

    def _candidates(self, cuts: Cuts, capacity: int) -> Candidates | None:
        tracks = np.empty((_CHUNKS, capacity, MAX_HITS), np.int32)
        lengths = np.empty((_CHUNKS, capacity), np.int32)
        worth = np.empty((_CHUNKS, capacity))
        counts = np.zeros(_CHUNKS, np.int64)
        given = (self._hits, self._layers, cuts, self._resolver.used)
        written = (tracks, lengths, worth, counts)
        if self._buckets is None:
            for inner, outer in self._pairs:
                follow_pairs(*given, inner, outer, *written)
        else:
            follow_bucket_pairs(*given, *self._buckets, *written)
        if counts.max() > capacity:
            return None
        filled = np.arange(capacity) < counts[:, np.newaxis]
        return Candidates(tracks[filled], lengths[filled], worth[filled])

    def resolve(self, candidates: Candidates, cuts: Cuts) -> None:
        """Assign the hits of the best candidates, and those that overlap with them."""
        loop = partial(resolve_with_overlaps, self._hits, self._layers, cuts)
        self._resolver.resolve(candidates, _LEAST_FREE, cuts.free, loop)

    def track_of_hit(self) -> NDArray[np.int32]:
        """Return the track (n,) of every hit of the event, in the event's own order."""
        of_hit = np.empty_like(self._resolver.track_of_hit)
        of_hit[self._hits.row] = self._resolver.track_of_hit
        return of_hit
