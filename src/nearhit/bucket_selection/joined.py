"""Buckets joined by the position of the queried hit, as in ACTS' hashing seeder."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from nearhit.data.buckets import MISSING, Buckets
from nearhit.data.event import Event
from nearhit.data.grouping import place_in_group
from nearhit.parameter import parameter
from nearhit.plugins.bucket_selection import AllQueries


@dataclass(frozen=True)
class Joined(AllQueries):
    """One bucket a bin of the queried hit: the hits of all its buckets, each hit once."""

    name: ClassVar[str] = "joined"

    by: str = parameter("phi", "coordinate of the queried hit to bin", choices=("phi", "z"))
    bins: int = parameter(100, "number of bins of equal width", at_least=1, at_most=1_000_000)

    def select_buckets(self, event: Event, buckets: Buckets) -> Buckets:
        """Return the joined buckets in order of bins; they have no queried hit."""
        bin_of = np.repeat(self._bin_of(event, buckets.queries), buckets.members.shape[1])
        members = buckets.members.ravel()
        there = members != MISSING
        in_bin = np.unique(np.column_stack((bin_of[there], members[there])), axis=0)
        _, row = np.unique(in_bin[:, 0], return_inverse=True)
        widest = int(np.bincount(row).max(initial=0))
        joined = np.full((int(row.max(initial=-1)) + 1, widest), MISSING, np.int32)
        joined[row, place_in_group(row)] = in_bin[:, 1]
        return Buckets(np.full(len(joined), MISSING, np.int32), joined)

    def _bin_of(self, event: Event, queries: NDArray[np.int32]) -> NDArray[np.int64]:
        hits = event.hits
        if self.by == "phi":
            value, low, high = np.arctan2(hits.y, hits.x)[queries], -np.pi, np.pi
        else:
            value = hits.z[queries]
            low, high = value.min(initial=0), value.max(initial=0)
        share = (value - low) / max(high - low, 1e-9)
        return np.clip(share * self.bins, 0, self.bins - 1).astype(np.int64)
