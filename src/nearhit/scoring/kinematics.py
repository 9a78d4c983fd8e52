"""Transverse momentum and direction: of particles from the truth, of tracks from their hits."""

import numpy as np
from numpy.typing import NDArray

from nearhit.data.detector import FIELD

from .pairs import hits_on_tracks
from .scored import Scored

Values = NDArray[np.float64]

_GEV_PER_MM = 0.2998e-3 * FIELD  # pT = 0.3 B R, R in metres
_LEAST = 3  # hits that define a circle


def particle_pt(scored: Scored) -> Values:
    """Return the pT (p,) of each particle in GeV; NaN where the event does not list it."""
    return scored.of_particles(lambda particles: particles.pt)


def particle_eta(scored: Scored) -> Values:
    """Return the pseudorapidity (p,) of each particle; NaN as above."""
    return scored.of_particles(lambda particles: particles.eta)


def particle_vertex_radius(scored: Scored) -> Values:
    """Return the distance (p,) in mm of each production vertex from the beam line; NaN as above."""
    return scored.of_particles(
        lambda particles: np.hypot(particles.vertex[:, 0], particles.vertex[:, 1])
    )


def track_pt(scored: Scored) -> Values:
    """Return the pT (t,) in GeV of the circle through a track's first, middle and last hit.

    In the detector's field of 2 T. NaN below three hits; hits are ordered by distance from
    the origin.
    """
    first, middle, last, size = _ends(scored)
    a, b, c = (_transverse(scored, rows) for rows in (first, middle, last))
    sides = np.abs(b - a) * np.abs(c - b) * np.abs(a - c)
    twice_area = np.abs(((b - a).conj() * (c - a)).imag)
    radius = sides / np.maximum(2 * twice_area, 1e-9)
    return np.where(size >= _LEAST, _GEV_PER_MM * radius, np.nan)


def track_eta(scored: Scored) -> Values:
    """Return the pseudorapidity (t,) of the line from a track's first hit to its last.

    NaN for a single hit.
    """
    first, _, last, size = _ends(scored)
    hits = scored.event.hits
    transverse = np.abs(_transverse(scored, last) - _transverse(scored, first))
    dz = hits.z[last].astype(np.float64) - hits.z[first]
    return np.where(size > 1, np.arcsinh(dz / np.maximum(transverse, 1e-9)), np.nan)


def _transverse(scored: Scored, rows: NDArray[np.int64]) -> NDArray[np.complex128]:
    hits = scored.event.hits
    return hits.x[rows].astype(np.float64) + 1j * hits.y[rows].astype(np.float64)


def _ends(scored: Scored) -> tuple[NDArray[np.int64], ...]:
    """Return the rows of the first, the middle and the last hit of each track, and its size."""
    rows = np.flatnonzero(hits_on_tracks(scored.tracks, scored.labels))
    positions = scored.event.hits.positions[rows].astype(np.float64)
    of_track = scored.tracks.of_hit[rows]
    ordered = rows[np.lexsort(((positions**2).sum(axis=1), of_track))]
    _, begin, size = np.unique(scored.tracks.of_hit[ordered], return_index=True, return_counts=True)
    places = (begin, begin + size // 2, begin + size - 1)
    return (*(ordered[place] for place in places), size)
