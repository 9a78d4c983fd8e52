"""The records that figures are taken from: of one machine, the newest of each cell."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from nearhit.records.record import Record
from nearhit.records.select import AskedEvent, chosen_machine

from .wanted import Wanted


@dataclass(frozen=True, eq=False)
class Evidence:
    """Records of one machine.

    Attributes:
        records: all of them, in any order.
        asked: the event that figures are about where they name none.
        machine: its name.
    """

    records: tuple[Record, ...]
    asked: AskedEvent
    machine: str

    @classmethod
    def of(cls, records: Iterable[Record], asked: AskedEvent, machine: str = "") -> "Evidence":
        """Choose the machine: the one that is named, else this one, else that of the newest record.

        Raises:
            BadInputError: the machine that is named has no records.
        """
        held = tuple(records)
        name = chosen_machine(held, machine)
        return cls(tuple(r for r in held if r.provenance.machine.name == name), asked, name)

    def record(self, wanted: Wanted) -> Record | None:
        """Return the newest record of a cell, whatever its status."""
        found = wanted.among(self._by_index.get(_name(wanted.index), ()), self.asked)
        return max(found, key=lambda one: one.provenance.started, default=None)

    @cached_property
    def _by_index(self) -> dict[str, list[Record]]:
        found: dict[str, list[Record]] = {}
        for record in self.records:
            found.setdefault(record.cell.index.name, []).append(record)
        return found


def _name(index: str) -> str:
    return index.partition("(")[0].strip()
