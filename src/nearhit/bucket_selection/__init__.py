"""Bucket selections: they reduce or join the buckets that a tracker is given.

One file each; every module's classes are found through the entry point group
`nearhit.bucket_selections`. `apply` applies several one after the other.
"""

from .apply import buckets_kept, rows_asked

__all__ = ["buckets_kept", "rows_asked"]
