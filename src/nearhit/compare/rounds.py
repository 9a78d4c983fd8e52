"""Measure sides in rounds: in each all of them together, in fresh workers."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any

from nearhit.cells.status import OK, Status, in_one_line
from nearhit.data.event import Event
from nearhit.measure.judge import Judge
from nearhit.measure.runner import provenance_of_library
from nearhit.measure.worker import Limits

from .environment import EnvironmentSpec, python_of
from .files import EVENT_FILE, judge_answer, write_event, write_rows
from .lockstep import TURN_FILE, Side, run_in_lockstep
from .profiles import ComparedCell, Plan
from .series import CellSeries, Series, SideSeries, Turn
from .thresholds import COMPARED

_OWN = "sphere-grid"  # the index that needs nearhit alone
_SECONDS_OF_PASSES = 0.5  # of a cell in a turn: more turns tell more than longer ones
_PASSES = (1, 5)
_FIRST_PASSES = 2  # one may be slow by chance
_JUDGED = 6  # answers a side, where a library does not repeat itself


@dataclass(frozen=True)
class Budget:
    """Extent of the measurement.

    Attributes:
        minutes: of rounds; the first turns, which compile and are judged, come before.
        rounds: at most; 0 for judging answers alone.
        limits: of a worker, from one pass to the next.
    """

    minutes: float = 4.0
    rounds: int = 1_000
    limits: Limits = field(default_factory=Limits)


Notice = Callable[[str], None]


def measure_environments(
    specs: Sequence[EnvironmentSpec], plan: Plan, budget: Budget, notice: Notice
) -> Series:
    """Build an environment for each side and measure them.

    Raises:
        BadInputError: a cell cannot be read, or an environment cannot be built.
    """
    cells = plan.compared(specs[0].library)
    extras = tuple(sorted({extra for one in cells for extra in one.extras}))
    sides = []
    for spec in specs:
        notice(f"environment of {spec.label}")
        python = python_of(replace(spec, extras=extras))
        sides.append(Side(spec.label, (str(python), "-I", str(TURN_FILE))))
    return measure_sides(sides, cells, plan, budget, notice)


def measure_sides(
    sides: Sequence[Side],
    cells: Sequence[ComparedCell],
    plan: Plan,
    budget: Budget,
    notice: Notice,
) -> Series:
    """Measure every cell on all sides and return the series, ready to be kept.

    A round takes all sides together for the cells of one library, then for those of the next. Each
    turn has a worker of its own: memory layout differs between processes. A cell that does not end
    well on one side is measured no more on any.

    Args:
        sides: to compare.
        cells: in the order of the series.
        plan: whose event workers see without truth.
        budget: extent of the measurement.
        notice: called with a line for people after each round.
    """
    if not any(COMPARED[name].kind == "timed" for name in plan.figures):
        once = all(one.repeatable for one in cells)
        budget = replace(budget, rounds=0 if once else _JUDGED - 1)
    provenance = provenance_of_library(_OWN)
    with TemporaryDirectory(prefix="nearhit-") as folder:
        measurement = _Measurement(plan.event, cells, sides, budget.limits, Path(folder))
        notice(f"first turns of {len(sides)} sides")
        measurement.begin()
        started = monotonic()
        for number in _rounds(budget, started):
            measurement.round(number)
            if not measurement.alive:
                break
            notice(f"round {number + 1}, {(monotonic() - started) / 60:.1f} minutes")
    return Series(
        sides=tuple(side.label for side in sides),
        event=plan.event.name,
        event_digest=plan.event.digest,
        threads=plan.threads,
        cells=measurement.series(),
        provenance=provenance,
    )


def _rounds(budget: Budget, started: float) -> Iterator[int]:
    """Yield numbers of rounds while there is time for one more."""
    for number in range(budget.rounds):
        spent = monotonic() - started
        each = spent / number if number else 0.0
        if spent + each > 60 * budget.minutes:
            return
        yield number


class _Measurement:
    """State of a measurement.

    Args:
        event, cells, sides, limits: as in `measure_sides`.
        folder: for what workers read and write.
    """

    def __init__(
        self,
        event: Event,
        cells: Sequence[ComparedCell],
        sides: Sequence[Side],
        limits: Limits,
        folder: Path,
    ) -> None:
        self._event, self._cells, self._sides = event, cells, sides
        self._limits, self._folder, self._judge = limits, folder, Judge(event)
        for one in cells:
            self._judge.labels(one.cell.trackable)  # refuses a cell before any time is spent
        self._found = {(one.text, side.label): SideSeries() for one in cells for side in sides}
        self._fastest: dict[str, float] = {}
        self._rows = {one.text: write_rows(event, one, folder) for one in cells}
        write_event(event, folder)

    def begin(self) -> None:
        """Let every side compile what it compiles, and judge its answers."""
        for group in self._groups():
            self._together(group, judged=group)

    def round(self, number: int) -> None:
        """Take all sides together, library by library."""
        for group in self._groups():
            judged = [one for one in group if not one.repeatable and number < _JUDGED - 1]
            for text, turns in self._together(group, judged).items():
                for side, turn in zip(self._sides, turns, strict=True):
                    found = self._found[text, side.label]
                    self._found[text, side.label] = replace(found, turns=(*found.turns, turn))

    @property
    def alive(self) -> bool:
        """Whether a cell is left that ends well on all sides."""
        return bool(self._living(self._cells))

    def series(self) -> tuple[CellSeries, ...]:
        """Return everything, in the order of the cells."""
        return tuple(
            CellSeries(one.text, tuple(self._found[one.text, side.label] for side in self._sides))
            for one in self._cells
        )

    def _groups(self) -> list[list[ComparedCell]]:
        ordered = sorted(self._cells, key=lambda one: one.packages)
        groups = groupby(ordered, key=lambda one: one.packages)
        living = (self._living(list(group)) for _, group in groups)
        return [group for group in living if group]

    def _living(self, cells: Sequence[ComparedCell]) -> list[ComparedCell]:
        return [
            one
            for one in cells
            if all(self._found[one.text, side.label].status == OK for side in self._sides)
        ]

    def _together(
        self, group: Sequence[ComparedCell], judged: Sequence[ComparedCell]
    ) -> dict[str, list[Turn]]:
        """Run a worker a side, keep its answers, and return the turns that ended well on all."""
        folders = [self._folder / str(number) for number in range(len(self._sides))]
        jobs = [self._job(group, judged, folder) for folder in folders]
        began = monotonic()
        answers = run_in_lockstep(self._sides, jobs, self._limits)
        spent = (monotonic() - began) / len(group) / len(self._sides)
        turns: dict[str, list[Turn]] = {one.text: [] for one in group}
        for side, job, (lines, end) in zip(self._sides, jobs, answers, strict=True):
            for place, one in enumerate(group):
                line = lines.get(place)
                status = Status(line["status"], in_one_line(line["reason"])) if line else end
                found = replace(self._found[one.text, side.label], status=status)
                if line and status == OK:
                    turns[one.text].append(self._turn(one, line, spent))
                    found = replace(found, about=line["about"])
                    if one in judged:
                        found = self._judged(one, found, Path(job["cells"][place]["answer"]))
                self._found[one.text, side.label] = found
        complete = {one.text for one in self._living(group)}
        return {text: several for text, several in turns.items() if text in complete}

    def _turn(self, one: ComparedCell, line: dict[str, Any], spent: float) -> Turn:
        seconds, processor = tuple(line["seconds"]), tuple(line["processor_seconds"])
        self._fastest[one.text] = min(self._fastest.get(one.text, seconds[0]), *seconds)
        return Turn(seconds, processor, line["peak_memory_mb"], spent)

    def _judged(self, one: ComparedCell, found: SideSeries, file: Path) -> SideSeries:
        status, figures = judge_answer(self._judge, self._event, one.cell, file)
        more = {name: (*found.losses.get(name, ()), value) for name, value in figures.items()}
        return replace(found, status=status, losses=more)

    def _job(
        self, group: Sequence[ComparedCell], judged: Sequence[ComparedCell], folder: Path
    ) -> dict[str, Any]:
        folder.mkdir(exist_ok=True)
        cells = [
            one.job
            | {"rows": self._rows[one.text], "passes": _passes(self._fastest.get(one.text))}
            | {"answer": str(folder / f"{place}.npy") if one in judged else ""}
            for place, one in enumerate(group)
        ]
        return {
            "event": str(self._folder / EVENT_FILE),
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
