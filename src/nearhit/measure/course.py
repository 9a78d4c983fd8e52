"""The course of one cell through the rounds: its passes, and what disturbed them."""

from dataclasses import replace
from math import inf

from nearhit.cells.cell import Cell
from nearhit.cells.status import OK, Status
from nearhit.data.event import Event
from nearhit.machine.conditions import Conditions, ResourceMonitor, is_disturbed
from nearhit.machine.hardware import cores
from nearhit.records.results import Round

from .judge import Judge, Judged
from .measure import OnePass
from .worker import Limits, Outcome, Worker
from .workers import Workers


class Course:
    """A cell on its way through the rounds.

    Args:
        cell: what is measured.
        limits: of its passes together.

    Attributes:
        cold: the pass before that of its first round which paid for imports and compilation; None
            where its worker had run the library with this metric and tracker before.
        warm: a pass of each round.
        rounds: what is told of them.
        judged: the answer of the last round, or the status with which the cell ended early; `ok`
            and empty before.
        peak_bytes: the most memory that its worker held during one of its passes.
    """

    def __init__(self, cell: Cell, limits: Limits) -> None:
        self.cell = cell
        self.cold: OnePass | None = None
        self.warm: list[OnePass] = []
        self.rounds: list[Round] = []
        self.judged = Judged(OK)
        self.peak_bytes = 0
        self._limits = limits
        self._left = limits.timeout_seconds
        self._worker: Worker | None = None
        self._monitor = ResourceMonitor(self._processes)

    @property
    def disturbed(self) -> bool:
        """Whether others disturbed its last pass, and it did not fail."""
        return not self.failed and bool(is_disturbed(self.rounds[-1], self.cell.threads, cores()))

    @property
    def failed(self) -> bool:
        """Whether it ended with a status other than `ok`."""
        return self.judged.status != OK

    def conditions(self) -> Conditions:
        """Return the use of the machine during all of its passes."""
        return self._monitor.conditions()

    def run(self, event: Event, workers: Workers, judge: Judge | None) -> None:
        """Make the pass of the next round.

        Args:
            event: that it is of.
            workers: one of which is asked.
            judge: of the answer, where no round follows; it is large, and goes when it is judged.
        """
        outcome = self._ask(event, workers, last=judge is not None)
        if isinstance(outcome, Status):
            return
        if not self.warm:
            self.cold = outcome.cold
        self._left -= outcome.seconds
        self.warm.append(outcome.warm)
        self.rounds.append(_round(len(self.warm), outcome.warm))
        if judge and outcome.answer:
            self.judged = judge.judged(self.cell, outcome.answer)

    def run_again(self, event: Event, workers: Workers) -> None:
        """Make the last pass again, and keep the one that was less disturbed.

        Its time does not count for the limit; where the limit might end it, it is not made.
        """
        before = self.rounds[-1]
        if self._left < 2 * before.seconds:
            return
        outcome = self._ask(event, workers, last=False)
        if isinstance(outcome, Status):
            return
        again, attempts = _round(before.number, outcome.warm), before.attempts + 1
        if _taken(again) < _taken(before):
            self.warm[-1], before = outcome.warm, again
        self.rounds[-1] = replace(before, attempts=attempts)

    def _ask(self, event: Event, workers: Workers, *, last: bool) -> Outcome:
        """Return what a worker measured, or the status that it ended with."""
        if self._left <= 0.0:
            outcome: Outcome = self._limits.exceeded
        else:
            with self._monitor:
                self._worker = workers.of(self.cell)
                outcome = self._worker.measure(self.cell, event, self._left, last=last)
        if isinstance(outcome, Status):
            self.judged = Judged(outcome)
        else:
            self.peak_bytes = max(self.peak_bytes, outcome.peak_bytes)
        return outcome

    def _processes(self) -> list[int]:
        return [self._worker.process] if self._worker else []


def _round(number: int, one: OnePass) -> Round:
    spent = one.spent
    return Round(number, spent.seconds, spent.other_cores, spent.stolen_cores)


def _taken(one: Round) -> float:
    """Return the cores that others took; infinite where that is not known."""
    if one.other_cores is None or one.stolen_cores is None:
        return inf
    return one.other_cores + one.stolen_cores
