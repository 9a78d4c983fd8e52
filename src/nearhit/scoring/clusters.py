"""Tracks as clusters: how much of a particle they hold, how pure they are, how large."""

import numpy as np
from numpy.typing import NDArray

from nearhit.quality.labels import NOISE_LABEL

from .scored import Scored
from .scores import best_of_particles, majority_pairs

LARGEST = 25
"""Hits of a particle or a track from which on sizes are counted together."""


def hits_on_track(scored: Scored) -> float:
    """Return the mean number of hits of a track; NaN where there are none."""
    return _mean(_sizes(scored))


def cluster_efficiency(scored: Scored) -> float:
    """Return the mean over tracks of the share of their leading particle that they hold.

    Tracks that noise leads do not count.
    """
    return _mean(scored.pairs.efficiency[_of_particles(scored)])


def cluster_purity(scored: Scored) -> float:
    """Return the mean over tracks of the share of their hits that the leading particle left.

    Tracks that noise leads do not count.
    """
    return _mean(scored.pairs.purity[_of_particles(scored)])


def track_sizes(scored: Scored) -> list[int]:
    """Return how many tracks have 0, 1, … `LARGEST` hits."""
    counts: list[int] = np.bincount(_clipped(_sizes(scored)), minlength=LARGEST + 1).tolist()
    return counts


def found_sizes(scored: Scored) -> list[list[int]]:
    """Return how many trackable particles of so many hits have so many on their best track.

    Rows are sizes of particles, 0, 1, … `LARGEST`; columns are hits on the track that holds most.
    """
    pairs, labels = scored.pairs, scored.labels
    best = best_of_particles(pairs, pairs.particle != NOISE_LABEL)
    found = np.zeros(len(labels.sizes), np.int64)
    found[pairs.particle[best]] = pairs.hits[best]
    matrix = np.zeros((LARGEST + 1, LARGEST + 1), np.int64)
    places = _clipped(labels.sizes[labels.trackable]), _clipped(found[labels.trackable])
    np.add.at(matrix, places, 1)
    rows: list[list[int]] = matrix.tolist()
    return rows


def _sizes(scored: Scored) -> NDArray[np.int64]:
    sizes: NDArray[np.int64] = scored.pairs.track_size[majority_pairs(scored.pairs)]
    return sizes


def _of_particles(scored: Scored) -> NDArray[np.int64]:
    """Return the pair of each track with its leading particle, if that is one."""
    leading = majority_pairs(scored.pairs)
    of_particles: NDArray[np.int64] = leading[scored.pairs.particle[leading] != NOISE_LABEL]
    return of_particles


def _clipped(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.minimum(sizes, LARGEST)


def _mean(values: NDArray[np.floating] | NDArray[np.integer]) -> float:
    return float(values.mean()) if len(values) else float("nan")
