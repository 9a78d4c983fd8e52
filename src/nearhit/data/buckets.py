"""Buckets: the answer of an index."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nearhit.errors import BadInputError, SkippedError

MISSING = -1
"""Pads a bucket in which the library found fewer than k."""


@dataclass(frozen=True, eq=False)
class Buckets:
    """Hits found near to hits of the same event.

    Attributes:
        queries: int32 (q,), the rows of the queried hits, `MISSING` for joined buckets.
        members: int32 (q, k), the rows of the hits found, nearest first, padded with `MISSING`.
        hold_everything: whether this is the whole event as one bucket.
    """

    queries: NDArray[np.int32]
    members: NDArray[np.int32]
    hold_everything: bool = False

    def around_hits(self, what: str) -> NDArray[np.int32]:
        """Return the queried hits of the buckets, for a tracker or selection that needs them.

        Raises:
            SkippedError: the buckets were joined.
        """
        if (self.queries == MISSING).any():
            raise SkippedError(f"{what} looks around the queried hit, which joined buckets lack")
        return self.queries


def choose_queries(n_hits: int, queries: int | None, seed: int) -> NDArray[np.int32]:
    """Return the rows of the hits to query: all of them, or a random sample in order of row.

    Args:
        n_hits: hits in the event.
        queries: how many to draw without repetition; None for all, in their own order.
        seed: of the draw.

    Raises:
        BadInputError: there are not that many hits.
    """
    if queries is None:
        return np.arange(n_hits, dtype=np.int32)
    if not 1 <= queries <= n_hits:
        raise BadInputError(
            f"Queries must be 'all' or a number from 1 to the {n_hits} hits, not {queries}."
        )
    drawn = np.random.default_rng(seed).choice(n_hits, queries, replace=False)
    return np.sort(drawn).astype(np.int32)
