"""Declare a tracker: the names that a file of a tracker imports.

The contract is documented at `nearhit.plugins.tracker`.
"""

from .data.buckets import Buckets
from .data.event import Event
from .data.tracks import NO_TRACK, Tracks
from .parameter import parameter
from .plugins.tracker import Takes, Tracker, TrackerSetting, tracker

__all__ = [
    "NO_TRACK",
    "Buckets",
    "Event",
    "Takes",
    "Tracker",
    "TrackerSetting",
    "Tracks",
    "parameter",
    "tracker",
]
