"""Drawing with matplotlib in one style: series of rows, ticks, files."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter, StrMethodFormatter

from nearhit.errors import BadInputError
from nearhit.records.row import Row

_STYLE: dict[Any, Any] = {
    "font.size": 9,
    "axes.grid": True,
    "grid.alpha": 0.3,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
    "svg.hashsalt": "nearhit",
    "savefig.dpi": 130,
}
_MARKERS = "osD^v<>pPX*h"

Named = tuple[str, Figure]
"""A figure and the name of its files."""

Value = Callable[[Row], Any]
"""Takes what is drawn of a row."""


def save_figures(
    draw: Callable[[], Iterable[Named]], folder: Path, *, png: bool = True
) -> list[Path]:
    """Save figures that are drawn in one style, each as SVG and PNG, and return the PNG files.

    Without `png` they are saved as SVG alone, and those files are returned.

    The same records give the same files.

    Raises:
        BadInputError: the folder cannot be written.
    """
    files = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with mpl.rc_context(_STYLE):
            for name, figure in draw():
                files.append(folder / f"{name}.svg")
                figure.savefig(files[-1], metadata={"Date": None})
                if png:
                    files[-1] = files[-1].with_suffix(".png")
                    figure.set_layout_engine("none")  # the first drawing has laid it out
                    figure.savefig(files[-1], metadata={"Software": None})
    except OSError as error:
        raise BadInputError(
            f"{folder} cannot be written ({error.strerror}): choose another folder."
        ) from error
    return files


def one_panel() -> tuple[Figure, Axes]:
    """Return a figure of one panel, with room for a legend beside it."""
    figure = Figure(figsize=(8, 5), layout="constrained")
    return figure, figure.subplots()


def beside(figure: Figure, axes: Axes) -> None:
    """Put the legend of a panel beside the panels, unless it is of one thing."""
    handles, labels = axes.get_legend_handles_labels()
    if len(labels) > 1:
        figure.legend(handles, labels, loc="outside right center")


def draw_by(  # noqa: PLR0913 - what is drawn
    axes: Axes, rows: Sequence[Row], key: str, x: Value, y: Value, *, lines: bool
) -> None:
    """Draw points, or lines through them, in a colour and shape for every value of a key."""
    for place, name in enumerate(sorted({getattr(row, key) for row in rows})):
        points = sorted((x(row), y(row)) for row in rows if getattr(row, key) == name)
        draw_points(axes, points, place, name, "-" if lines else "")


def draw_points(
    axes: Axes, points: Iterable[tuple[float, float]], place: int, name: str, line: str = ""
) -> None:
    """Draw the place-th of several series."""
    style = f"{_MARKERS[place % len(_MARKERS)]}{line}"
    across, along = zip(*points, strict=True)
    axes.plot(across, along, style, color=f"C{place % 10}", label=name, alpha=0.8, linewidth=1)


def draw_front(axes: Axes, rows: Iterable[Row], gain: Value) -> None:
    """Draw the steps of a Pareto front in time."""
    points = [(row.seconds_per_event, gain(row)) for row in rows]
    style = {"where": "post", "linewidth": 1, "alpha": 0.6, "zorder": 0}
    axes.step([x for x, _ in points], [y for _, y in points], "k-", **style)  # type: ignore[arg-type]


def plain_ticks(axes: Axes, at: Iterable[float] = ()) -> None:
    """Write the ticks of a logarithmic axis as numbers, not as powers of ten."""
    if ticks := sorted(set(at)):
        axes.set_xticks(ticks)
    else:
        axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    axes.xaxis.set_minor_formatter(NullFormatter())
