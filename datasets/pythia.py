"""Collisions from Pythia 8: a hard process, the pile-up around it, and what comes out of them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nearhit.errors import BadInputError

HARD_PROCESSES = {
    "ttbar": ("Top:gg2ttbar = on", "Top:qqbar2ttbar = on"),
}
"""The hard process by the name that recipes use, as Pythia is told of it."""

_PILE_UP = ("SoftQCD:inelastic = on",)

# What decays beyond the detector is left to the detector: a start outside of it has no volume.
_DECAYS_INSIDE = (
    "ParticleDecays:limitCylinder = on",
    "ParticleDecays:xyMax = 1000",
    "ParticleDecays:zMax = 2900",
)


@dataclass(frozen=True)
class Beam:
    """What collides, and which of its particles are kept.

    Attributes:
        energy: of both beams together, TeV.
        vertex_spread: standard deviation of the collisions along the beam, mm.
        vertex_width: the same across the beam, mm.
        min_pt: transverse momentum of a particle at least, GeV.
        max_eta: pseudorapidity of a particle at most, in absolute value.
    """

    energy: float = 14.0
    vertex_spread: float = 55.0
    vertex_width: float = 0.0125
    min_pt: float = 0.15
    max_eta: float = 4.0


@dataclass(frozen=True, eq=False)
class Generated:
    """Stable charged particles, row by row.

    Attributes:
        collision: int64, which collision made it, from 1; 1 is the hard process.
        kind: int64, PDG code.
        vertex: float64 (p, 3), mm.
        momentum: float64 (p, 3), GeV.
        mass: float64, GeV.
        charge: float64, units of the positron's.
    """

    collision: NDArray[np.int64]
    kind: NDArray[np.int64]
    vertex: NDArray[np.float64]
    momentum: NDArray[np.float64]
    mass: NDArray[np.float64]
    charge: NDArray[np.float64]


def collide(process: str, pile_up: float, beam: Beam, seed: int) -> Generated:
    """Return the particles of one hard collision and a Poisson number of soft ones.

    Args:
        process: one of `HARD_PROCESSES`.
        pile_up: mean number of soft inelastic collisions.
        beam: what collides.
        seed: of everything random.

    Raises:
        BadInputError: the simulation is not installed, or the process is unknown.
    """
    if process not in HARD_PROCESSES:
        raise BadInputError(
            f"There is no hard process {process!r}; write one of {', '.join(HARD_PROCESSES)}."
        )
    random = np.random.default_rng(seed)
    hard = _collisions(HARD_PROCESSES[process], 1, beam, seed)
    soft = _collisions(_PILE_UP, int(random.poisson(pile_up)), beam, seed + 1)
    rows = []
    for collision, particles in enumerate(hard + soft, start=1):
        spread = (beam.vertex_width, beam.vertex_width, beam.vertex_spread)
        vertex = random.normal(scale=spread)
        for kind, charge, mass, x, y, z, px, py, pz in particles:
            place = (x + vertex[0], y + vertex[1], z + vertex[2])
            rows.append((collision, kind, *place, px, py, pz, mass, charge))
    table = np.array(rows).T
    collision, kind = table[:2].astype(np.int64)
    return Generated(collision, kind, table[2:5].T, table[5:8].T, table[8], table[9])


_Particle = tuple[float, ...]


def _collisions(
    process: tuple[str, ...], number: int, beam: Beam, seed: int
) -> list[list[_Particle]]:
    if not number:
        return []
    generator = _started(process, beam, seed)
    collisions: list[list[_Particle]] = []
    while len(collisions) < number:
        if generator.next():  # a collision that fails its own checks is drawn again
            collisions.append(_kept(generator.event, beam))
    return collisions


def _started(process: tuple[str, ...], beam: Beam, seed: int):  # type: ignore[no-untyped-def]  # noqa: ANN202 - Pythia has no types
    try:
        import pythia8mc  # noqa: PLC0415 - an extra
    except ImportError:
        raise BadInputError(
            "Simulation needs Pythia 8 and ACTS: pip install 'nearhit[simulate]'."
        ) from None
    generator = pythia8mc.Pythia("", printBanner=False)
    settings = (
        "Print:quiet = on",
        *_DECAYS_INSIDE,
        "Random:setSeed = on",
        f"Random:seed = {seed % 900_000_000 + 1}",  # Pythia takes no more, and 0 means the clock
        f"Beams:eCM = {beam.energy * 1000}",
        *process,
    )
    for setting in settings:
        generator.readString(setting)
    generator.init()
    return generator


def _kept(event, beam: Beam) -> list[_Particle]:  # type: ignore[no-untyped-def]  # noqa: ANN001 - as above
    return [
        (p.id(), p.charge(), p.m(), p.xProd(), p.yProd(), p.zProd(), p.px(), p.py(), p.pz())
        for p in event
        if p.isFinal() and p.isCharged() and p.pT() > beam.min_pt and abs(p.eta()) < beam.max_eta
    ]
