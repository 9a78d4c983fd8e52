"""Groups of rows that share a number."""

import numpy as np
from numpy.typing import NDArray


def place_in_group(group: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the position (n,), from 0, of each row within its group."""
    order = np.argsort(group, kind="stable")
    starts = np.flatnonzero(np.diff(group[order], prepend=-1))
    place = np.empty(len(group), np.int64)
    place[order] = np.arange(len(group)) - np.repeat(starts, np.diff(starts, append=len(group)))
    return place
