"""Three ways to use buckets: not at all, for all of tracking, or for seeding alone.

Source: the seminar "Hashing and Metric Learning for particle tracking", 21 October 2020: (1) full
event, (2) reconstruction inside buckets, (3) seeding in buckets and following in the full event.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nearhit.data.event import Event

from .cell import Cell
from .pipeline import pipeline_coordinates


@dataclass(frozen=True)
class Way:
    """One way of one chain.

    Attributes:
        chain: whose seeding and following.
        way: what buckets are for.
        short: the same in two words.
        tracker: that does it; `{seed_pt}` stands for the cut on seeds, if it has one.
        choices: which buckets it is given.
        in_buckets: whether it is given any.
    """

    chain: str
    way: str
    short: str
    tracker: str
    choices: str = ""
    in_buckets: bool = True


_FULL = ("1 full event", "full event")
_INSIDE = ("2 inside buckets", "inside buckets")
_SEEDS = ("3 seeds of buckets, followed in the event", "bucket seeds")
_HASHING = ("3 seeds of buckets of a start layer joined in φ", "joined bucket seeds")

WAYS = (
    Way("ACTS", *_FULL, "acts(seed_pt={seed_pt})", in_buckets=False),
    Way("ACTS", *_INSIDE, "acts(seed_pt={seed_pt})"),
    Way("ACTS", *_SEEDS, "acts-seeds(seed_pt={seed_pt})"),
    Way("ACTS", *_HASHING, "acts-seeds(seed_pt={seed_pt})", "start-layer + joined(by=phi)"),
    Way("nearhit", *_FULL, "kalman", in_buckets=False),
    Way("nearhit", *_INSIDE, "helix"),
    Way("nearhit", *_SEEDS, "kalman"),
)
"""Every way, the standard chain first: all others are compared with it."""


@dataclass(frozen=True)
class Step:
    """One way at one cut and bucket size, as a cell.

    Attributes:
        way: which.
        seed_pt: GeV, the cut on seeds; None where the chain has none.
        cell: what is measured.
    """

    way: Way
    seed_pt: float | None
    cell: Cell

    @property
    def label(self) -> str:
        """What plots call it."""
        return (
            f"{self.way.short} of {self.cell.bucket_size}"
            if self.way.in_buckets
            else self.way.short
        )


def steps(  # noqa: PLR0913 - the axes
    event: Event,
    *,
    index: str,
    metric: str,
    bucket_sizes: Sequence[int],
    seed_pts: Sequence[float],
    queries: int | None = None,
    threads: int | None = None,
) -> Iterator[Step]:
    """Yield every way with every cut on seeds and size of buckets that it has.

    Raises:
        BadInputError: a coordinate is not valid.
    """
    for way in WAYS:
        for seed_pt in seed_pts if "{seed_pt}" in way.tracker else (None,):
            tracker = way.tracker.format(seed_pt=seed_pt)
            for size in bucket_sizes if way.in_buckets else (None,):
                where = pipeline_coordinates(tracker)
                if size is not None:
                    where |= {
                        "index": index,
                        "metric": metric,
                        "bucket_size": size,
                        "queries": queries,
                        "choices": way.choices,
                    }
                yield Step(way, seed_pt, Cell.of(event, threads=threads, **where))
