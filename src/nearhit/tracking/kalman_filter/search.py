"""Track search in an event: passes, each over the hits that those before left free."""

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
from .seeds import follow_bucket_doublets, follow_doublets
from .trackml_layers import START_LAYERS

_CHUNKS = 64  # independent of the number of threads, as tracks must be
_CAPACITY = 4096  # candidates of a chunk, initially
_MIN_FREE_HITS = 4  # hits of a candidate


class Search:
    """The hits of an event in their layers, and the tracks found so far.

    Args:
        event: its hits.
        buckets: where doublets are looked for, of which the inner hit is the queried one; None for
            the whole event.

    Raises:
        SkippedError: the resolution of a volume of the event is not known.
    """

    def __init__(self, event: Event, buckets: Buckets | None = None) -> None:
        names, self._layers, self._hits = lay_out(event)
        self._start_layers = [
            (names.index(inner), names.index(outer))
            for inner, outer in START_LAYERS
            if inner in names and outer in names
        ]
        self._buckets = None if buckets is None else self._sorted_buckets(buckets)
        self._resolver = Resolver(len(event))

    def _sorted_buckets(self, buckets: Buckets) -> tuple[NDArray[Any], ...]:
        """Return the pairs of start layers (l, l), and queries and members as sorted hits."""
        n_layers = len(self._layers.place)
        starts = np.full((n_layers, n_layers), fill_value=False)
        inner, outer = np.array(self._start_layers, np.int64).reshape(-1, 2).T
        starts[inner, outer] = True
        place = np.empty(len(self._hits.row) + 1, np.int64)
        place[self._hits.row] = np.arange(len(self._hits.row))
        place[-1] = MISSING  # the last element, where -1, a missing member, points
        queries = place[buckets.around_hits("kalman")]
        useful = starts.max(axis=1)[self._hits.layer[queries]]
        return starts, queries[useful], place[buckets.members[useful]]

    def candidates(self, cuts: Cuts) -> Candidates:
        """Return the candidates that one pass finds among the free hits."""
        capacity = _CAPACITY
        while (found := self._candidates(cuts, capacity)) is None:
            capacity *= 2
        return found

    def _candidates(self, cuts: Cuts, capacity: int) -> Candidates | None:
        tracks = np.empty((_CHUNKS, capacity, MAX_HITS), np.int32)
        lengths = np.empty((_CHUNKS, capacity), np.int32)
        score = np.empty((_CHUNKS, capacity))
        counts = np.zeros(_CHUNKS, np.int64)
        given = (self._hits, self._layers, cuts, self._resolver.used)
        written = (tracks, lengths, score, counts)
        if self._buckets is None:
            for inner, outer in self._start_layers:
                follow_doublets(*given, inner, outer, *written)
        else:
            follow_bucket_doublets(*given, *self._buckets, *written)
        if counts.max() > capacity:
            return None
        filled = np.arange(capacity) < counts[:, np.newaxis]
        return Candidates(tracks[filled], lengths[filled], score[filled])

    def resolve(self, candidates: Candidates, cuts: Cuts) -> None:
        """Assign the hits of the best candidates, and those that overlap with them."""
        loop = partial(resolve_with_overlaps, self._hits, self._layers, cuts)
        self._resolver.resolve(candidates, _MIN_FREE_HITS, cuts.min_free, loop)

    def track_of_hit(self) -> NDArray[np.int32]:
        """Return the track (n,) of every hit, in the order of the event."""
        of_hit = np.empty_like(self._resolver.track_of_hit)
        of_hit[self._hits.row] = self._resolver.track_of_hit
        return of_hit
