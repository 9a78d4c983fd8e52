"""Apply bucket selections one after the other."""

from collections.abc import Sequence

from nearhit.data.buckets import Buckets, choose_queries
from nearhit.data.event import Event
from nearhit.errors import SkippedError
from nearhit.plugins.bucket_selection import BucketSelection, Rows


def rows_asked(
    event: Event, selections: Sequence[BucketSelection], queries: int | None, seed: int
) -> Rows:
    """Return the rows (q,) of the hits to query, in order of row.

    Args:
        event: its hits.
        selections: of buckets.
        queries: number to draw of the hits that the selections leave, or fewer if there are not
            as many; None for all.
        seed: of the draw.

    Raises:
        SkippedError: the selections leave no hit.
    """
    rows = choose_queries(len(event), None, seed)
    for selection in selections:
        rows = selection.select_queries(event, rows)
    if not len(rows):
        raise SkippedError(f"{event.name} has no hit to query after bucket selection")
    drawn = None if queries is None else min(queries, len(rows))
    return rows[choose_queries(len(rows), drawn, seed)]


def buckets_kept(event: Event, selections: Sequence[BucketSelection], buckets: Buckets) -> Buckets:
    """Return the buckets that a tracker is given.

    Raises:
        SkippedError: a selection does not accept the buckets that one before it leaves.
    """
    for selection in selections:
        buckets = selection.select_buckets(event, buckets)
    return buckets
