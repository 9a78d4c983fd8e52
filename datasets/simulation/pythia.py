"""Collisions by Pythia 8: a hard process and the pile-up around it."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
from nearhit.datasets.barcode import primary_ids
from nearhit.datasets.recipe import GUN, Recipe

from nearhit.errors import BadInputError
from nearhit.machine.simulation_libraries import installed

from .generated import Generated

HARD_PROCESSES = {
    "ttbar": ("Top:gg2ttbar = on", "Top:qqbar2ttbar = on"),
    "minbias": ("SoftQCD:inelastic = on",),
}
"""Settings of Pythia for each hard process, by the name in recipes."""

# All soft collisions, including elastic ones, as in the challenge: in the genuine event 21000,
# 163 of 218 collisions produce a particle in the detector.
_PILE_UP = ("SoftQCD:all = on",)

# Particles must not decay outside the detector, where secondaries would start in no volume.
_DECAYS_INSIDE = (
    "ParticleDecays:limitCylinder = on",
    "ParticleDecays:xyMax = 1000",
    "ParticleDecays:zMax = 2900",
)

INCOMPLETE = (
    "Pythia 8 does not find all of its data: unset PYTHIA8DATA, if it is set, or reinstall "
    "pythia8mc."
)
"""What is said where Pythia is installed without its tables of settings, particles and tunes."""

_MOST_FAILURES = 1_000  # of collisions in a row
_MOST_DRAWN = 10_000  # collisions until one passes the cuts

_Particle = tuple[float, ...]


def start_generators(recipe: Recipe) -> None:
    """Start the generators that `collide` or `shoot` needs.

    Raises:
        BadInputError: the simulation is not installed, or the process is unknown.
    """
    if recipe.process == GUN:
        loaded()
        return
    _started(_hard_process(recipe), recipe.energy)
    if recipe.pile_up:
        _started(_PILE_UP, recipe.energy)


def collide(recipe: Recipe, seed: int) -> Generated:
    """Return the particles of one hard collision and a Poisson number of pile-up collisions.

    The hard collision is drawn again until one of its particles passes the cuts of the recipe.

    Raises:
        BadInputError: the simulation is not installed, the process is unknown, or no collision
            passes the cuts.
    """
    random = np.random.default_rng(seed)
    soft = int(random.poisson(recipe.pile_up))
    collisions = _hard(recipe, random) + _collisions(_PILE_UP, recipe.energy, soft, random)
    spread = (recipe.vertex_width, recipe.vertex_width, recipe.vertex_spread)
    vertices = random.normal(scale=spread, size=(len(collisions), 3))
    kept = _followed(recipe, collisions)
    return replace(
        kept,
        particle_id=primary_ids(kept.particle_id + 1),
        vertex=kept.vertex + vertices[kept.particle_id],
    )


def _hard(recipe: Recipe, random: np.random.Generator) -> list[list[_Particle]]:
    """Return the first hard collision of which a particle passes the cuts."""
    for _ in range(_MOST_DRAWN):
        hard = _collisions(_hard_process(recipe), recipe.energy, 1, random)
        if len(_followed(recipe, hard)):
            return hard
    raise BadInputError(
        f"{recipe.name}: of {_MOST_DRAWN:,} collisions no particle passes the cuts: lower min_pt "
        "or raise max_eta."
    )


def _followed(recipe: Recipe, collisions: list[list[_Particle]]) -> Generated:
    """Return the particles that pass the cuts, with the number of the collision as id."""
    rows = np.array([row for particles in collisions for row in particles])
    numbers = np.repeat(np.arange(len(collisions)), [len(particles) for particles in collisions])
    return Generated.of_rows(numbers, rows).followed(recipe.min_pt, recipe.max_eta)


def _hard_process(recipe: Recipe) -> tuple[str, ...]:
    if recipe.process not in HARD_PROCESSES:
        raise BadInputError(
            f"{recipe.name}: there is no process {recipe.process!r}; write one of "
            f"{', '.join([*HARD_PROCESSES, GUN])}."
        )
    return HARD_PROCESSES[recipe.process]


def _collisions(
    process: tuple[str, ...], energy: float, number: int, random: np.random.Generator
) -> list[list[_Particle]]:
    if not number:
        return []
    generator = _started(process, energy)
    reseed(generator, random)
    collisions: list[list[_Particle]] = []
    while len(collisions) < number:
        # A collision that fails Pythia's checks is drawn again.
        if not any(generator.next() for _ in range(_MOST_FAILURES)):
            raise BadInputError(
                f"Pythia 8 makes no collision with {process[-1]} at {energy:g} TeV: change the "
                "energy."
            )
        collisions.append(charged(generator.event))
    return collisions


@cache
def _started(process: tuple[str, ...], energy: float) -> Any:
    return started((*_DECAYS_INSIDE, f"Beams:eCM = {energy * 1000}", *process))


def started(settings: tuple[str, ...]) -> Any:
    """Return a generator with the given settings; starting it takes seconds.

    Raises:
        BadInputError: the simulation is not installed, or Pythia cannot start with the settings.
    """
    generator = loaded()
    with silence():
        ready = all(map(generator.readString, settings)) and generator.init()
    if not ready:
        raise BadInputError(
            f"Pythia 8 does not start with {settings[-1]}: raise the energy if it is too low for "
            "the process, or reinstall pythia8mc if its data are incomplete."
        )
    return generator


def loaded() -> Any:
    """Return a generator that has read its tables, but is not started.

    Raises:
        BadInputError: the simulation is not installed, or only in part.
    """
    with silence():
        generator = installed_pythia().Pythia("", printBanner=False)
        complete = generator.readString("Print:quiet = on")
    if not complete:
        raise BadInputError(INCOMPLETE)
    return generator


@contextmanager
def silence() -> Iterator[None]:
    """Suppress output that a library writes directly to file descriptor 1."""
    sys.stdout.flush()
    kept = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


def charged(record: Any) -> list[_Particle]:
    """Return the final charged particles of a Pythia event as rows for `Generated.of_rows`."""
    return [
        (p.id(), p.charge(), p.m(), p.xProd(), p.yProd(), p.zProd(), p.px(), p.py(), p.pz())
        for p in record
        if p.isFinal() and p.isCharged()
    ]


def installed_pythia() -> Any:
    """Return the module of Pythia 8.

    Raises:
        BadInputError: it is not installed.
    """
    return installed("pythia8mc")


def reseed(generator: Any, random: np.random.Generator) -> None:
    """Reseed a generator so that its next events depend on `random` only."""
    generator.rndm.init(
        int(random.integers(1, 900_000_000))
    )  # the largest seed of Pythia; 0 would use the clock
