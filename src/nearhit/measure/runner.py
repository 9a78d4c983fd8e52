"""Measures cells in workers, in rounds, and records one status of each."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from nearhit.cells.cell import Cell, check_memory
from nearhit.cells.question import ranked_together
from nearhit.cells.status import OK, Status
from nearhit.data.event import Event
from nearhit.errors import SkippedError
from nearhit.index.index import check_available
from nearhit.machine.hardware import MIB, this_machine
from nearhit.machine.provenance import commit, versions
from nearhit.plugins.registry import adapters, metric_named, trackers
from nearhit.records.record import Provenance, Record
from nearhit.records.results import Latencies, Timing, Tracking
from nearhit.records.store import Store
from nearhit.tracking.run import check_tracker

from .course import Course
from .judge import judge_of
from .rounds import Rounds
from .sweep import now, sweep
from .worker import Limits
from .workers import Workers


@dataclass(frozen=True)
class Protocol:
    """Settings of a measurement.

    Attributes:
        repetitions: rounds, each with a warm pass of a cell; a cold one comes on top where a worker
            is new to its library and metric.
        limits: of one cell.
        again: whether what is recorded already is measured again. An interrupted run of the same
            cells is resumed: what it finished counts as finished.
        since: with `again`, what was measured after this (UTC, ISO 8601) counts as finished, so
            that several runs share the cells that they have in common.
    """

    repetitions: int = 3
    limits: Limits = field(default_factory=Limits)
    again: bool = False
    since: str = ""


def ignore(*_: object) -> None:
    """Ignore a record, or a pass."""


def run_cells(  # noqa: PLR0913, PLR0917 - what is measured, how, and who is told
    event: Event,
    cells: Sequence[Cell],
    store: Store | None = None,
    protocol: Protocol | None = None,
    notice: Callable[[Record], None] = ignore,
    tell: Callable[[Cell, int], None] = ignore,
) -> list[Record]:
    """Measure the cells of one event and return their records, in the order of the cells.

    Cells that one table ranks are measured in rounds, and recorded in the last of them.

    What the store holds already, by the same code, versions and machine, is not measured again
    unless the protocol says so. Runs that share a store measure in turn, and share what they
    measure.

    Args:
        event: of all cells.
        cells: what to measure.
        store: where records are kept as they come; None to keep none.
        protocol: settings; the default ones if None.
        notice: called with each record as it comes.
        tell: called with a cell and the number of its round when its pass has ended.

    Raises:
        BadInputError: the event lacks what a cell asks for, its answer does not fit into memory, or
            the store cannot be written.
    """
    protocol, judge = protocol or Protocol(), judge_of(event)
    for cell in cells:
        check_memory(cell, len(event), protocol.limits.memory_bytes)
        judge.check(cell)
    records = {}
    with _since(cells, store, protocol) as since, Workers(protocol.limits) as workers:
        rounds = Rounds(judge, event, workers, protocol.repetitions, protocol.limits, tell)
        for record in _records(rounds, cells, store, replace(protocol, since=since)):
            records[record.cell] = record
            notice(record)
    return [records[cell] for cell in cells]


@contextmanager
def _since(cells: Sequence[Cell], store: Store | None, protocol: Protocol) -> Iterator[str]:
    """Give the time after which records count as finished, while the cells are measured."""
    if store is None or not protocol.again:
        yield ""
        return
    with sweep(store.folder, cells) as opened:
        yield min(opened, protocol.since or opened)


def _records(
    rounds: Rounds, cells: Iterable[Cell], store: Store | None, protocol: Protocol
) -> Iterator[Record]:
    waiting = []
    for cell in dict.fromkeys(cells):
        if finished := _finished(cell, store, protocol):
            yield finished
        else:
            waiting.append(cell)
    if store and waiting:
        store.prepare(provenance_of(waiting[0]))
    for table in ranked_together(waiting):
        yield from _of_table(rounds, table, store, protocol)


def _of_table(
    rounds: Rounds, cells: list[Cell], store: Store | None, protocol: Protocol
) -> Iterator[Record]:
    """Measure cells alone, but for those that another run has finished meanwhile, and keep them."""
    if store is None:
        yield from _measured(rounds, cells)
        return
    with store.turn(provenance_of(cells[0])):
        finished = {cell: _finished(cell, store, protocol) for cell in cells}
        yield from filter(None, finished.values())
        missing = [cell for cell in cells if not finished[cell]]
        for record in _measured(rounds, missing):
            store.add(record)
            yield record


def _finished(cell: Cell, store: Store | None, protocol: Protocol) -> Record | None:
    found = store and store.find(cell, provenance_of(cell))
    return found if found and found.provenance.started >= protocol.since else None


def _measured(rounds: Rounds, cells: list[Cell]) -> Iterator[Record]:
    """Yield the record of each cell when it has ended."""
    records = {cell: _unmeasured(cell, rounds.event) for cell in cells}
    yield from (record for record in records.values() if record.status != OK)
    for course in rounds.of([cell for cell in cells if records[cell].status == OK]):
        yield _ended(records[course.cell], course)


def _unmeasured(cell: Cell, event: Event) -> Record:
    """Return the record of a cell before its first pass, skipped if it cannot run here."""
    return Record(
        cell,
        _possible(cell, event),
        len(event),
        cell.queries or len(event),
        provenance_of(cell),
        event_recipe=event.recipe,
    )


def _possible(cell: Cell, event: Event) -> Status:
    try:
        if not cell.takes_whole_event:
            distance = metric_named(cell.metric).distance_in(adapters()[cell.index.name])
            check_available(cell.index, distance, cell.device)
        if cell.tracker:
            check_tracker(trackers()[cell.tracker.name], event)
    except SkippedError as reason:
        return Status("skipped", str(reason))
    return OK


def _ended(record: Record, course: Course) -> Record:
    """Return a record with what the rounds of its cell gave."""
    judged = course.judged
    conditions = None if judged.status.outcome == "skipped" else course.conditions()
    record = replace(record, status=judged.status, conditions=conditions)
    if judged.status != OK:
        return record
    return replace(
        record,
        distance=judged.distance,
        n_queries=judged.n_queries or record.n_queries,
        timing=_timing(course, judged.latencies) if judged.latencies else None,
        quality=judged.quality,
        peak_memory_mb=course.peak_bytes / MIB,
        tracking=_timed(judged.tracking, course) if judged.tracking else None,
        rounds=tuple(course.rounds),
    )


def _timing(course: Course, latencies: Latencies) -> Timing:
    warm = tuple(one.index for one in course.warm if one.index)
    return Timing(course.cold.index if course.cold else None, warm, latencies)


def _timed(tracking: Tracking, course: Course) -> Tracking:
    warm = tuple(one.stages for one in course.warm)
    return replace(tracking, cold=course.cold.stages if course.cold else None, warm=warm)


def provenance_of(cell: Cell) -> Provenance:
    """Return where a record of this cell, made now, comes from."""
    packages = [] if cell.takes_whole_event else [adapters()[cell.index.name].package]
    if cell.tracker:
        packages.append(trackers()[cell.tracker.name].package)
    return _provenance(*packages)


def provenance_of_library(name: str) -> Provenance:
    """Return where what is measured of a library, by the name of its index, now comes from."""
    return _provenance(adapters()[name].package)


def _provenance(*packages: str) -> Provenance:
    return Provenance(
        machine=this_machine(),
        commit=commit(),
        package=packages[0],
        versions=versions(*packages),
        started=now(),
        load=os.getloadavg()[0],
    )
