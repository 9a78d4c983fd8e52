"""Defects of buckets that count as failure of a library."""

import numba
import numpy as np
from numpy.typing import NDArray

_DEFECTS = ("", "a row number outside of the event", "one hit twice in a bucket")


def defect_of(members: NDArray[np.int32], n_hits: int) -> str:
    """Return the defect of the first defective bucket; empty if all are sound.

    Args:
        members: (q, k) rows of hits, -1 where fewer were found.
        n_hits: hits in the event.
    """
    bucket, defect = _first_defect(np.ascontiguousarray(members), n_hits)
    return f"{_DEFECTS[defect]} (query {bucket})" if defect else ""


@numba.njit(cache=True)
def _first_defect(members: NDArray[np.int32], n_hits: int) -> tuple[int, int]:
    last_seen = np.full(n_hits, -1, np.int64)
    for bucket in range(len(members)):
        for hit in members[bucket]:
            if hit < -1 or hit >= n_hits:
                return bucket, 1
            if hit >= 0 and last_seen[hit] == bucket:
                return bucket, 2
            if hit >= 0:
                last_seen[hit] = bucket
    return -1, 0
