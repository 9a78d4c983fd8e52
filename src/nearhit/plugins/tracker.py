"""Contract of a tracker: it finds tracks inside buckets or in the whole event."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import ClassVar, Literal, Protocol, TypeVar, dataclass_transform

from nearhit.data.buckets import Buckets
from nearhit.data.event import Event
from nearhit.data.tracks import Tracks
from nearhit.machine.clock import Stopwatch
from nearhit.parameter import parameter

Takes = Literal["buckets", "event", "both"]
"""The input of a tracker: buckets, the whole event at once, or either."""

STAGES = ("project", "build", "query", "select", "seed", "follow", "resolve")
"""Stages from hits in memory to resolved tracks; a tracker times those of the last four it has."""

IN_BUCKETS = ("seed", "follow", "resolve")
"""Stages that run bucket by bucket in a tracker that takes buckets."""

COUNTS = ("seeds", "candidates")
"""Quantities that a tracker may count."""


@dataclass(frozen=True)
class TrackerSetting:
    """Settings that the harness chooses for a tracker, and what it collects from it.

    Attributes:
        threads: number of threads that the tracker may use.
        seed: seed of its random numbers.
        stopwatch: times of its stages.
        counts: numbers that it counted, by one of `COUNTS`.
    """

    threads: int
    seed: int
    stopwatch: Stopwatch = field(default_factory=Stopwatch)
    counts: dict[str, int] = field(default_factory=dict)

    def stage(self, name: str) -> AbstractContextManager[None]:
        """Return a context manager that times its body as one of `STAGES`."""
        return self.stopwatch.stage(name)

    def count(self, name: str, number: int) -> None:
        """Add a number to one of `COUNTS`."""
        self.counts[name] = self.counts.get(name, 0) + number


class Tracker(Protocol):
    """One way to find tracks: class attributes, parameters with defaults, `find`.

    It is declared with `tracker`, which makes it a dataclass. Its first field is `setting`; every
    other field is a parameter that users may write, as in `kalman(min_hits=6)`.

    Attributes:
        name: the name that users write.
        package: the distribution that it is based on; nearhit itself if it has no other.
        extra: the extra that installs it, as in `pip install nearhit[EXTRA]`; None if nearhit
            depends on it anyway.
        takes: the input that it searches for tracks.
        truth: whether it may read the truth, as a bound of trackers inside the same buckets does
            and a real tracker does not.
        one_thread: whether it runs on one thread, however many it may use.
    """

    name: ClassVar[str]
    package: ClassVar[str]
    extra: ClassVar[str | None]
    takes: ClassVar[Takes]
    truth: ClassVar[bool]
    one_thread: ClassVar[bool]

    def find(self, event: Event, buckets: Buckets) -> Tracks:
        """Return the tracks found, with every hit in at most one of them.

        The whole event is passed as one bucket of all hits. Time each stage with `setting.stage`.

        Raises:
            SkippedError: the event lacks what the tracker needs.
        """


T = TypeVar("T")

_DEFAULTS = {
    "package": "nearhit",
    "extra": None,
    "takes": "buckets",
    "truth": False,
    "one_thread": False,
}


@dataclass_transform(field_specifiers=(parameter,))
def tracker(declared: type[T]) -> type[T]:
    """Turn a class into a tracker: a dataclass with defaults for the attributes it leaves out.

    By default a tracker depends on nearhit alone, takes buckets, does not read the truth and uses
    all threads that it may.
    """
    for name, value in _DEFAULTS.items():
        if not hasattr(declared, name):
            setattr(declared, name, value)
    return dataclass(declared)
