"""Measure cells from Python: one without keeping it, or many into a folder of results.

Cells are measured in spawned processes, so that a script must call these functions below
`if __name__ == "__main__":`.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from warnings import warn

from nearhit.cells.cell import Cell
from nearhit.data.event import Event
from nearhit.records.read import records_store
from nearhit.records.record import Record

from .runner import Protocol, run_cells

_REPEATS = Protocol().repetitions


def evaluate(event: Event, cell: Cell, *, repeats: int = _REPEATS) -> Record:
    """Measure one cell and return its record; nothing is written.

    Args:
        event: the event that the cell was made of.
        cell: what to measure.
        repeats: number of rounds, each with a warm pass of every cell.

    Raises:
        BadInputError: the event lacks what the cell asks for.
    """
    (record,) = run_cells(event, [cell], protocol=Protocol(repeats))
    return record


def run(
    event: Event, cells: Sequence[Cell], results: Path | str, *, repeats: int = _REPEATS
) -> list[Record]:
    """Measure cells and write the record of each as soon as it ends; return them in order.

    Cells that one table ranks are measured in rounds, so that they end in the last of them.

    Cells that the folder already has, measured with the same code, versions and machine, are not
    measured again, so that an interrupted run resumes. Records that cannot be read, such as one
    that a killed run was writing, are warned of, and their cells are measured again.

    Args:
        event: the event that all cells were made of.
        cells: what to measure.
        results: the folder of results, as in `nearhit run --results`.
        repeats: number of rounds, each with a warm pass of every cell.

    Raises:
        BadInputError: the event lacks what a cell asks for, or the folder cannot be written.
    """
    store = replace(records_store(results), unreadable=warn)
    return run_cells(event, cells, store, Protocol(repeats))
