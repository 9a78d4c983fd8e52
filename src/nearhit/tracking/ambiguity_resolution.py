"""Every hit in one track at most: the best candidates take theirs first."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nearhit.data.tracks import NO_TRACK
from nearhit.machine.kernels import kernel


@dataclass(frozen=True, eq=False)
class Candidates:
    """Tracks that may share hits.

    Attributes:
        hits: int32 (t, most), rows of hits.
        lengths: int32 (t,), how many of them count.
        worth: float64 (t,), the better the higher.
    """

    hits: NDArray[np.int32]
    lengths: NDArray[np.int32]
    worth: NDArray[np.float64]


class Resolver:
    """Gives the hits of an event to tracks, best candidates first, in as many goes as are wanted.

    Args:
        n_hits: hits of the event.

    Attributes:
        used: bool (n,), hits that are taken.
        track_of_hit: int32 (n,), as in `Tracks`.
    """

    def __init__(self, n_hits: int) -> None:
        self.used = np.zeros(n_hits, np.bool_)
        self.track_of_hit = np.full(n_hits, NO_TRACK, np.int32)
        self._n_tracks = 0

    def take(self, candidates: Candidates, least_hits: int, least_share: float) -> None:
        """Make tracks of the candidates that have enough free hits when their turn comes.

        Args:
            candidates: what may become tracks.
            least_hits: of a candidate that must be free.
            least_share: of its hits that must be free.
        """
        order = np.argsort(-candidates.worth, kind="stable")
        self._n_tracks = _take(
            order, candidates.hits, candidates.lengths, least_hits, least_share,
            self.used, self.track_of_hit, self._n_tracks,
        )  # fmt: skip


@kernel()
def _take(  # noqa: PLR0913, PLR0917 - a kernel takes its arrays one by one
    order: NDArray[np.int64],
    tracks: NDArray[np.int32],
    lengths: NDArray[np.int32],
    least_hits: int,
    least_share: float,
    used: NDArray[np.bool_],
    track_of_hit: NDArray[np.int32],
    n_tracks: int,
) -> int:
    for candidate in order:
        length = lengths[candidate]
        free = 0
        for place in range(length):
            free += not used[tracks[candidate, place]]
        if free < least_hits or free < least_share * length:
            continue
        for place in range(length):
            hit = tracks[candidate, place]
            if not used[hit]:
                used[hit] = True
                track_of_hit[hit] = n_tracks
        n_tracks += 1
    return n_tracks
