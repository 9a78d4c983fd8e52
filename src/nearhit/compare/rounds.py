"""Measures sides in rounds: in each all of them together, in fresh workers."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any

from nearhit.cells.status import OK, Status, in_one_line
from nearhit.data.event import Event
from nearhit.measure.worker import Limits

from .answers import Answers
from .gate import Asked, job_cell
from .series import Arm, Taken, Turn
from .side import Side, turn_of, write_event, write_rows
from .together import run_together

_SECONDS_OF_PASSES = 0.5  # of a cell in a turn: more turns tell more than longer ones
_PASSES = (1, 5)
_FIRST_PASSES = 2  # one may be slow by chance
JUDGED = 6
"""Answers a side that are judged where a library does not repeat itself."""


@dataclass(frozen=True)
class Budget:
    """How much is measured.

    Attributes:
        minutes: of rounds; the first of all turns, which compile and are judged, come before.
        rounds: at most; 0 for judging answers alone.
        limits: what a side may take from one pass to the next.
    """

    minutes: float = 4.0
    rounds: int = 1_000
    limits: Limits = field(default_factory=Limits)


Notice = Callable[[str], None]


def take_rounds(
    event: Event, asked: Sequence[Asked], sides: Sequence[Side], budget: Budget, notice: Notice
) -> tuple[Taken, ...]:
    """Measure every cell on all sides and return what was found, in the order of the cells.

    A round takes all sides together for the cells of one library, then for those of the next. A
    worker is one of its own each time: where a process' memory happens to lie is drawn anew. A cell
    that does not end well on one side is measured no more on any.

    Args:
        event: with its truth; workers see hits alone.
        asked: the cells.
        sides: what is compared.
        budget: how much.
        notice: called with a line for people after each round.
    """
    answers = Answers(event)
    for one in asked:
        answers.check(one.cell)
    with TemporaryDirectory(prefix="nearhit-") as folder:
        table = _Table(event, asked, sides, budget.limits, Path(folder), answers)
        notice(f"first turns of {len(sides)} sides")
        table.begin()
        started = monotonic()
        for number in _rounds(budget, started):
            table.round(number)
            if not table.alive:
                break
            notice(f"round {number + 1}, {(monotonic() - started) / 60:.1f} minutes")
        return table.taken()


def _rounds(budget: Budget, started: float) -> Iterator[int]:
    """Yield numbers of rounds while there is time for one more."""
    for number in range(budget.rounds):
        spent = monotonic() - started
        each = spent / number if number else 0.0
        if spent + each > 60 * budget.minutes:
            return
        yield number


class _Table:
    """What has been measured so far.

    Args:
        event, asked, sides, limits, answers: as in `take_turns`.
        folder: for what workers read and write.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - as the class says
        self,
        event: Event,
        asked: Sequence[Asked],
        sides: Sequence[Side],
        limits: Limits,
        folder: Path,
        answers: Answers,
    ) -> None:
        self._event, self._sides, self._limits = event, sides, limits
        self._folder, self._answers = folder, answers
        self._asked = sorted(asked, key=lambda one: one.packages)
        self._order = [one.text for one in asked]
        self._arms = {(one.text, side.label): Arm() for one in asked for side in sides}
        self._fastest: dict[str, float] = {}
        self._rows = {one.text: write_rows(event, one, folder) for one in asked}
        write_event(event, folder / "event.npz")

    def begin(self) -> None:
        """Let every side compile what it compiles, and judge what it answers."""
        for group in self._groups():
            self._together(group, judged=group)

    def round(self, number: int) -> None:
        """Take all sides together, library by library."""
        for group in self._groups():
            judged = [one for one in group if not one.repeats and number < JUDGED - 1]
            for text, turns in self._together(group, judged).items():
                for side, turn in zip(self._sides, turns, strict=True):
                    arm = self._arms[text, side.label]
                    self._arms[text, side.label] = replace(arm, turns=(*arm.turns, turn))

    @property
    def alive(self) -> bool:
        """Whether a cell is left that ends well on all sides."""
        return bool(self._living(self._asked))

    def taken(self) -> tuple[Taken, ...]:
        """Return everything, in the order in which it was asked."""
        return tuple(
            Taken(text, tuple(self._arms[text, side.label] for side in self._sides))
            for text in self._order
        )

    def _groups(self) -> list[list[Asked]]:
        groups = groupby(self._asked, key=lambda one: one.packages)
        living = (self._living(list(group)) for _, group in groups)
        return [group for group in living if group]

    def _living(self, asked: Sequence[Asked]) -> list[Asked]:
        return [
            one
            for one in asked
            if all(self._arms[one.text, side.label].status == OK for side in self._sides)
        ]

    def _together(self, group: Sequence[Asked], judged: Sequence[Asked]) -> dict[str, list[Turn]]:
        """Run a worker a side and keep what it says; return the turns of what ended well on all."""
        folders = [self._folder / str(number) for number in range(len(self._sides))]
        jobs = [self._job(group, judged, folder) for folder in folders]
        began = monotonic()
        found = run_together(self._sides, jobs, self._limits)
        spent = (monotonic() - began) / len(group) / len(self._sides)
        turns: dict[str, list[Turn]] = {one.text: [] for one in group}
        for side, job, (lines, end) in zip(self._sides, jobs, found, strict=True):
            for place, one in enumerate(group):
                said = lines.get(place)
                status = Status(said["status"], in_one_line(said["reason"])) if said else end
                arm = replace(self._arms[one.text, side.label], status=status)
                if said and status == OK:
                    turns[one.text].append(turn_of(said, spent))
                    fastest = min(said["seconds"])
                    self._fastest[one.text] = min(self._fastest.get(one.text, fastest), fastest)
                    arm = replace(arm, about=said["about"])
                    if one in judged:
                        arm = self._judged(one, arm, Path(job["cells"][place]["answer"]))
                self._arms[one.text, side.label] = arm
        complete = {one.text for one in self._living(group)}
        return {text: taken for text, taken in turns.items() if text in complete}

    def _judged(self, one: Asked, arm: Arm, file: Path) -> Arm:
        found, status = self._answers.losses(one.cell, file)
        file.unlink()
        more = {name: (*arm.losses.get(name, ()), value) for name, value in found.items()}
        return replace(arm, status=status, losses=more)

    def _job(self, group: Sequence[Asked], judged: Sequence[Asked], folder: Path) -> dict[str, Any]:
        folder.mkdir(exist_ok=True)
        cells = [
            job_cell(one)
            | {"rows": self._rows[one.text], "passes": _passes(self._fastest.get(one.text))}
            | {"answer": str(folder / f"{place}.npy") if one in judged else ""}
            for place, one in enumerate(group)
        ]
        return {
            "event": str(self._folder / "event.npz"),
            "event_name": self._event.name,
            "cells": cells,
            "threads": group[0].cell.threads,
            "seed": group[0].cell.seed,
            "memory_bytes": self._limits.memory_bytes,
            "out": str(folder / "out.jsonl"),
        }


def _passes(fastest: float | None) -> int:
    """Return the number of passes in a turn, by the seconds of the fastest pass so far."""
    if fastest is None:
        return _FIRST_PASSES
    least, most = _PASSES
    return int(min(max(_SECONDS_OF_PASSES / fastest, least), most))
