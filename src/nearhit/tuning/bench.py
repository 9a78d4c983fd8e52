"""Measures the settings of one library in a worker, and keeps a record of each full answer."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from statistics import median
from typing import TypeVar

from nearhit.bucket_selection import rows_asked
from nearhit.cells.cell import Cell
from nearhit.cells.status import OK, Status
from nearhit.data.buckets import Buckets
from nearhit.data.event import Event
from nearhit.machine.conditions import Conditions, ResourceMonitor
from nearhit.measure.runner import provenance_of
from nearhit.measure.worker import Limits, Worker
from nearhit.parameter import Value
from nearhit.plugins.spec import IndexSpec
from nearhit.quality import defect_of
from nearhit.records.record import Record
from nearhit.records.results import Pass, Quality, Timing
from nearhit.records.store import Store

from .goal import Answer
from .held import Asked, Built, ask_index, build_index
from .probe import Measured, TrialError
from .reference import Reference
from .space import Space, Values

SAMPLE = 5_000
"""Queries that a setting is asked first."""

T = TypeVar("T")


class WorkerBench:
    """A bench, see `nearhit.tuning.probe.Bench`, for one library on one event.

    Args:
        event: with its truth, which the worker does not see.
        cell: at the library's default, all hits queried.
        space: of the library.
        reference: of the event.
        store: where records are kept.
        limits: of one build, or of one answer.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - what is measured, against what, and where it goes
        self,
        event: Event,
        cell: Cell,
        space: Space,
        reference: Reference,
        store: Store,
        limits: Limits,
    ) -> None:
        self._event, self._cell, self._space = event, cell, space
        self._reference, self._store, self._limits = reference, store, limits
        self._sample = min(SAMPLE, len(event))
        self._sampled: dict[IndexSpec, float] = {}
        self._scales: list[float] = []
        self.seconds = 0.0
        self._warm = False
        self._watch: ResourceMonitor | None = None

    @contextmanager
    def opened(self) -> Iterator["WorkerBench"]:
        """Start the worker, and end it afterwards."""
        with Worker(self._cell.threads, self._limits) as self._worker:
            yield self

    def recorded(self) -> list[Measured]:
        """Return what records say of the same cell with other settings, and count their seconds."""
        records = [one for one in self._store if one.timing and self._of_this_search(one)]
        self.seconds += sum(one.conditions.seconds for one in records if one.conditions)
        return [self._measured(one) for one in records]

    def begin(self) -> None:
        """Prepare the next trial; what a new worker compiles and imports is not counted.

        Raises:
            TrialError: the library fails at its default.
        """
        if not self._warm:
            self._call(build_index, self._cell, self._event)
            self._ask(self._cell.index, self._sample)
            self._warm = True
        if self._watch is None:  # else a setting was proposed twice, and nothing was tried
            self._watch = ResourceMonitor().__enter__()

    def end(self) -> None:
        """Count the seconds of the trial since its last record."""
        if self._watch is not None:
            self._lap(self._watch)
            self._watch = None

    def build(self, values: Values) -> float:
        """Build an index; as `Bench.build`."""
        self._values = values
        cell = replace(self._cell, index=self._space.spec(values, None))
        self._built = self._call(build_index, cell, self._event)
        return self._built.project_seconds + self._built.build_seconds

    def sample(self, value: Value | None) -> Answer:
        """Ask a sample of the queries; as `Bench.sample`."""
        spec, queries = self._space.spec(self._values, value), self._sample
        asked, buckets = self._ask(spec, queries)
        share = self._reference.share(self._judged(spec, queries, buckets), queries)
        self._sampled[spec] = asked.query_seconds
        return Answer(asked.query_seconds * self._scale(), share)

    def whole(self, value: Value | None) -> Answer:
        """Ask all queries, and keep a record; as `Bench.whole`."""
        spec = self._space.spec(self._values, value)
        asked, buckets = self._ask(spec, None)
        if spec in self._sampled:
            self._scales.append(asked.query_seconds / self._sampled[spec])
        quality = self._judged(spec, None, buckets)
        cell = replace(self._cell, index=spec)
        self._store.add(
            Record(
                cell,
                OK,
                len(self._event),
                len(self._event),
                provenance_of(cell),
                distance=self._built.distance,
                timing=Timing(None, (_as_pass(self._built, asked),), asked.latencies),
                quality=quality,
                event_recipe=self._event.recipe,
                conditions=self._recorded_conditions(),
            )
        )
        return Answer(asked.query_seconds, self._reference.share(quality, None))

    def _scale(self) -> float:
        """Return how many times longer all queries take than a sample, as measured if it was."""
        return median(self._scales) if self._scales else len(self._event) / self._sample

    def _ask(self, spec: IndexSpec, queries: int | None) -> tuple[Asked, Buckets]:
        rows = rows_asked(self._event, (), queries, self._cell.seed)
        asked = self._call(ask_index, spec, rows, self._cell.bucket_size)
        if defect := defect_of(asked.members, len(self._event)):
            raise TrialError(f"{spec.name} returned {defect}")
        return asked, Buckets(rows, asked.members)

    def _judged(self, spec: IndexSpec, queries: int | None, buckets: Buckets) -> Quality:
        cell = replace(self._cell, index=spec, queries=queries)
        return self._reference.judge.quality(cell, buckets)

    def _call(self, function: Callable[..., T | Status], *arguments: object) -> T:
        outcome = self._worker.call(function, *arguments)
        if isinstance(outcome, Status):
            self._warm = False  # its process may be another one now
            raise TrialError(str(outcome))
        return outcome

    def _recorded_conditions(self) -> Conditions | None:
        """Return the conditions since the last record, and begin anew."""
        conditions = None if self._watch is None else self._lap(self._watch)
        self._watch = ResourceMonitor().__enter__()
        return conditions

    def _lap(self, watch: ResourceMonitor) -> Conditions:
        """Count the seconds of a watch, which ends, and return the conditions meanwhile."""
        watch.__exit__(None, None, None)
        conditions = watch.conditions()
        self.seconds += conditions.seconds
        return conditions

    def _of_this_search(self, record: Record) -> bool:
        """Return whether a record is of this cell with another setting, measured alike."""
        here, there = provenance_of(self._cell), record.provenance
        alike = (here.machine.name, here.commit, here.versions)
        if (there.machine.name, there.commit, there.versions) != alike:
            return False
        if replace(record.cell, index=self._cell.index) != self._cell:
            return False
        spec, query = record.cell.index, dict(record.cell.index.parameters).get(self._space.query)
        return self._space.spec(self._space.build_of(spec), query) == spec

    def _measured(self, record: Record) -> Measured:
        timing, quality = record.timing, record.quality
        if timing is None or quality is None:
            raise TrialError(f"{record.cell.index} was recorded without an answer")
        share = self._reference.share(quality, None)
        return Measured(record.cell.index, timing.median("seconds"), share)


def _as_pass(built: Built, asked: Asked) -> Pass:
    wall = built.build_seconds + asked.query_seconds
    processor = built.processor_seconds + asked.processor_seconds
    return Pass(built.project_seconds, built.build_seconds, asked.query_seconds, processor / wall)
