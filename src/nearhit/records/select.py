"""Select records by event and machine."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from nearhit.datasets.bundled import BUNDLED
from nearhit.datasets.catalogue import catalogue_event, in_catalogue
from nearhit.datasets.open_event import open_event
from nearhit.errors import BadInputError
from nearhit.machine.hardware import this_machine

from .record import Record


@dataclass(frozen=True)
class AskedEvent:
    """The event whose records are selected.

    Attributes:
        source: the event as users write it, see `nearhit.datasets.open_event`.
        name: its name in records.
        digest: digest of its content; empty to accept any event of that name.
    """

    source: str
    name: str
    digest: str = ""

    @classmethod
    def read(cls, source: str, volumes: tuple[int, ...] = (), recorded: Iterable[str] = ()) -> Self:
        """Resolve an event without simulating it.

        Args:
            source: `bundled`, a recipe, a path, or the name of an event in records.
            volumes: as in `open_event`.
            recorded: names of the events in records.

        Raises:
            BadInputError: there is no such event.
        """
        if in_catalogue(source):
            kept = f"[{','.join(map(str, sorted(set(volumes))))}]" if volumes else ""
            return cls(source, f"{catalogue_event(source)}{kept}")
        if source != BUNDLED and not volumes and source in set(recorded):
            return cls(source, source)
        event = open_event(source, volumes)
        return cls(source, event.name, event.digest)

    def __contains__(self, record: Record) -> bool:
        return record.cell.event == self.name and self.digest in {"", record.cell.event_digest}


def chosen_machine(records: Sequence[Record], machine: str = "") -> str:
    """Return the machine whose records are read.

    Args:
        records: records of any machines.
        machine: the requested machine; empty for this one if it has records, else for the machine
            of the newest record.

    Raises:
        BadInputError: the requested machine has no records.
    """
    newest: dict[str, str] = {}
    for record in records:
        name, started = record.provenance.machine.name, record.provenance.started
        newest[name] = max(started, newest.get(name, ""))
    if machine and machine not in newest:
        known = ", ".join(sorted(newest)) or "none, until some are measured with 'nearhit run'"
        raise BadInputError(f"Machine {machine!r} has no records; those that have: {known}.")
    here = this_machine().name
    if machine or here in newest or not newest:
        return machine or here
    return max(newest, key=lambda name: newest[name])
