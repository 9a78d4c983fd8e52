"""Tracking: from buckets, or a whole event, to tracks.

`run` runs a tracker and times it. `trackers` holds one file a tracker; the algorithms are in
`kalman_filter`, `helix_search`, `acts_chain`, `clustering` and `ambiguity_resolution`.
"""
