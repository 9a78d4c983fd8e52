"""Tracks as clusters: efficiency, purity and size."""

import numpy as np
from numpy.typing import NDArray

from nearhit.quality.labels import NOISE_LABEL

from .scored import Scored
from .scores import best_of_particles, majority_pairs

LARGEST = 25
"""Size of particles and tracks at which histograms end; larger ones are counted there."""


def hits_on_track(scored: Scored) -> float:
    """Return the mean number of hits on a track; NaN without tracks."""
    return _mean(_sizes(scored))


def cluster_efficiency(scored: Scored) -> float:
    """Return the mean over tracks of the share of their leading particle that they hold.

    Tracks led by noise do not count.
    """
    return _mean(scored.pairs.efficiency[_of_particles(scored)])


def cluster_purity(scored: Scored) -> float:
    """Return the mean over tracks of the share of their hits that the leading particle left.

    Tracks led by noise do not count.
    """
    return _mean(scored.pairs.purity[_of_particles(scored)])


def track_sizes(scored: Scored) -> list[int]:
    """Return the number of tracks with 0, 1, … `LARGEST` hits."""
    counts: list[int] = np.bincount(_clipped(_sizes(scored)), minlength=LARGEST + 1).tolist()
    return counts


def found_sizes(scored: Scored) -> list[list[int]]:
    """Return trackable particles counted by their hits and by those on their best track.

    Rows are hits of the particle, 0, 1, … `LARGEST`; columns are hits on the track with most of
    them.
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
    """Return the row of the pair of each track and its leading particle; none for noise."""
    leading = majority_pairs(scored.pairs)
    of_particles: NDArray[np.int64] = leading[scored.pairs.particle[leading] != NOISE_LABEL]
    return of_particles


def _clipped(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.minimum(sizes, LARGEST)


def _mean(values: NDArray[np.floating] | NDArray[np.integer]) -> float:
    return float(values.mean()) if len(values) else float("nan")
