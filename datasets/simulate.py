"""Simulated events: collisions, the detector's answer and noise, all from one seed."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nearhit.errors import BadInputError
from nearhit.event import NOISE, Event, Hits, Truth

from .detector import Modules
from .fatras import Crossings, modules, propagate
from .noise import noise_hits
from .pythia import Beam, collide
from .trackml_writer import write_event


@dataclass(frozen=True)
class Recipe:
    """What to simulate.

    Attributes:
        process: the hard collision, see `nearhit.datasets.pythia.HARD_PROCESSES`.
        pile_up: mean number of soft inelastic collisions around it.
        noise_share: noise hits / all hits, in every layer.
        beam: what collides, and which particles are followed.
    """

    process: str
    pile_up: float
    noise_share: float
    beam: Beam = field(default_factory=Beam)


RECIPES = {
    "ttbar-mu200": Recipe("ttbar", pile_up=200, noise_share=0.15),
}


def simulate(recipe: Recipe, seed: int, name: str = "") -> Event:
    """Return a simulated event with truth and particles, without cells.

    Hits are read out with the resolution of their module's channels and numbered in order of
    module and position, so that their order tells nothing of the particles.

    Raises:
        BadInputError: the simulation is not installed.
    """
    crossings, particles = propagate(
        collide(recipe.process, recipe.pile_up, recipe.beam, seed), seed
    )
    random = np.random.default_rng(seed)
    detector = modules()
    rows, positions = _read_out(detector, crossings, random)
    noise_rows, noise = noise_hits(detector, rows, recipe.noise_share, random)
    rows = np.concatenate((rows, noise_rows))
    positions = np.concatenate((positions, detector.to_global(noise_rows, noise)))
    ids = np.concatenate((crossings.particle_id, np.full(len(noise), NOISE, np.int64)))
    order = np.lexsort((*positions.T, rows))
    hits = _hits(detector, rows[order], positions[order])
    return Event(name or f"seed{seed}", hits, Truth(ids[order]), particles)


def simulate_to(recipe: str, seed: int, folder: Path) -> Path:
    """Simulate an event by the name of its recipe, write it, and return the prefix of its files.

    Raises:
        BadInputError: the recipe is unknown, the simulation is not installed, or the folder cannot
            be written.
    """
    if recipe not in RECIPES:
        raise BadInputError(f"There is no recipe {recipe!r}; write one of {', '.join(RECIPES)}.")
    prefix = folder / f"event{seed:09d}"
    write_event(simulate(RECIPES[recipe], seed), prefix)
    return prefix


def _read_out(
    detector: Modules, crossings: Crossings, random: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the modules' rows and the measured positions: somewhere in the channel that fired."""
    rows = detector.rows_of(crossings.geometry_id)
    channel = detector.pitch[rows]
    local = detector.to_local(rows, crossings.position)
    local += random.uniform(-0.5, 0.5, local.shape) * channel
    return rows, detector.to_global(rows, local)


def _hits(detector: Modules, rows: NDArray[np.int64], positions: NDArray[np.float64]) -> Hits:
    x, y, z = positions.astype(np.float32).T
    return Hits(
        hit_id=np.arange(1, len(rows) + 1),
        x=np.ascontiguousarray(x),
        y=np.ascontiguousarray(y),
        z=np.ascontiguousarray(z),
        volume=detector.volume[rows],
        layer=detector.layer[rows],
        module=detector.module[rows],
    )
