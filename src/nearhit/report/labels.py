"""Names beside points and at the ends of lines, none over another."""

from collections.abc import Iterable, Mapping, Sequence
from math import inf
from textwrap import fill

import numpy as np
from matplotlib.axes import Axes
from matplotlib.text import Annotation
from matplotlib.transforms import Bbox

from .chart import Series

GREY = "#a3adb8"
_SOFT = "#5b6672"
_SIZE, _LINE = 8.0, 10.5
"""Of letters, and from one name to the next, in points."""

_LETTERS = 34
"""Of a line of a name at the end of a line."""

_NEAR = 12
"""Within how many points of its point a name needs no line to it."""

_PLACES = tuple(
    (x, y, side)
    for far in range(0, 60, 12)
    for y in (5 + far, -14 - far)
    for x, side in ((5, "left"), (-5, "right"))
)


def name_points(axes: Axes, drawn: Iterable[Series]) -> None:
    """Write the text of points beside them, at the first place that nothing else takes."""
    points = [one for one in drawn if one.mark in {"points", "line", "bars"} and len(one.x)]
    if not points:
        return
    spots = [axes.transData.transform(np.column_stack((one.x, one.y))) for one in points]
    taken = [Bbox.from_bounds(x - 3, y - 3, 6, 6) for x, y in np.concatenate(spots)]
    for series in points:
        for x, y, text in zip(series.x, series.y, series.text, strict=False):
            if series.mark == "bars":
                axes.annotate(text, (x, y), (4, 0), textcoords="offset points", va="center")
            elif text:
                taken += _beside(axes, text, (x, y), taken)


def _beside(axes: Axes, text: str, at: tuple[float, float], taken: Sequence[Bbox]) -> list[Bbox]:
    """Write a name at the first free place and return where; if there is none, do not."""
    inside = axes.get_window_extent()
    for place in _PLACES:
        named = _named(axes, text, at, place)
        box = Annotation.get_window_extent(named)
        within = inside.x0 < box.x0 and box.x1 < inside.x1 and inside.y0 < box.y0
        if within and box.y1 < inside.y1 and not any(map(box.overlaps, taken)):
            return [box]
        named.remove()
    return []


def _named(
    axes: Axes, text: str, at: tuple[float, float], place: tuple[float, float, str]
) -> Annotation:
    x, y, side = place
    line = {"arrowstyle": "-", "linewidth": 0.5, "color": GREY, "shrinkB": 3}
    return axes.annotate(
        text,
        at,
        (x, y),
        textcoords="offset points",
        size=_SIZE,
        ha=side,
        arrowprops=line if abs(y) > _NEAR + 2 else None,
    )


def name_ends(
    axes: Axes, drawn: Iterable[Series], colors: Mapping[str, str], height: float
) -> None:
    """Write the name of each series beside the right end of its line, moved apart.

    Args:
        axes: with the scales and limits that they will have.
        drawn: what is drawn on them.
        colors: of the names.
        height: of the figure, in inches.
    """
    ends = sorted(((one.y[-1], one.x[-1], one) for one in drawn), key=lambda end: end[0])
    places = (axes.transData - axes.transAxes).transform([(x, y) for y, x, _ in ends])
    names = [fill(one.name, _LETTERS) for *_, one in ends]
    line = _LINE / (72 * height * 0.75)  # the share that axes take of it
    gaps = [line * (name.count("\n") + 1) for name in names]
    for (y, x, series), name, place in zip(
        ends, names, _apart(places[:, 1].tolist(), gaps), strict=True
    ):
        axes.annotate(
            name,
            (x, y),
            (1.03, place),
            textcoords="axes fraction",
            size=_SIZE,
            va="center",
            color=_SOFT if series.faint else colors[series.name],
            arrowprops={"arrowstyle": "-", "linewidth": 0.4, "color": GREY},
        )


def _apart(places: Sequence[float], heights: Sequence[float]) -> list[float]:
    """Return rising places of names moved apart, all below 1 as far as there is room."""
    moved, least = list(places), -inf
    for number, height in enumerate(heights):
        moved[number] = max(moved[number], least + height / 2)
        least = moved[number] + height / 2
    most = max(1.0, places[-1])
    for number in reversed(range(len(moved))):
        moved[number] = min(moved[number], most - heights[number] / 2)
        most = moved[number] - heights[number] / 2
    return moved
