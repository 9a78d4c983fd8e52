"""A figure of the sources: its lines, each with what was published and where it is measured."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from matplotlib.figure import Figure as Drawing

from nearhit.records.record import Record

from .evidence import Evidence
from .published import Source
from .take import Take, Taken
from .wanted import Wanted

Same = Literal["yes", "in part", "no", "–"]


@dataclass(frozen=True)
class Line:
    """One number.

    Attributes:
        what: it is of.
        wanted: the cells that it is taken from.
        take: takes it from their records, which must all be `ok`.
        published: the number; None where the source has a plot, or nothing.
        unit: of both.
        form: how both are written.
        published_as: what the source says where that is not the bare number.
        series, at: the curve of the plot that it lies on, and where.
        takes_any: whether a record of any status serves: the number is of what was to be done.
    """

    what: str
    wanted: tuple[Wanted, ...]
    take: Take
    published: float | None = None
    unit: str = ""
    form: str = ".3g"
    published_as: str = ""
    series: str = ""
    at: float | None = None
    takes_any: bool = False


@dataclass(frozen=True)
class SourceFigure:
    """One figure of the sources.

    Attributes:
        name: what users write.
        title: what it shows.
        source: where it is.
        same: whether it is measured under the same conditions.
        differs: in what the conditions differ, in a sentence.
        lines: its numbers, the one that stands for all first.
        note: what else a reader should know; empty if nothing.
        draw: plots of it; None where the source has none.
        later: why nothing is measured yet, or what measures it; empty where lines do.
        says: what is published, where nothing is measured yet.
    """

    name: str
    title: str
    source: Source
    same: Same = "no"
    differs: str = ""
    lines: tuple[Line, ...] = ()
    note: str = ""
    draw: "Callable[[Found], Iterator[tuple[str, Drawing]]] | None" = None
    later: str = ""
    says: str = ""

    @property
    def wanted(self) -> tuple[Wanted, ...]:
        """Every cell that it is made of, once."""
        return tuple(dict.fromkeys(one for line in self.lines for one in line.wanted))


@dataclass(frozen=True)
class Measured:
    """One line with what the records hold of it.

    Attributes:
        line: what was asked.
        records: what it was taken from; fewer than wanted where some are missing.
        taken: the number; None where there is none.
        why: why there is none, in a few words.
        lacking: cells that measuring would bring: those without a record, with one that was
            skipped, or with one from before the number was recorded.
    """

    line: Line
    records: tuple[Record, ...]
    taken: Taken | None
    why: str = ""
    lacking: tuple[Wanted, ...] = ()


@dataclass(frozen=True)
class Found:
    """One figure with what the records hold of it."""

    figure: SourceFigure
    measured: tuple[Measured, ...]

    @cached_property
    def records(self) -> tuple[Record, ...]:
        """Every record that one of its numbers is taken from, once."""
        used = (record for one in self.measured if one.taken for record in one.records)
        return tuple({record.identity: record for record in used}.values())

    @property
    def lacking(self) -> tuple[Wanted, ...]:
        """The cells that measuring would bring, once."""
        return tuple(dict.fromkeys(cell for one in self.measured for cell in one.lacking))

    @property
    def n_measured(self) -> int:
        """How many of its lines have a number."""
        return sum(one.taken is not None for one in self.measured)


def look_up(figure: SourceFigure, evidence: Evidence) -> Found:
    """Return a figure with what the records hold of it."""
    return Found(figure, tuple(_measured(line, evidence) for line in figure.lines))


def _measured(line: Line, evidence: Evidence) -> Measured:
    found = [evidence.record(wanted) for wanted in line.wanted]
    records = tuple(record for record in found if record)
    if len(records) < len(line.wanted):
        absent = (cell for cell, one in zip(line.wanted, found, strict=True) if one is None)
        return Measured(line, records, None, "no record", tuple(absent))
    ended = next((one.status for one in records if one.status.outcome != "ok"), None)
    if ended and not line.takes_any:
        skipped = line.wanted if ended.outcome == "skipped" else ()
        return Measured(line, records, None, str(ended), skipped)
    taken = line.take(*records)
    if taken is None:
        return Measured(line, records, None, "its record is older than the number", line.wanted)
    return Measured(line, records, taken)
