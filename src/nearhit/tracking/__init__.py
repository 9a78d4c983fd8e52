"""Tracking: from buckets, or a whole event, to tracks.

`run` runs a tracker on the clock. `trackers` holds one file a tracker, and the algorithms are
beside it: `kalman_filter`, `helix_search`, `acts_chain`, `clustering`, `ambiguity_resolution`.
"""
