"""Nuclear interactions of hadrons with the detector: where hadrons end, and their secondaries.

Fatras does not simulate them, and they make a third of the particles of a real event: soft pions
and protons at wide angles from the beam pipe, the supports and the modules.
"""

from functools import cache
from itertools import product

import numpy as np
from nearhit.datasets.barcode import daughter_ids
from numpy.typing import NDArray

from nearhit.errors import BadInputError

from .fatras import Steps
from .generated import Generated
from .hadron import Hadron, HadronCollisions, cross_section
from .material import material
from .pythia import INCOMPLETE, silence

_HADRONS = (211, 321, 2212, 3112, 3222, 3312, 3334)
_MOMENTA = np.geomspace(0.05, 5_000, 81)  # GeV
_REFERENCE = (2212, 100.0)  # interaction lengths refer to protons of high energy


def prepare_cross_sections() -> None:
    """Compute the cross-sections of all hadrons on the nuclei of the detector, once per process.

    Raises:
        BadInputError: the simulation is not installed, or only in part.
    """
    masses = np.unique(material().mass_number).tolist()
    with silence():  # Pythia warns of momenta at which a hadron does not interact
        if not all(cross_section(*_REFERENCE, mass) for mass in masses):
            raise BadInputError(INCOMPLETE)
        for kind, sign, mass in product(_HADRONS, (1, -1), masses):
            _cross_sections(sign * kind, mass)


def interact(
    steps: Steps, particles: Generated, taken: NDArray[np.int64], random: np.random.Generator
) -> tuple[NDArray[np.bool_], Generated]:
    """Return the mask (n,) of steps that remain, and the secondaries of interactions.

    A hadron survives a surface with probability exp(-path / length). The length is the nuclear
    interaction length of the material, divided by the ratio of Pythia's cross-sections on its
    nuclei for this hadron and momentum and for protons of 100 GeV. Pythia makes the secondaries,
    on nucleons at rest; they start behind the surface.

    Args:
        steps: steps of the particles.
        particles: the particles that made the steps.
        taken: ids of existing daughters.
        random: generator of random numbers.

    Raises:
        BadInputError: the simulation is not installed.
    """
    slabs = material()
    order = np.argsort(particles.particle_id)
    owner = order[np.searchsorted(particles.particle_id[order], steps.particle_id)]
    rows = slabs.rows_of(steps.geometry_id)
    slant = slabs.slant(rows, steps.position, steps.momentum)
    chance = (
        slabs.lengths[rows]
        * slant
        * _relative_cross_section(
            particles.kind[owner],
            np.linalg.norm(steps.momentum, axis=1),
            slabs.mass_number[rows],
        )
    )
    hit = np.flatnonzero(random.exponential(size=len(steps)) < chance)
    first = _first_of_each(steps, hit)
    ends = np.full(len(particles), np.iinfo(np.int64).max)
    ends[owner[first]] = steps.number[first]
    behind = slabs.thickness[rows] * slant / 2
    places = steps.position + (behind / _length(steps.momentum))[:, np.newaxis] * steps.momentum
    parents, outgoing = _made(
        HadronCollisions(random),
        _hadrons(particles.select(owner[first]), steps.momentum[first]),
        places[first],
        slabs.mass_number[rows[first]],
    )
    ids = daughter_ids(particles.particle_id[owner[first]][parents], taken)
    return steps.number <= ends[owner], Generated.of_rows(ids, outgoing)


def _first_of_each(steps: Steps, hit: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the first of the given steps of each particle."""
    order = hit[np.lexsort((steps.number[hit], steps.particle_id[hit]))]
    return order[np.unique(steps.particle_id[order], return_index=True)[1]]


def _length(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.linalg.norm(vectors, axis=1))


def _hadrons(particles: Generated, momentum: NDArray[np.float64]) -> list[Hadron]:
    rows = zip(particles.kind.tolist(), momentum.tolist(), particles.mass.tolist(), strict=True)
    return [Hadron(kind, px, py, pz, mass) for kind, (px, py, pz), mass in rows]


def _made(
    collisions: HadronCollisions,
    hadrons: list[Hadron],
    places: NDArray[np.float64],
    mass_numbers: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the row of the hadron of each secondary, and its row for `Generated.of_rows`."""
    parents: list[int] = []
    outgoing: list[tuple[float, ...]] = []
    each = zip(hadrons, places.tolist(), mass_numbers.tolist(), strict=True)
    for number, (hadron, place, mass_number) in enumerate(each):
        made = collisions.on_nucleus(hadron, mass_number)
        outgoing += [(*one[:3], *place, *one[6:]) for one in made]
        parents += [number] * len(made)
    return np.array(parents, np.int64), np.array(outgoing).reshape(-1, 9)


def _relative_cross_section(
    kind: NDArray[np.int64], momentum: NDArray[np.float64], mass_number: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return cross-sections on nuclei relative to those of the reference hadron."""
    ratio = np.zeros(len(kind))
    hadrons = kind[np.isin(np.abs(kind), _HADRONS)]
    for one, mass in product(np.unique(hadrons).tolist(), np.unique(mass_number).tolist()):
        rows = (kind == one) & (mass_number == mass)
        curve = _cross_sections(one, mass) / cross_section(*_REFERENCE, mass)
        ratio[rows] = np.interp(np.log(momentum[rows]), np.log(_MOMENTA), curve)
    return ratio


@cache
def _cross_sections(kind: int, mass_number: int) -> NDArray[np.float64]:
    return np.array([cross_section(kind, momentum, mass_number) for momentum in _MOMENTA])
