"""Cells that published figures require: found among records, or measured."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from nearhit.cells.cell import Cell
from nearhit.cells.pipeline import pipeline_coordinates
from nearhit.data.event import Event
from nearhit.plugins.adapter import Device
from nearhit.plugins.spec import TrackerSpec, index_or_whole_event
from nearhit.quality import Trackable
from nearhit.records.record import Record
from nearhit.records.select import AskedEvent


@dataclass(frozen=True)
class RequiredCell:
    """One cell, in the words of the command line.

    Attributes:
        index: as people write it; `whole-event` for a tracker that takes no buckets.
        bucket_size: k.
        metric: by name.
        queries: number of hits queried, all where the event has no more; None for all.
        threads: None for all cores of the machine.
        device: where the library runs.
        batch: hits queried in one call; None for all.
        tracker: as people write it; empty for none.
        min_pt: GeV, of trackable particles.
        event: name in the catalogue; empty for the event asked for.
        repetitions: warm passes when it is measured.
        may_fail: its failure is what the source states, and no problem.
    """

    index: str = "sphere-grid"
    bucket_size: int = 50
    metric: str = "angular"
    queries: int | None = None
    threads: int | None = None
    device: Device = "cpu"
    batch: int | None = None
    tracker: str = ""
    min_pt: float = 0.0
    event: str = ""
    repetitions: int = 3
    may_fail: bool = False

    @classmethod
    def read(cls, pipeline: str = "", **coordinates: Any) -> Self:
        """Return the cell of a pipeline such as `helix in 50 of sphere-grid`, if any, and fields.

        Raises:
            BadInputError: the pipeline cannot be read.
        """
        return cls(**(pipeline_coordinates(pipeline) if pipeline else {}) | coordinates)

    def about(self, asked: AskedEvent) -> AskedEvent:
        """Return its event, given the event asked for."""
        return AskedEvent.read(self.event) if self.event else asked

    def cell(self, event: Event) -> Cell:
        """Return the cell on an event.

        Raises:
            BadInputError: a coordinate is not valid there.
        """
        few = self.queries is not None and self.queries < len(event)
        return Cell.of(
            event,
            index=self.index,
            metric=self.metric,
            bucket_size=self.bucket_size,
            queries=self.queries if few else None,
            threads=self.threads,
            device=self.device,
            batch=self.batch,
            tracker=self.tracker or None,
            trackable=Trackable(min_pt=self.min_pt),
        )

    def among(self, records: Iterable[Record], asked: AskedEvent) -> list[Record]:
        """Return the records of this cell, of any commit."""
        about = self.about(asked)
        spec = index_or_whole_event(self.index)
        tracker = TrackerSpec.parse(self.tracker) if self.tracker else None
        return [
            record
            for record in records
            if (record.cell.index, record.cell.tracker) == (spec, tracker)
            and record in about
            and self._same_settings(record)
        ]

    def _same_settings(self, record: Record) -> bool:
        cell = record.cell
        threads = self.threads or record.provenance.machine.cores
        settings = (threads, Trackable(min_pt=self.min_pt), 0, ())
        if settings != (cell.threads, cell.trackable, cell.seed, cell.choices):
            return False
        if cell.takes_whole_event:
            return True
        queries = min(self.queries or record.n_hits, record.n_hits)
        how = (self.metric, self.bucket_size, self.device, self.batch, queries)
        return how == (cell.metric, cell.bucket_size, cell.device, cell.batch, record.n_queries)
