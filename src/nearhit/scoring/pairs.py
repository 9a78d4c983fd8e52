"""Pairs of a track and a particle that share hits: the counts behind every matching and score."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nearhit.data.event import Event
from nearhit.data.tracks import NO_TRACK, Tracks
from nearhit.data.weights import hit_weights
from nearhit.quality import Labels
from nearhit.quality.labels import NOISE_LABEL, UNKNOWN_LABEL


@dataclass(frozen=True, eq=False)
class Pairs:
    """All pairs of a track and a particle that share a hit, sorted by track, then by particle.

    Hits without truth are not counted: a track without any other has no pair.

    Attributes:
        track: int64 (m,), from 0 to n_tracks - 1.
        particle: int32 (m,), as in `Labels`; `NOISE_LABEL` stands for all hits of noise.
        hits: int64 (m,), hits that the two share.
        weight: float64 (m,), their weight in the TrackML score.
        track_size: int64 (m,), hits of the track.
        particle_size: int64 (m,), hits of the particle in the event.
        n_tracks: tracks with at least one hit that has truth.
    """

    track: NDArray[np.int64]
    particle: NDArray[np.int32]
    hits: NDArray[np.int64]
    weight: NDArray[np.float64]
    track_size: NDArray[np.int64]
    particle_size: NDArray[np.int64]
    n_tracks: int

    @property
    def purity(self) -> NDArray[np.float64]:
        """Share of the track's hits from the particle; in floating point, not for cuts."""
        return self.hits / self.track_size

    @property
    def efficiency(self) -> NDArray[np.float64]:
        """Share of the particle's hits on the track; in floating point, not for cuts."""
        return self.hits / self.particle_size


def hits_on_tracks(tracks: Tracks, labels: Labels) -> NDArray[np.bool_]:
    """Return a mask (n,) of the hits that count: those on a track that have truth."""
    return np.asarray((tracks.of_hit != NO_TRACK) & (labels.of_hit != UNKNOWN_LABEL))


def pairs_of(event: Event, tracks: Tracks, labels: Labels) -> Pairs:
    """Count the hits that tracks and particles share.

    Weights are NaN where the event has neither weights nor the particles to compute them from.
    """
    on_track = hits_on_tracks(tracks, labels)
    particle = labels.of_hit[on_track]
    _, track, track_size = np.unique(
        tracks.of_hit[on_track], return_inverse=True, return_counts=True
    )
    n_particles = len(labels.sizes) + 1  # with noise
    keys, pair, hits = np.unique(
        track * n_particles + (particle - NOISE_LABEL), return_inverse=True, return_counts=True
    )
    of_pair, particle_of_pair = keys // n_particles, keys % n_particles + NOISE_LABEL
    sizes = np.concatenate((labels.sizes, [np.count_nonzero(labels.of_hit == NOISE_LABEL)]))
    weight = np.bincount(pair, _weights(event)[on_track], len(keys)).astype(np.float64)
    return Pairs(
        track=of_pair,
        particle=particle_of_pair.astype(np.int32),
        hits=hits,
        weight=weight,
        track_size=track_size[of_pair],
        particle_size=sizes[particle_of_pair],
        n_tracks=len(track_size),
    )


def _weights(event: Event) -> NDArray[np.float64]:
    weighed = event.particles is not None or (event.truth and event.truth.weight is not None)
    return hit_weights(event) if weighed else np.full(len(event), np.nan)
