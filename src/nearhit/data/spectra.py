"""What of an event can be drawn, and held against another event."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .event import NOISE, Event

Values = NDArray[np.floating] | NDArray[np.integer]


@dataclass(frozen=True)
class Spectrum:
    """One quantity of which an event has many values.

    Attributes:
        name: its key.
        label: what axes and tables call it, with its unit.
        edges: of the bins that it is shown in; what lies beyond is in the first or the last.
        values: of an event; none where the event lacks what they need.
    """

    name: str
    label: str
    edges: NDArray[np.float64]
    values: Callable[[Event], Values]

    def histogram(self, event: Event) -> NDArray[np.intp]:
        """Return how many values are in each bin."""
        inside = np.clip(self.values(event), self.edges[0], np.nextafter(self.edges[-1], 0))
        return np.histogram(inside, self.edges)[0]


def particles_with_hits(event: Event) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
    """Return the ids of the particles that left hits, and how many hits each left."""
    if event.truth is None:
        return np.empty(0, np.int64), np.empty(0, np.intp)
    ids = event.truth.particle_id
    return np.unique(ids[ids > NOISE], return_counts=True)


def hits_by(event: Event, *columns: str) -> dict[str, int]:
    """Return how many hits there are by columns of `Hits`: by volume and layer as in `8/2`."""
    places = np.column_stack([getattr(event.hits, column) for column in columns])
    found, counts = np.unique(places, axis=0, return_counts=True)
    return {
        "/".join(map(str, place)): int(count) for place, count in zip(found, counts, strict=True)
    }


def _hits_per_particle(event: Event) -> Values:
    return particles_with_hits(event)[1]


def _pt(event: Event) -> Values:
    if event.particles is None:
        return np.empty(0)
    return event.particles.pt[_seen(event)]


def _eta(event: Event) -> Values:
    if event.particles is None:
        return np.empty(0)
    return event.particles.eta[_seen(event)]


def _seen(event: Event) -> NDArray[np.bool_]:
    """Return which of the generated particles left hits; all where there is no truth."""
    particles = event.particles
    if particles is None or event.truth is None:
        return np.ones(0 if particles is None else len(particles), np.bool_)
    return np.isin(particles.particle_id, particles_with_hits(event)[0])


def _radius(event: Event) -> Values:
    return np.hypot(event.hits.x, event.hits.y)


def _z(event: Event) -> Values:
    return event.hits.z


SPECTRA = (
    Spectrum("hits_per_particle", "hits per particle", np.arange(0.5, 25), _hits_per_particle),
    Spectrum("pt", "pT of particles with hits (GeV)", np.geomspace(0.1, 20, 41), _pt),
    Spectrum("eta", "η of particles with hits", np.linspace(-4, 4, 41), _eta),
    Spectrum("radius", "radius of hits (mm)", np.linspace(0, 1_100, 56), _radius),
    Spectrum("z", "z of hits (mm)", np.linspace(-3_000, 3_000, 61), _z),
)
"""Every spectrum, one row each."""
