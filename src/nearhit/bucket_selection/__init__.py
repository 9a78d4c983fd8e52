"""Bucket selections: they reduce or join the buckets that a tracker is given.

One file each; every module's classes are found through the entry point group
`nearhit.bucket_selections`, in nearhit and in other packages, which import the names below.
`apply` applies several selections one after the other.
"""

from nearhit.data.buckets import Buckets
from nearhit.data.event import Event
from nearhit.parameter import parameter
from nearhit.plugins.bucket_selection import AllBuckets, AllQueries, BucketSelection, Rows

from .apply import buckets_kept, rows_asked

__all__ = [
    "AllBuckets",
    "AllQueries",
    "BucketSelection",
    "Buckets",
    "Event",
    "Rows",
    "buckets_kept",
    "parameter",
    "rows_asked",
]
