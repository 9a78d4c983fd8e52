"""One thing to measure."""

from dataclasses import dataclass, field
from typing import Self

from .adapter import Device
from .errors import BadInputError
from .event import Event
from .hardware import checked_threads
from .metrics import metric_named
from .quality import Trackable
from .registry import adapters
from .spec import IndexSpec


@dataclass(frozen=True)
class Cell:
    """One event, metric, index and bucket size, on so many threads.

    Attributes:
        event: its name.
        event_digest: its content, so that two events of one name are never taken for each other.
        metric: its name.
        index: the configured library.
        bucket_size: k, the queried hit included.
        queries: how many hits are queried, drawn by `seed`; None for all.
        threads: how many the library may use.
        device: where it runs.
        batch: hits queried in one call; None for all.
        seed: of everything random.
        trackable: which particles count, and what finding one means.
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

    @classmethod
    def of(  # noqa: PLR0913 - a cell is its coordinates
        cls,
        event: Event,
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
    ) -> Self:
        """Make a cell of an event from what people write.

        Threads None means all, device None the first that the library can compute on.

        Raises:
            BadInputError: one of the coordinates is not valid.
        """
        if bucket_size < 1:
            raise BadInputError(f"A bucket needs at least 1 hit, not {bucket_size}.")
        if queries is not None and not 1 <= queries <= len(event):
            raise BadInputError(
                f"Queries must be 'all' or a number from 1 to the {len(event)} hits, not {queries}."
            )
        if batch is not None and batch < 1:
            raise BadInputError(f"A batch needs at least 1 query, not {batch}.")
        spec = IndexSpec.parse(index)
        return cls(
            event=event.name,
            event_digest=event.digest,
            metric=metric_named(metric).name,
            index=spec,
            bucket_size=bucket_size,
            queries=queries,
            threads=checked_threads(threads),
            batch=batch,
            device=device or adapters()[spec.name].devices[0],
            seed=seed,
            trackable=trackable or Trackable(),
        )

    def __str__(self) -> str:
        queries = "" if self.queries is None else f", {self.queries} queries"
        threads = f"{self.threads} thread{'s' if self.threads > 1 else ''}"
        batch = "" if self.batch is None else f" in batches of {self.batch}"
        device = "" if self.device == "cpu" else f", {self.device}"
        return f"{self.index} {self.metric} k={self.bucket_size}{queries}{batch}, {threads}{device}"
