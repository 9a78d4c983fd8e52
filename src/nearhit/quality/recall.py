"""Recall: share of the exact k nearest that a library returned, ties counted by distance."""

import numba
import numpy as np
from numpy.typing import NDArray

from nearhit.data.buckets import Buckets
from nearhit.plugins.adapter import Distance

TIE = 1e-6
"""Relative difference below which two distances are a tie: the rounding of float32."""

_CODES: dict[Distance, int] = {"euclidean": 0, "manhattan": 1, "dot": 2, "angular": 0}


def recall(
    points: NDArray[np.float32],
    buckets: Buckets,
    kth: NDArray[np.int32],
    distance: Distance,
) -> float:
    """Return the share of the exact k nearest that the buckets hold.

    A member counts if it is no farther from the query than the exact k-th nearest point, so that of
    several at the same distance any will do.

    Args:
        points: (n, d), projected by the metric; unit vectors where the distance is angular.
        buckets: answers of the library, each member once.
        kth: (q,) rows of the exact k-th nearest, from `kth_neighbours`.
        distance: the base distance.
    """
    members = np.ascontiguousarray(buckets.members)
    found = _count_near(points, buckets.queries, members, kth, _CODES[distance])
    wanted = min(members.shape[1], len(points))
    return float(np.minimum(found, wanted).mean() / wanted)


@numba.njit(parallel=True, cache=True)
def _count_near(
    points: NDArray[np.float32],
    queries: NDArray[np.int32],
    members: NDArray[np.int32],
    kth: NDArray[np.int32],
    code: int,
) -> NDArray[np.int64]:
    found = np.zeros(len(members), np.int64)
    for row in numba.prange(len(members)):
        query = points[queries[row]]
        limit = _distance(query, points[kth[row]], code)
        limit += TIE * abs(limit)
        for hit in members[row]:
            if hit >= 0 and _distance(query, points[hit], code) <= limit:
                found[row] += 1
    return found


@numba.njit(cache=True)
def _distance(a: NDArray[np.float32], b: NDArray[np.float32], code: int) -> float:
    total = 0.0
    for axis in range(len(a)):
        left, right = np.float64(a[axis]), np.float64(b[axis])
        if code == 0:
            total += (left - right) ** 2
        elif code == 1:
            total += abs(left - right)
        else:
            total -= left * right
    return total
