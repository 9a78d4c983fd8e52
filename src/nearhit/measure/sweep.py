"""A sweep: a named list of cells measured anew, resumed only where it was interrupted."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from nearhit.cells.cell import Cell
from nearhit.data.event import Event
from nearhit.errors import BadInputError
from nearhit.machine.hardware import this_machine
from nearhit.machine.provenance import commit
from nearhit.records import atomic_writes
from nearhit.records.record import Record
from nearhit.records.store import Store

from .runner import Protocol, ignore, now, run_cells


def run_sweep(  # noqa: PLR0913, PLR0917 - what run_cells takes, and a name
    name: str,
    event: Event,
    cells: Sequence[Cell],
    store: Store,
    protocol: Protocol,
    notice: Callable[[Record], None] = ignore,
) -> list[Record]:
    """Measure cells anew and return their records, in the order of the cells.

    A file NAME.open stands beside the records from the first cell to the last. Where a sweep of
    that name finds it, the one before was interrupted, and what that one finished is not measured
    again.

    Args:
        name: of the sweep, for the file.
        event: what all cells are about.
        cells: what to measure.
        store: where records are kept as they come.
        protocol: how to measure; what was measured after its `since` counts as finished, if it has
            one, so that sweeps of one run share the cells that they have in common.
        notice: called with each record as it comes.
    """
    marker = store.folder / this_machine().name / commit() / f"{name}.open"
    opened = _opened(marker)
    since = min(opened, protocol.since or opened)
    records = run_cells(event, cells, store, replace(protocol, since=since), notice)
    marker.unlink(missing_ok=True)
    return records


def _opened(marker: Path) -> str:
    """Return when the sweep began: now, or when the interrupted one did."""
    try:
        marker.parent.mkdir(parents=True, exist_ok=True)
        while True:
            with suppress(FileExistsError):  # the interrupted sweep's own time is what counts
                atomic_writes.create(marker.parent, [marker.name], now())
            with suppress(FileNotFoundError):  # another sweep of that name has just ended
                return _time_in(marker)
    except OSError as error:
        raise BadInputError(f"{marker} cannot be written ({error.strerror}).") from error


def _time_in(marker: Path) -> str:
    """Return the time in a marker; what is none would have old records taken for new ones."""
    time = marker.read_text(encoding="utf-8")
    try:
        datetime.fromisoformat(time)
    except ValueError:
        raise BadInputError(
            f"{marker} does not say when a sweep began: delete it, and what was interrupted is "
            "measured from its beginning."
        ) from None
    return time
