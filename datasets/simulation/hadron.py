"""Collisions of hadrons with nuclei at rest: cross-sections and secondaries, by Pythia 8."""

import math
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from nearhit.errors import BadInputError

from .pythia import INCOMPLETE, charged, installed_pythia, loaded, reseed, silence, started

LEAST_KINETIC_ENERGY = 0.05
"""Momentum below which hadrons do not interact, GeV."""

_PROTON, _NEUTRON = 2212, 2112
_ELASTIC = {102, 152}  # process codes at high and at low energy
_MOST_TRIES = 1_000
_ELASTIC_KIND = 2  # code of partial cross-sections
_DIFFRACTION = 0.5  # Pythia's default enhancement of single diffraction on nuclei

_ANY_HADRON_OF_ANY_ENERGY = (
    "Beams:allowVariableEnergy = on",
    "Beams:allowIDAswitch = on",
    "Beams:frameType = 3",
    "Beams:pzA = 7000",
    "Beams:pzB = 0",
    "SoftQCD:all = on",
    "LowEnergyQCD:all = on",
    "MultipartonInteractions:reuseInit = 3",
)


class Hadron(NamedTuple):
    """One hadron: its PDG code, momentum and mass in GeV."""

    kind: int
    px: float
    py: float
    pz: float
    mass: float

    @property
    def energy(self) -> float:
        """Total energy in GeV."""
        return math.hypot(self.px, self.py, self.pz, self.mass)


class HadronCollisions:
    """Collisions of hadrons with nuclei at rest, with random numbers from one seed.

    As in Pythia's own cascades, a hadron collides with one nucleon after another, on average as
    many as follow from its cross-section, and the most energetic hadron of each collision goes on.
    """

    def __init__(self, random: np.random.Generator) -> None:
        self._random = random
        reseed(_collider(), random)

    def on_nucleus(self, hadron: Hadron, mass_number: int) -> "_Rows":
        """Return the charged secondaries as rows of `Generated.of_rows`."""
        further = 1 - 1 / _nucleons_met(hadron, mass_number)
        made, others, leading = self._inelastic(hadron)
        rows: _Rows = []
        while leading and self._random.random() < further:
            rows += others
            made, others, leading = self._on_nucleon(leading)
        return rows + made

    def _inelastic(self, hadron: Hadron) -> "_Collision":
        """Return the first inelastic collision, because cross-sections exclude elastic ones.

        A hadron near the minimum momentum, which mostly scatters elastically, may end elastically.
        """
        for _ in range(_MOST_TRIES):
            collision = self._on_nucleon(hadron)
            if _collider().infoPython().code() not in _ELASTIC:
                break
        return collision

    def _on_nucleon(self, hadron: Hadron) -> "_Collision":
        """Return the charged particles, those but the leading hadron, and the leading hadron."""
        collider = _collider()
        target = _PROTON if self._random.random() < 0.5 else _NEUTRON  # noqa: PLR2004 - equally many
        collider.setBeamIDs(hadron.kind, target)
        at_rest = Hadron(target, 0, 0, 0, collider.particleData.m0(target))
        if not collider.setKinematics(_four(hadron), _four(at_rest)) or not collider.next():
            return [], [], None
        final = [one for one in collider.event if one.isFinal() and one.isHadron()]
        lead = max(final, key=lambda one: one.e(), default=None)
        made = charged(collider.event)
        if lead is None or lead.e() - lead.m() < LEAST_KINETIC_ENERGY:
            return made, made, None
        hadron = Hadron(lead.id(), lead.px(), lead.py(), lead.pz(), lead.m())
        momentum = (hadron.px, hadron.py, hadron.pz)
        return made, [row for row in made if row[6:] != momentum], hadron


_Rows = list[tuple[float, ...]]
_Collision = tuple[_Rows, _Rows, Hadron | None]


def cross_section(kind: int, momentum: float, mass_number: int) -> float:
    """Return Pythia's inelastic cross-section of a hadron (PDG code; GeV) on a nucleus in mb.

    It is the total cross-section on the nucleus times the inelastic share of that on a proton.

    Raises:
        BadInputError: the simulation is not installed, or only in part.
    """
    cascade = _cascade()
    hadron = Hadron(kind, 0, 0, momentum, cascade.particleData().m0(kind))
    if not cascade.sigmaSetuphN(kind, _four(hadron), hadron.mass):
        return 0.0
    return float(cascade.sigmahA(mass_number)) * _inelastic_share(hadron)


def _inelastic_share(hadron: Hadron) -> float:
    proton = _cascade().particleData().m0(_PROTON)
    both = math.sqrt(hadron.mass**2 + proton**2 + 2 * hadron.energy * proton)
    total = _collider().getSigmaTotal(hadron.kind, _PROTON, both)
    elastic = _collider().getSigmaPartial(hadron.kind, _PROTON, both, _ELASTIC_KIND)
    return max(0.0, 1 - elastic / total) if total > 0 else 0.0


def _nucleons_met(hadron: Hadron, mass_number: int) -> float:
    cascade = _cascade()
    if not cascade.sigmaSetuphN(hadron.kind, _four(hadron), hadron.mass):
        return 1.0
    return max(1.0, float(cascade.nCollAvg(mass_number)))


def _four(hadron: Hadron) -> Any:
    vector = installed_pythia().Vec4
    return vector(hadron.px, hadron.py, hadron.pz, hadron.energy)


@cache
def _collider() -> Any:
    return started((*_ANY_HADRON_OF_ANY_ENERGY, f"MultipartonInteractions:initFile = {_tables()}"))


@cache
def _cascade() -> Any:
    with silence():
        cascade = installed_pythia().PythiaCascade()
        ready = cascade.init(LEAST_KINETIC_ENERGY, _DIFFRACTION, _tables())
    if not ready:
        raise BadInputError(INCOMPLETE)
    return cascade


def _tables() -> str:
    """Return Pythia's file of initialisation data, which saves minutes of computing them."""
    file = Path(loaded().settings.word("xmlPath")).parent / "setups" / "InitDefaultMPI.cmnd"
    if not file.is_file():
        raise BadInputError(INCOMPLETE)
    return str(file)
