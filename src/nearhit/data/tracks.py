"""Tracks: what a tracker makes of an event."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NO_TRACK = -1
"""The track of a hit that is in none."""


@dataclass(frozen=True, eq=False)
class Tracks:
    """Which track every hit of an event is in; a hit is in one at most.

    Attributes:
        of_hit: int32 (n,), numbers of tracks from 0, `NO_TRACK` where a hit is in none. Numbers
            need not be consecutive: a track without hits does not exist.
    """

    of_hit: NDArray[np.int32]

    def __len__(self) -> int:
        return len(np.unique(self.of_hit[self.of_hit != NO_TRACK]))
