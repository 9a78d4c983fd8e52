"""Contract of a bucket selection: which hits are queried and which buckets a tracker is given.

A selection never sees the truth.
"""

from typing import ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from nearhit.data.buckets import Buckets
from nearhit.data.event import Event

Rows = NDArray[np.int32]
"""Row numbers of hits, int32 (q,)."""


class BucketSelection(Protocol):
    """One selection, applied before an index is queried, after, or both.

    It is a dataclass whose fields are declared with `parameter`, as in an adapter. The first line
    of its docstring is printed by `nearhit trackers`.

    Attributes:
        name: the name that users write.
    """

    name: ClassVar[str]

    def select_queries(self, event: Event, rows: Rows) -> Rows:
        """Return the rows of the hits to query, a subset of the given rows (q,)."""

    def select_buckets(self, event: Event, buckets: Buckets) -> Buckets:
        """Return the buckets that a tracker is given instead of those found."""


class AllQueries:
    """Base of selections that only act on the buckets found: every hit is queried."""

    def select_queries(self, event: Event, rows: Rows) -> Rows:  # noqa: ARG002 - part of the contract
        """Return all rows."""
        return rows


class AllBuckets:
    """Base of selections that only act on the queries: every bucket found is kept."""

    def select_buckets(self, event: Event, buckets: Buckets) -> Buckets:  # noqa: ARG002 - as above
        """Return all buckets."""
        return buckets
