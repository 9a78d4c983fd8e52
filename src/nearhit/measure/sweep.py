"""A sweep: cells measured anew, resumed only where it was interrupted."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from nearhit.cells.cell import Cell
from nearhit.errors import BadInputError
from nearhit.machine.hardware import this_machine
from nearhit.machine.provenance import commit
from nearhit.records import atomic_writes
from nearhit.records.checksum import short_digest


@contextmanager
def sweep(folder: Path, cells: Sequence[Cell]) -> Iterator[str]:
    """Enter a sweep and give the time when it began: now, or when an interrupted one did.

    A marker stands beside the records from the first cell to the last. Where a sweep of the same
    cells finds it, the one before was interrupted, and what that one finished need not be measured
    again.

    Args:
        folder: of the records.
        cells: what is measured.

    Raises:
        BadInputError: the marker cannot be written, or was damaged.
    """
    marker = marker_of(folder, cells)
    yield _opened(marker)
    marker.unlink(missing_ok=True)


def marker_of(folder: Path, cells: Sequence[Cell]) -> Path:
    """Return the file that says when a sweep of these cells began."""
    name = short_digest({"cells": [repr(cell) for cell in cells]})
    return folder / this_machine().name / f"{commit()}.{name}.open"


def now() -> str:
    """Return the time as records keep it: UTC, ISO 8601, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _opened(marker: Path) -> str:
    """Return when the sweep began: now, or when the interrupted one did."""
    try:
        marker.parent.mkdir(parents=True, exist_ok=True)
        while True:
            with suppress(FileExistsError):  # the interrupted sweep's own time is what counts
                atomic_writes.create(marker, now())
            with suppress(FileNotFoundError):  # another sweep of these cells has just ended
                return _time_in(marker)
    except OSError as error:
        raise BadInputError(f"{marker} cannot be written ({error.strerror}).") from error


def _time_in(marker: Path) -> str:
    """Return the time in a marker; anything else would have old records taken for new ones."""
    time = marker.read_text(encoding="utf-8")
    try:
        datetime.fromisoformat(time)
    except ValueError:
        raise BadInputError(
            f"{marker} does not say when a sweep began: delete it, and what was interrupted is "
            "measured from its beginning."
        ) from None
    return time
