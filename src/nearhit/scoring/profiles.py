"""Track scores in bins of transverse momentum and pseudorapidity, as counts."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .kinematics import Values, particle_eta, particle_pt, track_eta, track_pt
from .matching import MATCHINGS
from .scored import Scored
from .scores import found_particles, track_kinds


@dataclass(frozen=True)
class ProfileAxis:
    """Binned quantity of particles and tracks.

    Attributes:
        name: its key.
        label: of plots, with its unit.
        edges: of the bins; values beyond are in the first or the last.
        of_particles: value of each particle (p,), from the truth.
        of_tracks: value of each track (t,), from its hits, so that fakes have one as well.
    """

    name: str
    label: str
    edges: tuple[float, ...]
    of_particles: Callable[[Scored], Values]
    of_tracks: Callable[[Scored], Values]


AXES = (
    ProfileAxis(
        "pt",
        "pT (GeV)",
        (0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 0.9, 1.2, 1.6, 2.2, 3.0, 5.0, 10.0),
        particle_pt,
        track_pt,
    ),
    ProfileAxis("eta", "η", tuple(np.linspace(-4, 4, 17).tolist()), particle_eta, track_eta),
)
"""All axes, one row each."""

Profile = dict[str, list[float]]
"""`edges`, and counts in the bins between them."""


def profile(scored: Scored, axis: ProfileAxis) -> Profile:
    """Return counts in bins of an axis.

    `trackable` and, under every matching, `NAME_found` particles are binned by their true value;
    `tracks`, `fakes`, `fragments` and `duplicates` by that of their hits. Those without a value are
    in no bin.
    """
    pairs, labels = scored.pairs, scored.labels
    kinds = track_kinds(pairs)
    particles, tracks = axis.of_particles(scored), axis.of_tracks(scored)
    counts = {
        "edges": list(axis.edges),
        "trackable": _counts(axis, particles[labels.trackable]),
        "tracks": _counts(axis, tracks),
        "fakes": _counts(axis, tracks[kinds.fakes]),
        "fragments": _counts(axis, tracks[kinds.fragments]),
        "duplicates": _counts(axis, tracks[kinds.duplicates]),
    }
    for name, matching in MATCHINGS.items():
        found = found_particles(pairs, labels, matching) & labels.trackable
        counts[f"{name}_found"] = _counts(axis, particles[found])
    return counts


def profiles(scored: Scored) -> dict[str, Profile]:
    """Return the profile of every axis."""
    return {axis.name: profile(scored, axis) for axis in AXES}


def _counts(axis: ProfileAxis, values: NDArray[np.float64]) -> list[float]:
    edges = np.array(axis.edges)
    inside = np.clip(values[~np.isnan(values)], edges[0], np.nextafter(edges[-1], edges[0]))
    counts: list[float] = np.histogram(inside, edges)[0].tolist()
    return counts
