"""One thing to measure."""

from dataclasses import dataclass, field
from typing import Self

from .errors import BadInputError
from .event import Event
from .hardware import checked_threads
from .metrics import metric_named
from .quality import Trackable
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
    device: str = "cpu"
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
        seed: int = 0,
        trackable: Trackable | None = None,
    ) -> Self:
        """Make a cell of an event from what people write; threads None means all.

        Raises:
            BadInputError: one of the coordinates is not valid.
        """
        if bucket_size < 1:
            raise BadInputError(f"A bucket needs at least 1 hit, not {bucket_size}.")
        if queries is not None and not 1 <= queries <= len(event):
            raise BadInputError(
                f"Queries must be 'all' or a number from 1 to the {len(event)} hits, not {queries}."
            )
        return cls(
            event=event.name,
            event_digest=event.digest,
            metric=metric_named(metric).name,
            index=IndexSpec.parse(index),
            bucket_size=bucket_size,
            queries=queries,
            threads=checked_threads(threads),
            seed=seed,
            trackable=trackable or Trackable(),
        )

    def __str__(self) -> str:
        queries = "" if self.queries is None else f", {self.queries} queries"
        threads = f"{self.threads} thread{'s' if self.threads > 1 else ''}"
        return f"{self.index} {self.metric} k={self.bucket_size}{queries}, {threads}"
