"""Measures the cells that figures lack, as `nearhit run` would."""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from nearhit.cells.words import cell_in_words
from nearhit.data.event import Event
from nearhit.datasets.open_event import open_event
from nearhit.errors import BadInputError, SkippedError
from nearhit.measure.runner import Protocol, run_cells
from nearhit.measure.worker import Limits
from nearhit.records.record import Record
from nearhit.records.store import Store

from .evidence import Evidence, look_up
from .figure import PublishedFigure
from .required_cell import RequiredCell

Notice = Callable[[str], None]


def missing_cells(
    figures: Iterable[PublishedFigure], evidence: Evidence, *, again: bool
) -> list[RequiredCell]:
    """Return the cells to measure, see `LineResult.missing`; all of them with `again`."""
    groups = (one.cells if again else look_up(one, evidence).missing for one in figures)
    return list(dict.fromkeys(cell for cells in groups for cell in cells))


def measure_cells(
    required: Iterable[RequiredCell], event: Event, store: Store, limits: Limits, notice: Notice
) -> list[str]:
    """Measure cells, record each, and return a sentence for whatever could not be measured.

    Args:
        required: the cells.
        event: the event of cells that name none.
        store: where records are kept.
        limits: of one cell.
        notice: called with a line for each record as it comes.
    """
    problems: list[str] = []
    for name, group in groupby(sorted(required, key=_order), key=lambda one: one.event):
        try:
            opened = open_event(name) if name else event
        except (BadInputError, SkippedError) as error:
            problems.append(str(error))
            continue
        for (repetitions, _), cells in groupby(group, key=lambda one: _order(one)[1:]):
            protocol = Protocol(repetitions, limits, again=True)
            problems += _measure(list(cells), opened, store, protocol, notice)
    return problems


def _order(cell: RequiredCell) -> tuple[str, int, float]:
    return cell.event, cell.repetitions, cell.min_pt


def _measure(
    required: list[RequiredCell], event: Event, store: Store, protocol: Protocol, notice: Notice
) -> Iterator[str]:
    def tell(record: Record) -> None:
        notice(f"{cell_in_words(record.cell)} on {record.cell.event}: {record.status}")

    cells = {}
    for one in required:
        try:
            cells[one.cell(event)] = one
        except BadInputError as error:  # such as buckets of more hits than the event has
            yield str(error)
    try:
        for record in run_cells(event, list(cells), store, protocol, tell):
            failed = record.status.outcome in {"failed", "timeout"}
            if failed and not cells[record.cell].may_fail:
                yield f"{cell_in_words(record.cell)}: {record.status}"
    except BadInputError as error:
        yield str(error)
