"""The newest record of each cell on one machine, and what published figures read from them."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from nearhit.records.record import Record
from nearhit.records.select import AskedEvent, chosen_machine

from .figure import Line, PublishedFigure
from .required_cell import RequiredCell
from .values import Spread


@dataclass(frozen=True, eq=False)
class Evidence:
    """Records of one machine.

    Attributes:
        records: all of them, in any order.
        asked: the event of figures that name none.
        machine: its name.
    """

    records: tuple[Record, ...]
    asked: AskedEvent
    machine: str

    @classmethod
    def of(cls, records: Iterable[Record], asked: AskedEvent, machine: str = "") -> "Evidence":
        """Select the machine: the named one, else this one, else that of the newest record.

        Raises:
            BadInputError: the named machine has no records.
        """
        held = tuple(records)
        name = chosen_machine(held, machine)
        return cls(tuple(r for r in held if r.provenance.machine.name == name), asked, name)

    def record(self, cell: RequiredCell) -> Record | None:
        """Return the newest record of a cell, whatever its status."""
        found = cell.among(self._by_index.get(_name(cell.index), ()), self.asked)
        return max(found, key=lambda one: one.provenance.started, default=None)

    @cached_property
    def _by_index(self) -> dict[str, list[Record]]:
        found: dict[str, list[Record]] = {}
        for record in self.records:
            found.setdefault(record.cell.index.name, []).append(record)
        return found


def _name(index: str) -> str:
    return index.partition("(")[0].strip()


@dataclass(frozen=True)
class LineResult:
    """A line with its measured value.

    Attributes:
        line: the line.
        records: those of its cells; fewer than cells where some are missing.
        value: None where there is none.
        reason: why there is none, in a few words.
        missing: cells to measure: those without a record, with a skipped one, or with one from
            before the number was recorded.
    """

    line: Line
    records: tuple[Record, ...]
    value: Spread | None
    reason: str = ""
    missing: tuple[RequiredCell, ...] = ()


@dataclass(frozen=True)
class FigureResult:
    """A figure with its measured values."""

    figure: PublishedFigure
    lines: tuple[LineResult, ...]

    @property
    def records(self) -> tuple[Record, ...]:
        """Every record that a value is computed from, once."""
        used = (record for one in self.lines if one.value for record in one.records)
        return tuple({record.identity: record for record in used}.values())

    @property
    def missing(self) -> tuple[RequiredCell, ...]:
        """The cells to measure, once."""
        return tuple(dict.fromkeys(cell for one in self.lines for cell in one.missing))

    @property
    def n_measured(self) -> int:
        """Number of lines with a value."""
        return sum(one.value is not None for one in self.lines)


def look_up(figure: PublishedFigure, evidence: Evidence) -> FigureResult:
    """Return a figure with the values that the records give."""
    return FigureResult(figure, tuple(_result(line, evidence) for line in figure.lines))


def _result(line: Line, evidence: Evidence) -> LineResult:
    found = {cell: evidence.record(cell) for cell in line.cells}
    records = tuple(record for record in found.values() if record)
    absent = tuple(cell for cell, record in found.items() if record is None)
    if absent:
        return LineResult(line, records, None, "no record", absent)
    ended = next((one.status for one in records if one.status.outcome != "ok"), None)
    if ended and not line.any_status:
        skipped = line.cells if ended.outcome == "skipped" else ()
        return LineResult(line, records, None, str(ended), skipped)
    value = line.value(*records)
    if value is None:
        return LineResult(line, records, None, "its record is older than the number", line.cells)
    return LineResult(line, records, Spread(value) if isinstance(value, float) else value)
