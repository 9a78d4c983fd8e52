"""Measures what figures lack, each cell as `nearhit run` would."""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from nearhit.data.event import Event
from nearhit.datasets.open_event import open_event
from nearhit.errors import BadInputError, SkippedError
from nearhit.measure.runner import Protocol, now, run_cells
from nearhit.measure.worker import Limits
from nearhit.records.record import Record
from nearhit.records.store import Store

from .evidence import Evidence
from .figure import SourceFigure, look_up
from .wanted import Wanted

Notice = Callable[[str], None]


def missing_cells(
    figures: Iterable[SourceFigure], evidence: Evidence, *, again: bool
) -> list[Wanted]:
    """Return the cells that figures lack, see `Measured.lacking`; all of them with `again`."""
    chosen = tuple(figures)
    wanted = (figure.wanted if again else look_up(figure, evidence).lacking for figure in chosen)
    return list(dict.fromkeys(cell for cells in wanted for cell in cells))


def measure_cells(
    wanted: Iterable[Wanted], event: Event, store: Store, limits: Limits, notice: Notice
) -> list[str]:
    """Measure cells, record each, and return a sentence for whatever could not be measured.

    Args:
        wanted: the cells.
        event: the one that is asked about.
        store: where records are kept.
        limits: of one cell.
        notice: called with a line for each record as it comes.
    """
    ordered = sorted(wanted, key=_place)
    problems: list[str] = []
    for name, group in groupby(ordered, key=lambda one: one.event):
        try:
            opened = open_event(name) if name else event
        except (BadInputError, SkippedError) as error:
            problems.append(str(error))
            continue
        for (repetitions, _), cells in groupby(group, key=lambda one: _place(one)[1:]):
            protocol = Protocol(repetitions, limits, now())
            problems += _measure(list(cells), opened, store, protocol, notice)
    return problems


def _place(wanted: Wanted) -> tuple[str, int, float]:
    return wanted.event, wanted.repetitions, wanted.min_pt


def _measure(
    wanted: list[Wanted], event: Event, store: Store, protocol: Protocol, notice: Notice
) -> Iterator[str]:
    def tell(record: Record) -> None:
        notice(f"{record.cell} on {record.cell.event}: {record.status}")

    cells = {one.cell(event): one for one in wanted}
    try:
        for record in run_cells(event, list(cells), store, protocol, tell):
            failed = record.status.outcome in {"failed", "timeout"}
            if failed and not cells[record.cell].may_fail:
                yield f"{record.cell}: {record.status}"
    except BadInputError as error:
        yield str(error)
