"""Simulate events: collisions, propagation, read-out and noise, all from one seed."""

from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from nearhit.datasets.recipe import GUN, Recipe
from numpy.typing import NDArray

from nearhit.data.detector import modules
from nearhit.data.event import NOISE, Cells, Event, Hits, Particles, Truth, hits_of_particles
from nearhit.data.weights import hit_weights
from nearhit.errors import BadInputError

from .fatras import Steps, follow
from .generated import Generated
from .gun import shoot
from .noise import noise_hits
from .nuclear import interact
from .pythia import collide
from .read_out import Fired, Measurements, read_out

_Table = TypeVar("_Table", Steps, Generated)


@dataclass(frozen=True, eq=False)
class Simulated:
    """A simulated event with the details that reconstruction software needs.

    Attributes:
        event: hits, truth with weights, particles, and cells if there are any.
        generated: the generated particles.
        steps: steps through modules, including noise.
        measured: measurements, one row per hit of the event.
    """

    event: Event
    generated: Generated
    steps: Steps
    measured: Measurements


def simulate(recipe: Recipe, seed: int) -> Simulated:
    """Return a simulated event.

    Hits are numbered by module and position, so their order reveals nothing about particles. The
    same recipe and seed give the same event in a process that has made no other event, because
    Pythia keeps state between events.

    Raises:
        BadInputError: the simulation is not installed, the recipe names an unknown process, spread
            or read-out, or the event would have no hit.
    """
    random = np.random.default_rng([seed, 1])
    generated = (shoot if recipe.process == GUN else collide)(recipe, seed)
    steps, particles = _through_the_detector(recipe, generated, seed, random)
    steps = _with_noise(recipe, steps.select(steps.measured), random)
    if not len(steps):
        raise BadInputError(
            f"{recipe.name}@{seed} has no hit in the detector: use another seed, or more particles."
        )
    measured, fired = read_out(steps, recipe.read_out, random)
    order = np.lexsort((*measured.position.T, measured.module))
    place = np.empty(len(order), np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    measured = measured.select(order)
    cells = None if fired is None else _cells(fired, place)
    event = _event(f"{recipe.name}@{seed}", steps, particles, measured, cells)
    return Simulated(event, particles, steps, measured)


def _through_the_detector(
    recipe: Recipe, generated: Generated, seed: int, random: np.random.Generator
) -> tuple[Steps, Generated]:
    """Propagate particles, then their secondaries, until interactions make no more of them."""
    done: list[Steps] = []
    everything, generation = [generated], 0
    while len(generated) or not done:
        taken = np.concatenate([one.particle_id for one in everything])
        steps, made = follow(generated, taken, seed + generation)
        everything.append(made)
        if not recipe.nuclear:
            done.append(steps)
            break
        both = _together(generated, made)
        keep, outgoing = interact(steps, both, np.concatenate((taken, made.particle_id)), random)
        done.append(steps.select(keep))
        generated = outgoing.followed(recipe.min_pt, recipe.max_eta)
        everything.append(generated)
        generation += 1
    return _together(*done), _together(*everything)


def _together(*tables: _Table) -> _Table:
    columns = zip(*(table.columns().values() for table in tables), strict=True)
    return type(tables[0])(*map(np.concatenate, columns))


def _with_noise(recipe: Recipe, steps: Steps, random: np.random.Generator) -> Steps:
    """Add noise at random positions on modules, in clusters like those of particles."""
    detector = modules()
    hit = detector.rows_of(steps.geometry_id)
    rows, local = noise_hits(detector, hit, recipe.noise_share, recipe.noise_spread, random)
    position = detector.to_global(rows, local)
    origin = random.normal(scale=(0, 0, recipe.vertex_spread), size=position.shape)
    noise = Steps(
        particle_id=np.full(len(rows), NOISE, np.int64),
        geometry_id=detector.geometry_id[rows],
        position=position,
        momentum=position - origin,
        number=np.arange(len(rows)),
    )
    return _together(steps, noise)


def _event(
    name: str, steps: Steps, generated: Generated, measured: Measurements, cells: Cells | None
) -> Event:
    truth = Truth(steps.particle_id[measured.step])
    bare = Event(name, _hits(measured), truth, _particles(generated, truth))
    return replace(bare, truth=replace(truth, weight=hit_weights(bare)), cells=cells)


def _hits(measured: Measurements) -> Hits:
    detector = modules()
    x, y, z = np.ascontiguousarray(measured.position.astype(np.float32).T)
    volume, layer, module = (
        column[measured.module] for column in (detector.volume, detector.layer, detector.module)
    )
    return Hits(np.arange(1, len(x) + 1), x, y, z, volume, layer, module)


def _cells(fired: Fired, place: NDArray[np.int32]) -> Cells:
    hit = place[fired.measured]
    order = np.argsort(hit, kind="stable")
    ch0, ch1 = np.ascontiguousarray(fired.channel[order].T)
    return Cells(hit[order], ch0, ch1, fired.value[order].astype(np.float32))


def _particles(generated: Generated, truth: Truth) -> Particles:
    generated = generated.select(np.argsort(generated.particle_id))
    return Particles(
        particle_id=generated.particle_id,
        momentum=generated.momentum.astype(np.float32),
        vertex=generated.vertex.astype(np.float32),
        charge=generated.charge.astype(np.float32),
        nhits=hits_of_particles(generated.particle_id, truth),
    )
