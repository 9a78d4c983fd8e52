"""The records that figures are taken from: of one machine, the newest of each cell."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from nearhit.errors import BadInputError
from nearhit.hardware import this_machine
from nearhit.record import Record

from .wanted import Subject, Wanted


@dataclass(frozen=True, eq=False)
class Evidence:
    """Records of one machine.

    Attributes:
        records: all of them, in any order.
        asked: the event that figures are about where they name none.
        machine: its name.
    """

    records: tuple[Record, ...]
    asked: Subject
    machine: str

    @classmethod
    def of(cls, records: Iterable[Record], asked: Subject, machine: str = "") -> "Evidence":
        """Choose the machine: the one that is named, else this one, else that of the newest record.

        Raises:
            BadInputError: the machine that is named has no records.
        """
        held = tuple(records)
        name = chosen_machine(held, machine)
        return cls(tuple(r for r in held if r.provenance.machine.name == name), asked, name)

    def record(self, wanted: Wanted) -> Record | None:
        """Return the newest record of a cell, whatever its status."""
        fitting = (one for one in self._by_index.get(_name(wanted.index), ()))
        found = [one for one in fitting if wanted.fits(one, self.asked)]
        return max(found, key=lambda one: one.provenance.started, default=None)

    @cached_property
    def _by_index(self) -> dict[str, list[Record]]:
        found: dict[str, list[Record]] = {}
        for record in self.records:
            found.setdefault(record.cell.index.name, []).append(record)
        return found


def chosen_machine(records: Iterable[Record], machine: str = "") -> str:
    """Return the machine of which records are read.

    Args:
        records: of any machines.
        machine: the one that is asked for; empty for this one, or that of the newest record.

    Raises:
        BadInputError: the machine that is asked for has no records.
    """
    newest: dict[str, str] = {}
    for record in records:
        name, started = record.provenance.machine.name, record.provenance.started
        newest[name] = max(started, newest.get(name, ""))
    if machine and machine not in newest:
        raise BadInputError(
            f"Machine {machine!r} has no records; write one of {', '.join(sorted(newest)) or '–'}."
        )
    here = this_machine().name
    if machine or here in newest or not newest:
        return machine or here
    return max(newest, key=lambda name: newest[name])


def _name(index: str) -> str:
    return index.partition("(")[0].strip()
