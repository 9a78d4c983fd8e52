"""Tracks as clusters of the hits of each bucket, by any clustering algorithm."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nearhit.data.buckets import Buckets
from nearhit.data.event import Event
from nearhit.data.tracks import Tracks
from nearhit.plugins.registry import metric_named
from nearhit.plugins.tracker import TrackerSetting

from .ambiguity_resolution import Candidates, Resolver

LEAST_HITS = 3
"""Hits of a cluster at least, to be a track candidate."""

_LEAST_SHARE = 0.5


def cluster_buckets(
    event: Event,
    buckets: Buckets,
    metric: str,
    labels_of: Callable[[NDArray[np.float32]], NDArray[np.integer[Any]]],
    setting: TrackerSetting,
) -> Tracks:
    """Return the clusters of all buckets as tracks; larger ones have priority for shared hits.

    Args:
        event: without truth.
        buckets: clustered one after the other.
        metric: by name; its points are clustered.
        labels_of: returns the cluster of each of at least three points (n,), -1 for none.
        setting: for the stages.
    """
    with setting.stage("select"):
        points = metric_named(metric).project(event)
    with setting.stage("follow"):
        clusters = [
            cluster
            for members in buckets.members
            for cluster in _clusters(points, members[members >= 0], labels_of)
        ]
    setting.count("candidates", len(clusters))
    with setting.stage("resolve"):
        return Resolver(len(event)).resolve(Candidates.of(clusters), LEAST_HITS, _LEAST_SHARE)


def _clusters(
    points: NDArray[np.float32],
    members: NDArray[np.int32],
    labels_of: Callable[[NDArray[np.float32]], NDArray[np.integer[Any]]],
) -> list[NDArray[np.int32]]:
    """Return the hits of each large enough cluster of a bucket."""
    if len(members) < LEAST_HITS:
        return []
    labels = labels_of(points[members])
    order = np.argsort(labels, kind="stable")
    _, first = np.unique(labels[order], return_index=True)
    groups = np.split(members[order], first[1:])
    return [
        group
        for group, label in zip(groups, labels[order][first], strict=True)
        if label >= 0 and len(group) >= LEAST_HITS
    ]
