"""An event with its truth, and the tracks found in it: the input of every score."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from nearhit.data.event import Event, Particles
from nearhit.data.tracks import Tracks
from nearhit.quality import Labels

from .pairs import Pairs, pairs_of


@dataclass(frozen=True, eq=False)
class Scored:
    """Tracks beside the truth.

    Attributes:
        event: an event with truth.
        labels: its particles, and which of them are trackable.
        tracks: those that were found.
    """

    event: Event
    labels: Labels
    tracks: Tracks

    @cached_property
    def pairs(self) -> Pairs:
        """The hits that tracks and particles share."""
        return pairs_of(self.event, self.tracks, self.labels)

    def of_particles(
        self, column: Callable[[Particles], NDArray[np.floating]]
    ) -> NDArray[np.float64]:
        """Return a column of the event's particles for each particle (p,); NaN where unknown."""
        particles = self.event.particles
        if particles is None:
            return np.full(len(self.labels.sizes), np.nan)
        values = np.append(column(particles).astype(np.float64), np.nan)
        return values[particles.row_of(self.labels.particle_id)]
