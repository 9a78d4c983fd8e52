"""Greedy set cover: few buckets that together hold every hit of all buckets."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from nearhit.data.buckets import Buckets
from nearhit.data.event import Event
from nearhit.machine.kernels import kernel
from nearhit.parameter import parameter
from nearhit.plugins.bucket_selection import AllQueries


@dataclass(frozen=True)
class Cover(AllQueries):
    """Repeatedly the bucket with most hits that are not in the buckets chosen before.

    Source: the greedy algorithm for set cover, Chvátal 1979.
    """

    name: ClassVar[str] = "cover"

    times: int = parameter(1, "number of buckets that cover every hit", at_least=1, at_most=1_000)

    def select_buckets(self, event: Event, buckets: Buckets) -> Buckets:
        """Return the buckets of the cover in their original order."""
        chosen = _cover(buckets.members, len(event), self.times)
        return Buckets(buckets.queries[chosen], buckets.members[chosen])


@kernel()
def _cover(members: NDArray[np.int32], n_hits: int, times: int) -> NDArray[np.bool_]:
    """Return the mask (q,) of the chosen buckets.

    The number of hits that a bucket would add only falls: an outdated number is counted anew at the
    bucket's turn, and the bucket is put back among those of its current number.
    """
    lacks = np.full(n_hits, times, np.int64)
    chosen = np.zeros(len(members), np.bool_)
    heads = np.full(members.shape[1] + 1, -1, np.int64)
    after = np.full(len(members), -1, np.int64)
    for bucket in range(len(members) - 1, -1, -1):
        adds = _adds(members[bucket], lacks)
        after[bucket], heads[adds] = heads[adds], bucket
    for adds in range(members.shape[1], 0, -1):
        while heads[adds] >= 0:
            bucket = heads[adds]
            heads[adds] = after[bucket]
            now = _adds(members[bucket], lacks)
            if now == adds:
                chosen[bucket] = True
                for hit in members[bucket]:
                    if hit >= 0 and lacks[hit] > 0:
                        lacks[hit] -= 1
            else:
                after[bucket], heads[now] = heads[now], bucket
    return chosen


@kernel()
def _adds(members: NDArray[np.int32], lacks: NDArray[np.int64]) -> int:
    number = 0
    for hit in members:
        number += hit >= 0 and lacks[hit] > 0
    return number
