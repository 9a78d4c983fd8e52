"""Two sides ready to be judged, measured in turn or read from records."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Self

from nearhit.cells.cell import Cell
from nearhit.cells.words import cell_in_words
from nearhit.errors import BadInputError
from nearhit.records.record import Record

from .series import CellSeries, Series, SideSeries
from .thresholds import Thresholds, losses
from .verdict import CellPair, Finding, SideValues, judge

_RECORDS = "records"  # a folder of results has other things beside them


@dataclass(frozen=True)
class Comparison:
    """Two sides.

    Attributes:
        sides: their labels.
        pairs: their cells.
        notes: conditions, for people.
    """

    sides: tuple[str, str]
    pairs: tuple[CellPair, ...]
    notes: tuple[str, ...] = ()

    @classmethod
    def of_series(cls, series: Series) -> Self:
        """Return the first two sides of a series."""
        first, second = series.sides[:2]
        return cls((first, second), tuple(map(measured_pair, series.cells)), tuple(_notes(series)))

    @classmethod
    def of_records(cls, a: Path, b: Path) -> Self:
        """Return the records of two files or folders.

        Raises:
            BadInputError: one holds no records, or one that cannot be read.
        """
        before, after = (_by_cell(records_in(place)) for place in (a, b))
        pairs = (
            _recorded_pair(cell, before.get(cell, []), after.get(cell, []))
            for cell in dict.fromkeys((*before, *after))
        )
        return cls((f"A: {a}", f"B: {b}"), tuple(pairs))

    def judged(self, figures: Sequence[str], thresholds: Thresholds) -> list[Finding]:
        """Judge some figures; the fewer there are, the more certain each verdict is."""
        return judge([_only(pair, figures) for pair in self.pairs], thresholds)


def _only(pair: CellPair, figures: Sequence[str]) -> CellPair:
    a, b = (
        side and replace(side, values={k: v for k, v in side.values.items() if k in figures})
        for side in (pair.a, pair.b)
    )
    return replace(pair, a=a, b=b)


def measured_pair(one: CellSeries) -> CellPair:
    """Return the first two sides of a measured cell."""
    a, b = map(_measured, one.arms[:2])
    return CellPair(one.cell, a, b)


def _measured(side: SideSeries) -> SideValues:
    if not side.turns and not side.losses:
        return SideValues(side.status)
    timed = {
        "seconds": side.timed("seconds"),
        "processor_seconds": side.timed("processor_seconds"),
        "peak_memory_mb": tuple(turn.peak_memory_mb for turn in side.turns),
    }
    return SideValues(side.status, timed | side.losses)


def _notes(series: Series) -> Iterator[str]:
    machine = series.provenance.machine
    yield (
        f"{series.event}, threads: {series.threads}; {machine.cpu}, {machine.cores} cores, load "
        f"{series.provenance.load:.1f} at the start."
    )
    for one in series.cells:
        abouts = dict.fromkeys(side.about for side in one.arms[:2] if side.about)
        yield f"{one.cell}: {' against '.join(abouts) or 'not measured'}."


def records_in(place: Path) -> list[Record]:
    """Return the records of a file, or of a folder and those below it.

    Raises:
        BadInputError: one cannot be read, or there are none.
    """
    folder = place / _RECORDS if (place / _RECORDS).is_dir() else place
    files = [place] if place.is_file() else sorted(folder.rglob("*.json*"))
    if not files:
        raise BadInputError(f"{place} holds no records: name a file or a folder that does.")
    return [record for file in files for record in _read(file)]


def _read(file: Path) -> list[Record]:
    records: list[Record] = []
    try:
        for line in file.read_text(encoding="utf-8").splitlines():
            records.append(Record.from_json(line))  # noqa: PERF401 - their number names the line
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise BadInputError(
            f"{file}, line {len(records) + 1}, is not a readable record ({error}): leave it out."
        ) from error
    return records


def _by_cell(records: Iterable[Record]) -> dict[Cell, list[Record]]:
    found: dict[Cell, list[Record]] = {}
    for record in sorted(records, key=lambda one: one.provenance.started):
        found.setdefault(record.cell, []).append(record)
    return found


def _recorded_pair(cell: Cell, a: list[Record], b: list[Record]) -> CellPair:
    machines = sorted({one.provenance.machine.name for one in (*a, *b)})
    apart = f"taken on {' and '.join(machines)}" if len(machines) > 1 else ""
    name = f"{cell_in_words(cell)}, {cell.event}"
    return CellPair(name, _recorded(a), _recorded(b), paired=False, incomparable=apart)


def _recorded(records: list[Record]) -> SideValues | None:
    """Return the figures of records of one cell; where some ended well, those alone count."""
    if not records:
        return None
    well = [one for one in records if one.status.outcome == "ok"]
    if not well:
        return SideValues(records[-1].status)
    values: dict[str, tuple[float, ...]] = {}
    for record in well:
        for name, value in _figures(record):
            values[name] = (*values.get(name, ()), value)
    return SideValues(values=values)


def _figures(record: Record) -> Iterator[tuple[str, float]]:
    """Yield the figures of a record; its passes shared a worker, so that they count as one."""
    if record.tracking is not None:
        yield "seconds", median(sum(stages.values()) for stages in record.tracking.warm)
    elif record.timing is not None:
        warm = record.timing.warm
        yield "seconds", median(one.seconds for one in warm)
        yield (
            "processor_seconds",
            median(
                one.project_seconds + one.cores_used * (one.build_seconds + one.query_seconds)
                for one in warm
            ),
        )
    if record.peak_memory_mb is not None:
        yield "peak_memory_mb", record.peak_memory_mb
    scores = record.tracking.scores if record.tracking else {}
    yield from losses(record.quality, scores).items()
