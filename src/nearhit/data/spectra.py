"""Distributions of an event that can be plotted and compared."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .event import NOISE, Event

Values = NDArray[np.floating] | NDArray[np.integer]


@dataclass(frozen=True)
class Spectrum:
    """A quantity with many values in an event.

    Attributes:
        name: key of the spectrum.
        label: label of axes and tables, with the unit.
        edges: bin edges; the first and the last bin include underflow and overflow.
        values: function from an event to the values; empty if the event lacks what they need.
    """

    name: str
    label: str
    edges: NDArray[np.float64]
    values: Callable[[Event], Values]

    def histogram(self, event: Event) -> NDArray[np.intp]:
        """Return the number of values in each bin."""
        inside = np.clip(self.values(event), self.edges[0], np.nextafter(self.edges[-1], 0))
        return np.histogram(inside, self.edges)[0]


def particles_with_hits(event: Event) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
    """Return the ids of the particles with hits, and the number of hits of each."""
    if event.truth is None:
        return np.empty(0, np.int64), np.empty(0, np.intp)
    ids = event.truth.particle_id
    return np.unique(ids[ids > NOISE], return_counts=True)


def hits_by(event: Event, *columns: str) -> dict[str, int]:
    """Return the number of hits by columns of `Hits`, such as `8/2` for volume and layer."""
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
    """Return the mask (p,) of the generated particles with hits; all of them without truth."""
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
"""All spectra, one row each."""
