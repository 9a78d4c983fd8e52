"""Run a tracker and time its stages."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nearhit.bucket_selection import buckets_kept
from nearhit.data.buckets import Buckets
from nearhit.data.event import Event
from nearhit.data.tracks import NO_TRACK, Tracks
from nearhit.errors import SkippedError
from nearhit.plugins.bucket_selection import BucketSelection
from nearhit.plugins.registry import how_to_install, installed_version
from nearhit.plugins.spec import TrackerSpec
from nearhit.plugins.tracker import Tracker, TrackerSetting

Stages = dict[str, float]
"""Seconds by the name of a stage."""


@dataclass(frozen=True, eq=False)
class FoundTracks:
    """Result of one pass of a tracker.

    Attributes:
        stages: seconds of each; bucket selection is part of `select`.
        buckets: those that the tracker was given.
        counts: of the tracker, such as seeds.
        tracks: those found.
    """

    stages: Stages
    buckets: Buckets
    counts: dict[str, int]
    tracks: Tracks


def track(  # noqa: PLR0913, PLR0917 - one argument for each setting
    spec: TrackerSpec,
    threads: int,
    seed: int,
    event: Event,
    buckets: Buckets,
    choices: Sequence[BucketSelection] = (),
) -> FoundTracks:
    """Select buckets and find tracks in them, once.

    Raises:
        SkippedError: the event or the buckets lack what the tracker needs.
    """
    setting = TrackerSetting(threads, seed)
    with setting.stage("select"):
        kept = buckets_kept(event, choices, buckets)
    tracks = spec.tracker(setting).find(event, kept)
    return FoundTracks(setting.stopwatch.wall, kept, setting.counts, tracks)


def whole_event(event: Event) -> Buckets:
    """Return an event as one bucket of all its hits, as found around the first."""
    rows = np.arange(len(event), dtype=np.int32)
    return Buckets(rows[:1], rows[np.newaxis], hold_everything=True)


def check_tracker(tracker: type[Tracker], event: Event) -> None:
    """Raise `SkippedError` with the reason if a tracker is not installed or not for this event."""
    if installed_version(tracker) is None:
        raise SkippedError(f"{tracker.package} is not installed: {how_to_install(tracker)}")
    if tracker.truth and event.truth is None:
        raise SkippedError(f"{tracker.name} reads the truth, and {event.name} has none")


def defect_of_tracks(tracks: Tracks, n_hits: int) -> str:
    """Return the defect of invalid tracks in a few words; empty if there is none."""
    of_hit = tracks.of_hit
    if of_hit.shape != (n_hits,) or of_hit.dtype != np.int32:
        return f"tracks of {of_hit.dtype} of shape {of_hit.shape} for {n_hits} hits"
    if n_hits and of_hit.min() < NO_TRACK:
        return f"track {of_hit.min()}: tracks are numbered from 0, {NO_TRACK} is for none"
    return ""
