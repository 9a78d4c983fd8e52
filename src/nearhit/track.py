"""Runs a tracker on the clock."""

from dataclasses import dataclass

import numpy as np

from .buckets import Buckets
from .errors import SkippedError
from .event import Event
from .registry import how_to_install, installed_version
from .spec import TrackerSpec
from .stopwatch import Stopwatch
from .tracker import Tracker, TrackerSetting
from .tracks import NO_TRACK, Tracks

Stages = dict[str, float]
"""Seconds by the name of a stage."""


@dataclass(frozen=True, eq=False)
class Tracked:
    """What a tracker did, pass by pass.

    Attributes:
        cold: stages of the pass that paid for imports and compilation, if there was one.
        warm: stages of the passes after it.
        n_buckets: buckets that it was given.
        hits_per_bucket: mean hits of one.
        tracks: of the last pass.
    """

    cold: Stages | None
    warm: tuple[Stages, ...]
    n_buckets: int
    hits_per_bucket: float
    tracks: Tracks


def track(
    spec: TrackerSpec, threads: int, seed: int, event: Event, buckets: Buckets
) -> tuple[Stages, Tracks]:
    """Find tracks once; return the seconds of each stage and the tracks.

    Raises:
        SkippedError: the event lacks what the tracker needs.
    """
    watch = Stopwatch()
    tracks = spec.tracker(TrackerSetting(threads, seed, watch)).find(event, buckets)
    return watch.wall, tracks


def whole_event(event: Event) -> Buckets:
    """Return an event as one bucket of all its hits, around the first."""
    rows = np.arange(len(event), dtype=np.int32)
    return Buckets(rows[:1], rows[np.newaxis], hold_everything=True)


def check_tracker(tracker: type[Tracker], event: Event) -> None:
    """Raise `SkippedError` with the reason where a tracker cannot be had, or not on this event."""
    if installed_version(tracker) is None:
        raise SkippedError(f"{tracker.package} is not installed: {how_to_install(tracker)}")
    if tracker.truth and event.truth is None:
        raise SkippedError(f"{tracker.name} reads the truth, and {event.name} has none")


def defect_of_tracks(tracks: Tracks, n_hits: int) -> str:
    """Return what is wrong with tracks, in a few words; empty if nothing."""
    of_hit = tracks.of_hit
    if of_hit.shape != (n_hits,) or of_hit.dtype != np.int32:
        return f"tracks of {of_hit.dtype} of shape {of_hit.shape} for {n_hits} hits"
    if n_hits and of_hit.min() < NO_TRACK:
        return f"track {of_hit.min()}: tracks are numbered from 0, {NO_TRACK} is for none"
    return ""
