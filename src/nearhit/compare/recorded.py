"""Compares what is recorded: files and folders of records, without measuring."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import median

from nearhit.cells.cell import Cell
from nearhit.errors import BadInputError
from nearhit.records.record import Record
from nearhit.records.row import row_of

from .figures import losses
from .verdict import Pair, Seen

_SUITES_FOLDER = "records"


def records_in(place: Path) -> list[Record]:
    """Return the records of a file, or of a folder and those below it.

    Raises:
        BadInputError: one cannot be read, or there are none.
    """
    records = place / _SUITES_FOLDER  # a folder of results has other things beside its records
    folder = records if records.is_dir() else place
    files = [place] if place.is_file() else sorted(folder.rglob("*.json"))
    if not files:
        raise BadInputError(f"{place} holds no records: name a file or a folder that does.")
    return [_read(file) for file in files]


def _read(file: Path) -> Record:
    try:
        return Record.from_json(file.read_text(encoding="utf-8"))
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise BadInputError(f"{file} is not a readable record ({error}): leave it out.") from error


def recorded_pairs(a: Iterable[Record], b: Iterable[Record]) -> list[Pair]:
    """Return every cell of either side; times of different machines are not held together."""
    before, after = _by_cell(a), _by_cell(b)
    return [
        _pair(cell, before.get(cell, []), after.get(cell, []))
        for cell in dict.fromkeys((*before, *after))
    ]


def _by_cell(records: Iterable[Record]) -> dict[Cell, list[Record]]:
    found: dict[Cell, list[Record]] = {}
    for record in sorted(records, key=lambda one: one.provenance.started):
        found.setdefault(record.cell, []).append(record)
    return found


def _pair(cell: Cell, a: list[Record], b: list[Record]) -> Pair:
    machines = sorted({one.provenance.machine.name for one in (*a, *b)})
    apart = f"taken on {' and '.join(machines)}" if len(machines) > 1 else ""
    name = f"{cell}, {cell.event}"
    return Pair(name, _seen(a), _seen(b), paired=False, incomparable=apart)


def _seen(records: list[Record]) -> Seen | None:
    """Return what records of one cell say; where some ended well, those alone count."""
    if not records:
        return None
    well = [one for one in records if one.status.outcome == "ok"]
    if not well:
        return Seen(records[-1].status)
    values: dict[str, tuple[float, ...]] = {}
    for record in well:
        for name, value in _values(record):
            values[name] = (*values.get(name, ()), value)
    return Seen(values=values)


def _values(record: Record) -> Iterator[tuple[str, float]]:
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
    yield from losses(row_of(record)).items()
