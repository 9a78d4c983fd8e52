"""Names that mean one machine each, so that two are never ranked together."""

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, replace
from itertools import groupby
from typing import TypeVar

from nearhit.contract.certificate import Certificate
from nearhit.machine.hardware import Machine, same_hardware
from nearhit.records.checksum import short_digest
from nearhit.records.record import Record
from nearhit.records.row import Row

Measured = TypeVar("Measured", Record, Certificate)
"""What was measured on a machine."""


@dataclass(frozen=True)
class Machines:
    """Names that mean one machine each.

    Attributes:
        names: by description; a name that is claimed by several machines is followed by a digest of
            the hardware.
        sentences: for people, one for each name that was claimed by several.
    """

    names: dict[Machine, str]
    sentences: tuple[str, ...]

    def apart(self, measured: Iterable[Measured]) -> list[Measured]:
        """Return what was measured with names that mean one machine each."""
        return [self._renamed(one) for one in measured]

    def _renamed(self, one: Measured) -> Measured:
        machine = one.provenance.machine
        if self.names[machine] == machine.name:
            return one
        named = replace(machine, name=self.names[machine])
        return replace(one, provenance=replace(one.provenance, machine=named))


def refuse_mixed(rows: Iterable[Row]) -> None:
    """Let nothing pass that ranks machines against each other.

    Raises:
        ValueError: rows are of several machines, or of several commits.
    """
    places = {(row.machine, row.cpu, row.cores, row.commit) for row in rows}
    if len(places) > 1:
        raise ValueError(f"what was measured apart cannot be ranked together: {sorted(places)}")


def machines_of(*measured: Iterable[Record | Certificate]) -> Machines:
    """Tell apart the machines that records and certificates are of."""
    found = {one.provenance.machine for group in measured for one in group}
    names: dict[Machine, str] = {}
    sentences = []
    ordered = sorted(found, key=lambda one: (one.name, _hardware(one), astuple(one)))
    for name, group in groupby(ordered, key=lambda one: one.name):
        alike = _by_hardware(list(group))
        names |= {one: _name(some, alike) for some in alike for one in some}
        if len(alike) > 1:
            sentences.append(_sentence(name, alike))
    return Machines(names, tuple(sentences))


def _by_hardware(machines: Sequence[Machine]) -> list[list[Machine]]:
    """Return descriptions, in order of hardware, by the machine that they may be of."""
    found: list[list[Machine]] = []
    for machine in machines:
        if found and same_hardware(found[-1][0], machine):
            found[-1].append(machine)
        else:
            found.append([machine])
    return found


def _name(some: Sequence[Machine], alike: Sequence[Sequence[Machine]]) -> str:
    first = some[0]
    if len(alike) == 1:
        return first.name
    return f"{first.name}-{short_digest({'hardware': _hardware(first)})[:4]}"


def _hardware(machine: Machine) -> tuple[str, int, str, int]:
    return machine.cpu, machine.cores, machine.gpu, machine.memory_mb


def _sentence(name: str, alike: Sequence[Sequence[Machine]]) -> str:
    told = [
        f"{_name(some, alike)} is {some[0].cpu}, {some[0].cores} cores, {some[0].memory_mb:,} MiB"
        f"{some[0].gpu and ', '}{some[0].gpu}"
        for some in alike
    ]
    return (
        f"{len(alike)} different machines are called {name} and are ranked apart: "
        f"{'; '.join(told)}. Give one a name of its own in NEARHIT_MACHINE."
    )
