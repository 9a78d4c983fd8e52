"""Tracks: the result of a tracker."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NO_TRACK = -1
"""The track number of a hit on no track."""


@dataclass(frozen=True, eq=False)
class Tracks:
    """The track of every hit of an event; a hit is on one at most.

    Attributes:
        of_hit: int32 (n,), track numbers from 0, not necessarily consecutive, or `NO_TRACK`.
    """

    of_hit: NDArray[np.int32]

    def __len__(self) -> int:
        return len(np.unique(self.of_hit[self.of_hit != NO_TRACK]))
