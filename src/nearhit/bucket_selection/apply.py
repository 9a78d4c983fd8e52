"""Choices applied one after the other."""

from collections.abc import Sequence

from nearhit.data.buckets import Buckets, choose_queries
from nearhit.data.event import Event
from nearhit.errors import SkippedError
from nearhit.plugins.bucket_selection import BucketSelection, Rows


def rows_asked(
    event: Event, choices: Sequence[BucketSelection], queries: int | None, seed: int
) -> Rows:
    """Return the rows (q,) of the hits that an index is asked for, in order of row.

    Args:
        event: its hits.
        choices: of buckets.
        queries: how many to draw of the hits that the choices leave; None for all, and all where
            there are no more.
        seed: of the draw.

    Raises:
        SkippedError: the choices leave no hit.
    """
    rows = choose_queries(len(event), None, seed)
    for choice in choices:
        rows = choice.asked(event, rows)
    if not len(rows):
        raise SkippedError(f"{event.name} has no hit where buckets are asked for")
    drawn = None if queries is None else min(queries, len(rows))
    return rows[choose_queries(len(rows), drawn, seed)]


def buckets_kept(event: Event, choices: Sequence[BucketSelection], buckets: Buckets) -> Buckets:
    """Return the buckets that a tracker is given.

    Raises:
        SkippedError: a choice does not take what one before it leaves.
    """
    for choice in choices:
        buckets = choice.kept(event, buckets)
    return buckets
