"""Ambiguity resolution: every hit in one track at most, the best candidates first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from nearhit.data.tracks import NO_TRACK, Tracks
from nearhit.machine.kernels import inlined, kernel

MAX_HITS = 40
"""Hits of a candidate at most, where room for them is made beforehand."""

HIT_SCORE = 12.0
"""Score of a hit: the chi squared that it may add before the shorter candidate is the better.

With two residuals a hit, 99.8 % of the right ones add less.
"""


@dataclass(frozen=True, eq=False)
class Candidates:
    """Track candidates, which may share hits.

    Attributes:
        hits: int32 (t, most), rows of hits.
        lengths: int32 (t,), how many of them count.
        score: float64 (t,), the better the higher.
    """

    hits: NDArray[np.int32]
    lengths: NDArray[np.int32]
    score: NDArray[np.float64]

    @classmethod
    def of(cls, tracks: Sequence[NDArray[np.int32]]) -> Self:
        """Return tracks, each the rows of its hits, as candidates scored by their length."""
        lengths = np.array([len(track) for track in tracks], np.int32)
        hits = np.full((len(tracks), lengths.max(initial=0)), -1, np.int32)
        for row, track in zip(hits, tracks, strict=True):
            row[: len(track)] = track
        return cls(hits, lengths, lengths.astype(np.float64))


@inlined()
def has_free_hits(
    track: NDArray[np.int32], min_hits: int, min_share: float, used: NDArray[np.bool_]
) -> bool:
    """Return whether enough hits of a track are free."""
    free = 0
    for hit in track:
        free += not used[hit]
    return free >= min_hits and free >= min_share * len(track)


@inlined()
def assign(
    track: NDArray[np.int32], used: NDArray[np.bool_], track_of_hit: NDArray[np.int32], number: int
) -> None:
    """Assign the free hits of a track to its number."""
    for hit in track:
        if not used[hit]:
            used[hit] = True
            track_of_hit[hit] = number


@kernel()
def resolve_in_order(  # noqa: PLR0913, PLR0917 - a kernel takes its arrays one by one
    order: NDArray[np.int64],
    hits: NDArray[np.int32],
    lengths: NDArray[np.int32],
    min_hits: int,
    min_share: float,
    used: NDArray[np.bool_],
    track_of_hit: NDArray[np.int32],
    n_tracks: int,
) -> int:
    """Make tracks of candidates in an order; return the number of tracks, those before included."""
    for candidate in order:
        track = hits[candidate, : lengths[candidate]]
        if has_free_hits(track, min_hits, min_share, used):
            assign(track, used, track_of_hit, n_tracks)
            n_tracks += 1
    return n_tracks


class Resolver:
    """Assigns the hits of an event to tracks, best candidates first, in one or more passes.

    Args:
        n_hits: hits of the event.

    Attributes:
        used: bool (n,), hits on tracks.
        track_of_hit: int32 (n,), as in `Tracks`.
    """

    def __init__(self, n_hits: int) -> None:
        self.used = np.zeros(n_hits, np.bool_)
        self.track_of_hit = np.full(n_hits, NO_TRACK, np.int32)
        self._n_tracks = 0

    def resolve(
        self,
        candidates: Candidates,
        min_hits: int,
        min_share: float,
        loop: Callable[..., int] = resolve_in_order,
    ) -> Tracks:
        """Make tracks of candidates with enough free hits at their turn; return all tracks so far.

        Args:
            candidates: what may become tracks.
            min_hits: hits of a candidate that must be free.
            min_share: share of its hits that must be free.
            loop: the kernel, which takes the arguments of `resolve_in_order`.
        """
        order = np.argsort(-candidates.score, kind="stable")
        self._n_tracks = loop(
            order, candidates.hits, candidates.lengths, min_hits, min_share,
            self.used, self.track_of_hit, self._n_tracks,
        )  # fmt: skip
        return Tracks(self.track_of_hit)
