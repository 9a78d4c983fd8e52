"""The contract of a tracker: what one file in tracking/ says and does."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import ClassVar, Literal, Protocol, TypeVar, dataclass_transform

from nearhit.data.buckets import Buckets
from nearhit.data.event import Event
from nearhit.data.tracks import Tracks
from nearhit.machine.clock import Stopwatch
from nearhit.parameter import parameter

Takes = Literal["buckets", "event", "both"]
"""What a tracker looks for tracks in: buckets, the whole event at once, or either."""

STAGES = ("project", "build", "query", "select", "seed", "follow", "resolve")
"""The way from hits in memory to resolved tracks; a tracker times the last four, as it has them."""


IN_BUCKETS = ("seed", "follow", "resolve")
"""Those that are spent bucket by bucket, where a tracker looks in buckets."""

COUNTS = ("seeds", "candidates")
"""What a tracker may count on its way."""


@dataclass(frozen=True)
class TrackerSetting:
    """What the harness decides for a tracker.

    Attributes:
        threads: how many threads it may use.
        seed: for whatever it draws at random.
        stopwatch: for its stages.
        counts: of what it counts on its way.
    """

    threads: int
    seed: int
    stopwatch: Stopwatch = field(default_factory=Stopwatch)
    counts: dict[str, int] = field(default_factory=dict)

    def stage(self, name: str) -> AbstractContextManager[None]:
        """Time what happens inside as one of `STAGES`."""
        return self.stopwatch.stage(name)

    def count(self, name: str, number: int) -> None:
        """Add to what is counted under a name: `seeds`, `candidates`."""
        self.counts[name] = self.counts.get(name, 0) + number


class Tracker(Protocol):
    """One way to find tracks: class attributes, parameters with defaults, `find`.

    It is declared with `tracker`, which makes it a dataclass. Its first field is `setting`; every
    other field is a parameter that users may write, as in `kalman(min_hits=6)`.

    Attributes:
        name: what users write.
        package: the distribution that holds what it stands on; nearhit itself where it is its own.
        extra: how to install that, `pip install nearhit[EXTRA]`; None where nearhit needs it too.
        takes: what it looks for tracks in.
        truth: whether it is shown the truth, which an upper bound is and a tracker is not.
    """

    name: ClassVar[str]
    package: ClassVar[str]
    extra: ClassVar[str | None]
    takes: ClassVar[Takes]
    truth: ClassVar[bool]

    def find(self, event: Event, buckets: Buckets) -> Tracks:
        """Return the tracks that it finds, every hit in one at most.

        The whole event comes as one bucket of all hits. Stages are timed with `setting.stage`.

        Raises:
            SkippedError: the event lacks what the tracker needs.
        """


T = TypeVar("T")

_USUAL = {"package": "nearhit", "extra": None, "takes": "buckets", "truth": False}


@dataclass_transform(field_specifiers=(parameter,))
def tracker(declared: type[T]) -> type[T]:
    """Make a class a tracker: a dataclass, with usual values of the attributes it does not name.

    Usual is nearhit's own code, that takes buckets and is shown no truth.
    """
    for name, value in _USUAL.items():
        if not hasattr(declared, name):
            setattr(declared, name, value)
    return dataclass(declared)
