"""Cells that figures are made of, as people write them: looked for in records, or measured."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from nearhit.cells.cell import Cell
from nearhit.cells.pipeline import road_coordinates
from nearhit.data.event import Event
from nearhit.plugins.adapter import Device
from nearhit.plugins.spec import TrackerSpec, index_or_whole_event
from nearhit.quality import Trackable
from nearhit.records.record import Record
from nearhit.records.select import AskedEvent


@dataclass(frozen=True)
class Wanted:
    """One cell.

    Attributes:
        index: as people write it; `whole-event` for a tracker that asks none.
        bucket_size: k.
        metric: by name.
        queries: how many hits are queried, all where the event has no more; None for all.
        threads: how many; None for all cores of the machine.
        device: where the library runs.
        batch: hits queried in one call; None for all.
        tracker: as people write it; empty for none.
        min_pt: GeV, of trackable particles.
        event: by name of the catalogue; empty for the one that is asked about.
        repetitions: warm passes where it is measured.
        may_fail: whether that it cannot be done is what the source says of it.
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
    def road(cls, text: str, **more: Any) -> Self:
        """Return the cell of a road such as `helix in 50 of sphere-grid`."""
        return cls(**road_coordinates(text) | more)

    def about(self, asked: AskedEvent) -> AskedEvent:
        """Return the event that it is about."""
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
        """Return the records that are of this cell, of one of its events' names and any commit."""
        about = self.about(asked)
        spec = index_or_whole_event(self.index)
        tracker = TrackerSpec.parse(self.tracker) if self.tracker else None
        return [
            record
            for record in records
            if (record.cell.index, record.cell.tracker) == (spec, tracker)
            and record in about
            and self._asks_the_same(record)
        ]

    def _asks_the_same(self, record: Record) -> bool:
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
