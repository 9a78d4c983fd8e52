"""Consecutive labels of particles, and the cuts on trackable ones."""

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from nearhit.data.event import NOISE, UNKNOWN, Event
from nearhit.errors import BadInputError

NOISE_LABEL = -1
UNKNOWN_LABEL = -2


_MOST_HITS = 2**31 - 1


@dataclass(frozen=True)
class Trackable:
    """Cuts on trackable particles, and the share of hits at which one counts as found.

    Attributes:
        min_hits: least number of hits in the event.
        min_pt: least transverse momentum in GeV; 0 for no cut.
        min_share: least share of its hits in one bucket; exact, so that 4 of 5 hits are 80 %.
    """

    min_hits: int = 4
    min_pt: float = 0.0
    min_share: Fraction = Fraction(4, 5)

    def __post_init__(self) -> None:
        if not 1 <= self.min_hits <= _MOST_HITS:
            raise BadInputError(
                f"A trackable particle needs at least 1 hit and at most {_MOST_HITS}, not "
                f"{self.min_hits}."
            )
        if not 0 <= self.min_pt < math.inf:
            raise BadInputError(f"The smallest pT must be 0 GeV or more, not {self.min_pt}.")
        if not 0 < self.min_share <= 1:
            raise BadInputError(f"The smallest share must lie in (0, 1], not {self.min_share}.")


@dataclass(frozen=True, eq=False)
class Labels:
    """Truth of an event as labels.

    Attributes:
        of_hit: int32 (n,), the particle of each hit from 0 to p - 1 in order of particle id, or
            `NOISE_LABEL`, or `UNKNOWN_LABEL`.
        sizes: int64 (p,), hits of each particle in the event.
        trackable: bool (p,).
        particle_id: int64 (p,).
    """

    of_hit: NDArray[np.int32]
    sizes: NDArray[np.int64]
    trackable: NDArray[np.bool_]
    particle_id: NDArray[np.int64]

    @property
    def n_trackable(self) -> int:
        """Number of trackable particles."""
        return int(self.trackable.sum())


def label_hits(event: Event, trackable: Trackable) -> Labels:
    """Return the particles that left hits in an event, numbered, and which are trackable.

    Raises:
        BadInputError: the event has no truth, or a cut on pT is asked for without particles.
    """
    if event.truth is None:
        raise BadInputError(f"{event.name} has no truth: quality needs a truth file beside it.")
    ids = event.truth.particle_id
    of_hit = np.where(ids == NOISE, NOISE_LABEL, UNKNOWN_LABEL).astype(np.int32)
    left_by_particle = (ids != NOISE) & (ids != UNKNOWN)
    particles, numbers, sizes = np.unique(
        ids[left_by_particle], return_inverse=True, return_counts=True
    )
    of_hit[left_by_particle] = numbers
    enough = sizes >= trackable.min_hits
    if trackable.min_pt > 0:
        enough &= _transverse_momentum(event, particles) >= trackable.min_pt
    return Labels(of_hit, sizes, enough, particles)


def _transverse_momentum(event: Event, ids: NDArray[np.int64]) -> NDArray[np.float32]:
    if event.particles is None:
        raise BadInputError(f"{event.name} has no particles: a cut on pT needs a particles file.")
    # A particle that the file does not list has no pT, and so passes no cut on it.
    pt = np.append(event.particles.pt, np.float32(-1))
    return pt[event.particles.row_of(ids)]
