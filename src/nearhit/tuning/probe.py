"""One trial: an index is built, and its query parameter found on the ladder without rebuilding."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Protocol

from nearhit.parameter import Value
from nearhit.plugins.spec import IndexSpec

from .goal import Answer, Demand
from .ladder import first_true
from .space import Space, Values

_PROMISE = 1.1  # times the best seconds: what a sample may promise for all queries to be asked
_SLOW = 2.0  # times the best seconds: what a sample that is not good enough yet may take


class TrialError(Exception):
    """The end of a trial in which a library failed; the message says why."""


class Bench(Protocol):
    """Measures settings of one library on one event."""

    def build(self, values: Values) -> float:
        """Build an index, which takes the place of the one before, and return the seconds.

        Raises:
            TrialError: the library failed.
        """

    def sample(self, value: Value | None) -> Answer:
        """Return the answer of the index to a sample of queries, and the seconds scaled to all.

        Raises:
            TrialError: the library failed.
        """

    def whole(self, value: Value | None) -> Answer:
        """Return the answer of the index to all queries.

        Raises:
            TrialError: the library failed.
        """


@dataclass(frozen=True)
class Measured:
    """A setting that was measured with all queries.

    Attributes:
        spec: the setting.
        seconds: per event.
        share: of the demanded figure that exact search has.
    """

    spec: IndexSpec
    seconds: float
    share: float


@dataclass(frozen=True)
class Trial:
    """The result for one setting of the build parameters.

    Attributes:
        values: the build parameters.
        seconds: per event of its best query value, or a lower bound.
        share: of the demanded figure at that value, or an upper bound.
        measured: with all queries; none where the trial was stopped before.
        stopped: why it was stopped, in a few words; empty where it was not.
        failed: whether the library failed.
    """

    values: Values
    seconds: float
    share: float
    measured: tuple[Measured, ...] = ()
    stopped: str = ""
    failed: bool = False


class StopTrial(Exception):  # noqa: N818 - not an error
    """The end of a trial that cannot win."""

    def __init__(self, reason: str, seconds: float, share: float) -> None:
        super().__init__(reason)
        self.seconds, self.share = seconds, share


@dataclass
class Probe:
    """One built index, asked along the ladder.

    Attributes:
        bench: measures.
        space: of the library.
        demand: what must be met.
        best: the best setting so far that meets it.
        values: the build parameters.
        measured: with all queries, so far.
    """

    bench: Bench
    space: Space
    demand: Demand
    best: Measured | None
    values: Values
    measured: list[Measured] = field(default_factory=list)

    def run(self, start: int) -> None:
        """Build the index and find its query value, from a position on the ladder.

        Raises:
            StopTrial: it cannot win, or does not meet the demand.
            TrialError: the library failed.
        """
        self._built = self.bench.build(self.values)
        if self.demand.too_slow(self._built, self.best.seconds if self.best else None):
            raise StopTrial("the build alone is slower than the best", self._built, 1.0)
        sampled = cache(self.bench.sample)
        promised = self._candidate(start, sampled, self.demand.tolerance)
        self._stop_if_beaten(sampled(self.space.ladder[promised]))
        whole = cache(self._whole)
        if not self._beaten(whole(self.space.ladder[promised])):
            self._candidate(promised, whole)

    def _candidate(
        self, start: int, ask: Callable[[Value | None], Answer], tolerance: float = 0.0
    ) -> int:
        """Return the cheapest position that is good enough, or the best that is fast enough."""
        ladder = self.space.ladder

        def beyond(at: int) -> bool:
            return self._beyond(ask(ladder[at]), tolerance)

        first = first_true(len(ladder), start, beyond)
        if self.demand.max_seconds is not None:
            return max(0, first - 1)
        return min(first, len(ladder) - 1)

    def _beyond(self, answer: Answer, tolerance: float) -> bool:
        """Return whether an answer is good enough, or too slow if only that is demanded."""
        seconds = self._built + answer.seconds
        if self.demand.max_seconds is not None:
            return seconds > self.demand.max_seconds
        enough = answer.share >= self.demand.least - tolerance
        if not enough and self.best and seconds > _SLOW * self.best.seconds:
            raise StopTrial("far slower than the best before it is good enough", seconds, 1.0)
        return enough

    def _stop_if_beaten(self, sampled: Answer) -> None:
        """Stop where a sample is far from the demand, or promises less than the best."""
        demand, seconds = self.demand, self._built + sampled.seconds
        far = sampled.share < demand.least - demand.tolerance
        if far or seconds > _PROMISE * (demand.max_seconds or math.inf):
            raise StopTrial("a sample misses the demand", seconds, sampled.share)
        if self.best is None:
            return
        slower = demand.max_seconds is None and seconds > _PROMISE * self.best.seconds
        poorer = demand.max_seconds is not None and self._poorer(sampled, self.best)
        if slower or poorer:
            # Within the tolerance it counts as good enough, so that the sampler compares seconds.
            share = max(sampled.share, demand.least)
            raise StopTrial("a sample promises less than the best", seconds, share)

    def _poorer(self, sampled: Answer, best: Measured) -> bool:
        return sampled.share < best.share - 3 * self.demand.tolerance

    def _whole(self, value: Value | None) -> Answer:
        answer = self.bench.whole(value)
        seconds = self._built + answer.seconds
        self.measured.append(Measured(self.space.spec(self.values, value), seconds, answer.share))
        return answer

    def _beaten(self, answer: Answer) -> bool:
        """Return whether an answer meets the demand, but no better than the best so far."""
        seconds = self._built + answer.seconds
        if self.best is None or not self.demand.met(seconds, answer.share):
            return False
        best = self.demand.cost(self.best.seconds, self.best.share)
        return self.demand.cost(seconds, answer.share) >= best
