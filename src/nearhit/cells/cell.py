"""A cell: one thing to measure."""

from dataclasses import dataclass, field, replace
from typing import Self

from nearhit.data.data import Data
from nearhit.errors import BadInputError
from nearhit.machine.hardware import checked_threads
from nearhit.plugins.adapter import Device
from nearhit.plugins.bucket_selection import BucketSelection
from nearhit.plugins.registry import adapters, metric_named, trackers
from nearhit.plugins.spec import (
    WHOLE_EVENT,
    IndexSpec,
    Selections,
    TrackerSpec,
    index_or_whole_event,
    selections_as_text,
    selections_from,
)
from nearhit.quality import Trackable

NO_METRIC = "none"
"""The metric of a cell that asks no index."""


_MOST = 2**31 - 1  # libraries take signed numbers of 32 bits
_ROW_BYTES = 4


@dataclass(frozen=True)
class Cell:
    """One event, metric, index and bucket size, on so many threads.

    Attributes:
        event: name of the data.
        event_digest: its content, so that two events of one name are never taken for each other.
        metric: its name; `NO_METRIC` where no index is asked.
        index: the configured library; `WHOLE_EVENT` for none.
        bucket_size: k, the queried hit included.
        queries: how many hits are queried, drawn by `seed`; None for all.
        threads: how many the library may use.
        device: where it runs.
        batch: hits queried in one call; None for all.
        seed: of everything random.
        trackable: which particles count, and what finding one means.
        tracker: what finds tracks in the buckets; None where none are looked for.
        choices: selections of the buckets that it is given; none for all.
    """

    event: str
    event_digest: str
    metric: str
    index: IndexSpec
    bucket_size: int
    queries: int | None = None
    threads: int = 1
    device: Device = "cpu"
    batch: int | None = None
    seed: int = 0
    trackable: Trackable = field(default_factory=Trackable)
    tracker: TrackerSpec | None = None
    choices: Selections = ()

    @classmethod
    def of(  # noqa: PLR0913 - a cell is its coordinates
        cls,
        data: Data,
        *,
        index: str,
        metric: str = "angular",
        bucket_size: int = 50,
        queries: int | None = None,
        threads: int | None = None,
        device: Device | None = None,
        batch: int | None = None,
        seed: int = 0,
        trackable: Trackable | None = None,
        tracker: str | None = None,
        choices: str = "",
    ) -> Self:
        """Make a cell of data, such as an event, from what people write.

        Threads None means all, device None the first that the library can compute on.

        Raises:
            BadInputError: one of the coordinates is not valid.
        """
        _check_numbers(len(data), bucket_size, queries, batch, seed)
        spec = index_or_whole_event(index)
        cell = cls(
            event=data.name,
            event_digest=data.digest,
            metric=metric_named(metric).name,
            index=spec,
            bucket_size=bucket_size,
            queries=queries,
            threads=checked_threads(threads),
            batch=batch,
            device=device or _devices(spec)[0],
            seed=seed,
            trackable=trackable or Trackable(),
            tracker=TrackerSpec.parse(tracker) if tracker else None,
            choices=selections_from(choices),
        )
        _check_tracker(cell)
        return cell._as_one_bucket(len(data)) if cell.takes_whole_event else cell

    @property
    def takes_whole_event(self) -> bool:
        """Whether no index is asked: the event is one bucket, for a tracker."""
        return self.index == WHOLE_EVENT

    @property
    def bucket_choices(self) -> tuple[BucketSelection, ...]:
        """The bucket selections, ready to be applied."""
        return tuple(spec.selection() for spec in self.choices)

    def _as_one_bucket(self, n_rows: int) -> Self:
        """Return the cell without what only an index has, so that equal cells are equal."""
        return replace(
            self,
            metric=NO_METRIC,
            bucket_size=n_rows,
            queries=None,
            batch=None,
            device="cpu",
        )


def _check_numbers(
    n_hits: int, bucket_size: int, queries: int | None, batch: int | None, seed: int
) -> None:
    """Refuse numbers that mean nothing for data of so many rows, or that no library takes."""
    if not 1 <= bucket_size <= n_hits:
        raise BadInputError(
            f"A bucket needs at least 1 hit and at most the {n_hits} hits of the event, not "
            f"{bucket_size}: give another --bucket-size."
        )
    if queries is not None and not 1 <= queries <= n_hits:
        raise BadInputError(
            f"Queries must be 'all' or a number from 1 to the {n_hits} hits, not {queries}."
        )
    if batch is not None and not 1 <= batch <= _MOST:
        raise BadInputError(f"A batch needs from 1 to {_MOST} queries, not {batch}.")
    if not 0 <= seed <= _MOST:
        raise BadInputError(f"A seed must be from 0 to {_MOST}, not {seed}.")


def check_memory(cell: Cell, n_hits: int, memory_bytes: int) -> None:
    """Refuse a cell whose answer alone does not fit into memory, before any is allocated.

    Args:
        cell: to be measured.
        n_hits: of its event.
        memory_bytes: the limit on the memory of a worker.

    Raises:
        BadInputError: the rows of all neighbours, int32, take more.
    """
    queries = cell.queries or n_hits
    needed = 0 if cell.takes_whole_event else queries * cell.bucket_size * _ROW_BYTES
    if needed > memory_bytes:
        raise BadInputError(
            f"The buckets of {queries:,} queries with {cell.bucket_size:,} hits each take "
            f"{needed / 2**30:.1f} GiB, more than the memory limit of {memory_bytes / 2**30:.1f} "
            "GiB: ask for fewer hits with --bucket-size, or for fewer --queries."
        )


def _devices(spec: IndexSpec) -> tuple[Device, ...]:
    return ("cpu",) if spec == WHOLE_EVENT else adapters()[spec.name].devices


def _check_tracker(cell: Cell) -> None:
    """Refuse a tracker that does not take what the cell has for it."""
    if cell.tracker is None:
        if cell.takes_whole_event:
            raise BadInputError(f"Index {WHOLE_EVENT} needs a tracker: add --tracker NAME.")
        if cell.choices:
            raise BadInputError(
                f"Buckets are chosen for a tracker ({selections_as_text(cell.choices)}): add "
                "--tracker NAME."
            )
        return
    if cell.choices and cell.takes_whole_event:
        raise BadInputError(
            f"Buckets of the whole event cannot be selected ({selections_as_text(cell.choices)}): "
            "write the --index that finds them."
        )
    takes = trackers()[cell.tracker.name].takes
    if takes == "event" and not cell.takes_whole_event:
        raise BadInputError(
            f"Tracker {cell.tracker.name} takes the whole event, not buckets: write --index "
            f"{WHOLE_EVENT}."
        )
    if takes == "buckets" and cell.takes_whole_event:
        raise BadInputError(
            f"Tracker {cell.tracker.name} looks inside buckets: write the --index that finds them."
        )
