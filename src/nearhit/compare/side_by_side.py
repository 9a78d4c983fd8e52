"""Two sides ready to be judged, wherever their numbers come from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from .recorded import recorded_pairs, records_in
from .series import Series, Taken, pairs_of
from .thresholds import Thresholds
from .verdict import Pair, Row, judge


@dataclass(frozen=True)
class SideBySide:
    """Two sides.

    Attributes:
        sides: what they are, in words.
        pairs: their cells.
        notes: what people should know of them.
    """

    sides: tuple[str, str]
    pairs: tuple[Pair, ...]
    notes: tuple[str, ...] = ()

    @classmethod
    def of_series(cls, series: Series) -> Self:
        """Return the first two sides of what was measured in turn."""
        first, second = series.sides[:2]
        return cls((first, second), tuple(pairs_of(series.cells)), tuple(_notes(series)))

    @classmethod
    def of_records(cls, a: Path, b: Path) -> Self:
        """Return what is recorded in two files or folders.

        Raises:
            BadInputError: one holds no records, or one that cannot be read.
        """
        pairs = recorded_pairs(records_in(a), records_in(b))
        return cls((f"A: {a}", f"B: {b}"), tuple(pairs))

    def judged(self, figures: Sequence[str], thresholds: Thresholds) -> list[Row]:
        """Return the rows of some figures: fewer of them are told apart with more certainty."""
        return judge([_only(pair, figures) for pair in self.pairs], thresholds)


def _only(pair: Pair, figures: Sequence[str]) -> Pair:
    a, b = (
        seen and replace(seen, values=_chosen(seen.values, figures)) for seen in (pair.a, pair.b)
    )
    return replace(pair, a=a, b=b)


def _chosen(
    values: Mapping[str, tuple[float, ...]], figures: Sequence[str]
) -> dict[str, tuple[float, ...]]:
    return {name: given for name, given in values.items() if name in figures}


def _notes(series: Series) -> Iterator[str]:
    machine = series.provenance.machine
    yield (
        f"{series.event}, threads: {series.threads}; {machine.cpu}, {machine.cores} cores, load "
        f"{series.provenance.load:.1f} at the start."
    )
    yield from (_understood(one) for one in series.cells)


def _understood(one: Taken) -> str:
    """Return how each side read a cell, once where both did alike."""
    abouts = list(dict.fromkeys(arm.about for arm in one.arms[:2] if arm.about))
    return f"{one.cell}: {' against '.join(abouts) or 'not measured'}."
