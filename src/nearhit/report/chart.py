"""The one definition of a plot: what files, pages and Markdown draw."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from math import log
from typing import Any, Literal, Self

import numpy as np

Mark = Literal["points", "line", "steps", "stairs", "bars", "dots"]
"""Points; a line through them; steps from point to point; stairs between edges, of which there is
one more than heights; bars along x at the heights y; dots too many to be told apart."""


@dataclass(frozen=True)
class Axis:
    """One axis.

    Attributes:
        label: with its unit.
        log: whether it is logarithmic.
        ticks: the only numbers that are written; empty for a choice of the program that draws.
        names: what stands at 0, 1, 2, … instead of numbers.
        limits: least and most; None where the data decide.
        down: whether less is up, as the first of several bars is.
    """

    label: str = ""
    log: bool = False
    ticks: tuple[float, ...] = ()
    names: tuple[str, ...] = ()
    limits: tuple[float | None, float | None] = (None, None)
    down: bool = False


@dataclass(frozen=True)
class Series:
    """What is drawn in one colour.

    Attributes:
        name: in the legend, or at the end of its line; series of one name have one colour.
        x, y: of every point, see `Mark`.
        mark: how they are drawn.
        start: where every bar begins; empty for the axis.
        error: of y, at every point; empty for none.
        text: beside every point, empty for none.
        hollow: whether each point is drawn hollow; empty for none.
        faint: whether it is in grey, behind the others; stairs are filled.
    """

    name: str
    x: Sequence[float]
    y: Sequence[float]
    mark: Mark = "points"
    start: Sequence[float] = ()
    error: Sequence[float] = ()
    text: Sequence[str] = ()
    hollow: Sequence[bool] = ()
    faint: bool = False

    @classmethod
    def of(cls, name: str, points: Iterable[tuple[Any, Any]], mark: Mark, **more: Any) -> Self:
        """Return a series of at least one point, each a pair of x and y."""
        x, y = zip(*points, strict=True)
        return cls(name, x, y, mark, **more)


@dataclass(frozen=True)
class Heat:
    """A number in each cell of a grid, by colour on a logarithmic scale.

    Attributes:
        values: a row a value of y, from the first up; None or 0 where there is nothing.
        label: of the colours.
        text: whether the numbers are written.
    """

    values: Sequence[Sequence[float | None]]
    label: str
    text: bool = False

    def shade(self, value: float) -> float:
        """Return where a number stands between the least and the most, from 0 to 1."""
        held = [one for row in self.values for one in row if one]
        low, high = log(min(held)), log(max(held))
        return (log(value) - low) / (high - low) if high > low else 0.0


@dataclass(frozen=True)
class Panel:
    """Axes and what is drawn on them."""

    x: Axis
    y: Axis
    series: tuple[Series, ...] = ()
    heat: Heat | None = None
    title: str = ""


@dataclass(frozen=True)
class Chart:
    """A plot.

    Attributes:
        name: of its files.
        title: what it shows.
        panels: one at least.
        about: of what it is, and how to read it, in a sentence or two.
        columns: how many panels stand side by side.
        height: of a panel, in inches.
        ends: whether lines are named at their ends, and not in a legend.
        equal: whether a unit is as long on both axes of the first panel.
    """

    name: str
    title: str
    panels: tuple[Panel, ...]
    about: str = ""
    columns: int = 3
    height: float = 4.4
    ends: bool = False
    equal: bool = False

    @property
    def names(self) -> list[str]:
        """The series that a colour is for, in order."""
        every = (series for panel in self.panels for series in panel.series)
        return list(dict.fromkeys(one.name for one in every if not one.faint))

    @property
    def data(self) -> dict[str, Any]:
        """The same ready for JSON, numbers to six digits."""
        return {**_plain(asdict(self)), "series": self.names}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | np.ndarray):
        return [_plain(one) for one in value]
    if isinstance(value, float | np.floating):
        return float(f"{value:.6g}")
    return value.item() if isinstance(value, np.generic) else value
