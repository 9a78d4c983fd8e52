"""Measures cells in workers, one after the other, and records one status of each."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import groupby

from nearhit.cells.cell import Cell, check_memory
from nearhit.cells.status import OK, Status
from nearhit.data.event import Event
from nearhit.errors import SkippedError
from nearhit.index.index import check_available
from nearhit.machine.conditions import ResourceMonitor
from nearhit.machine.hardware import MIB, this_machine
from nearhit.machine.provenance import commit, versions
from nearhit.plugins.registry import adapters, metric_named, trackers
from nearhit.quality import defect_of
from nearhit.records.record import Provenance, Record
from nearhit.records.store import Store
from nearhit.tracking.run import check_tracker, defect_of_tracks

from .judge import Judge, judge_of
from .measure import Measurement
from .sweep import now, sweep
from .worker import Limits, Outcome, Worker


@dataclass(frozen=True)
class Protocol:
    """Settings of a measurement.

    Attributes:
        repetitions: warm passes of a cell; a cold one comes on top where a worker is new to its
            library and metric.
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


def ignore(_: Record) -> None:
    """Ignore a record."""


def run_cells(
    event: Event,
    cells: Sequence[Cell],
    store: Store | None = None,
    protocol: Protocol | None = None,
    notice: Callable[[Record], None] = ignore,
) -> list[Record]:
    """Measure the cells of one event and return their records, in the order of the cells.

    What the store holds already, by the same code, versions and machine, is not measured again
    unless the protocol says so. Runs that share a store measure in turn, and share what they
    measure.

    Args:
        event: of all cells.
        cells: what to measure.
        store: where records are kept as they come; None to keep none.
        protocol: settings; the default ones if None.
        notice: called with each record as it comes.

    Raises:
        BadInputError: the event lacks what a cell asks for, its answer does not fit into memory, or
            the store cannot be written.
    """
    protocol, judge = protocol or Protocol(), judge_of(event)
    for cell in cells:
        check_memory(cell, len(event), protocol.limits.memory_bytes)
        judge.check(cell)
    records = {}
    with _since(cells, store, protocol) as since:
        for record in _records(event, cells, store, replace(protocol, since=since), judge):
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
    event: Event, cells: Iterable[Cell], store: Store | None, protocol: Protocol, judge: Judge
) -> Iterator[Record]:
    waiting = []
    for cell in dict.fromkeys(cells):
        if finished := _finished(cell, store, protocol):
            yield finished
        else:
            waiting.append(cell)
    if store and waiting:
        store.prepare(provenance_of(waiting[0]))
    for (_, threads), group in groupby(sorted(waiting, key=_worker_of), key=_worker_of):
        with Worker(threads, protocol.limits) as worker:
            for cell in group:
                yield _stored_record(worker, cell, event, store, protocol, judge)


def _stored_record(  # noqa: PLR0913, PLR0917 - what a record is made of, and where it goes
    worker: Worker, cell: Cell, event: Event, store: Store | None, protocol: Protocol, judge: Judge
) -> Record:
    """Measure a cell alone, unless another run has finished it meanwhile, and keep the record."""
    if store is None:
        return _record(worker, cell, event, protocol, judge)
    with store.turn(provenance_of(cell)):
        if finished := _finished(cell, store, protocol):
            return finished
        record = _record(worker, cell, event, protocol, judge)
        store.add(record)
        return record


def _finished(cell: Cell, store: Store | None, protocol: Protocol) -> Record | None:
    found = store and store.find(cell, provenance_of(cell))
    return found if found and found.provenance.started >= protocol.since else None


def _worker_of(cell: Cell) -> tuple[tuple[str, str], int]:
    return (cell.index.name, cell.tracker.name if cell.tracker else ""), cell.threads


def _record(worker: Worker, cell: Cell, event: Event, protocol: Protocol, judge: Judge) -> Record:
    provenance = provenance_of(cell)
    with ResourceMonitor() as watch:
        outcome = _outcome(worker, cell, event, protocol)
    if isinstance(outcome, Measurement) and (defect := _defect_of(cell, outcome, len(event))):
        outcome = Status("failed", defect)
    status = outcome if isinstance(outcome, Status) else OK
    record = Record(
        cell,
        status,
        len(event),
        cell.queries or len(event),
        provenance,
        event_recipe=event.recipe,
        conditions=None if status.outcome == "skipped" else watch.conditions(),
    )
    return record if isinstance(outcome, Status) else _measured(record, outcome, judge)


def _defect_of(cell: Cell, outcome: Measurement, n_rows: int) -> str:
    """Return what is wrong with what was answered, in one sentence; empty if nothing."""
    if outcome.buckets and (defect := defect_of(outcome.buckets.members, n_rows)):
        return f"{cell.index.name} returned {defect}"
    if outcome.found and (defect := defect_of_tracks(outcome.found.tracks, n_rows)):
        return f"{cell.tracker and cell.tracker.name} returned {defect}"
    return ""


def _outcome(worker: Worker, cell: Cell, event: Event, protocol: Protocol) -> Outcome:
    try:
        if not cell.takes_whole_event:
            distance = metric_named(cell.metric).distance_in(adapters()[cell.index.name])
            check_available(cell.index, distance, cell.device)
        if cell.tracker:
            check_tracker(trackers()[cell.tracker.name], event)
    except SkippedError as reason:
        return Status("skipped", str(reason))
    return worker.measure(cell, event, protocol.repetitions)


def _measured(record: Record, result: Measurement, judge: Judge) -> Record:
    record = replace(
        record,
        peak_memory_mb=result.peak_bytes / MIB,
        tracking=judge.tracking(record.cell, result.found, *result.stages)
        if result.found
        else None,
    )
    if result.buckets is None:
        return record
    return replace(
        record,
        distance=result.distance,
        n_queries=len(result.buckets.queries),
        timing=result.timing,
        quality=judge.quality(record.cell, result.buckets),
    )


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
