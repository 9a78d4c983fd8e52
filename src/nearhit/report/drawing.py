"""Draws charts with matplotlib, in one style, into files."""

from collections.abc import Iterable
from pathlib import Path
from textwrap import fill
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, MaxNLocator, StrMethodFormatter
from matplotlib.ticker import NullFormatter as NoNumbers
from matplotlib.ticker import NullLocator as NoTicks

from nearhit.errors import BadInputError

from .chart import Axis, Chart, Heat, Panel, Series
from .labels import GREY, name_ends, name_points

COLORS = (
    *("#0a6ebd", "#c4581b", "#17805a", "#9b3fa0"),
    *("#8a6d00", "#c2255c", "#4a5ac7", "#5b6672"),
)
"""Those of pages."""

_MARKERS = "osD^v<>p"
_WIDTH, _PANEL = 8.6, 4.3
"""Inches: of a figure, and the least of each panel."""

_LETTERS = 12
"""Of a title in an inch."""

_ACROSS = 70
"""Letters that names along an axis may have together, before they are set upright."""

_DECADES, _FEW = 1e5, 10
"""How wide a logarithmic axis has ticks at 2 and 5, too; and up to where at others, too."""

_DARK = 0.65
"""Share of the scale of colours from which on numbers are written in white."""

_STYLE: dict[Any, Any] = {
    "font.size": 9.5,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.alpha": 0.3,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": "medium",
    "legend.frameon": False,
    "figure.titlesize": "medium",
    "figure.constrained_layout.w_pad": 0.12,  # letters of browsers are a little wider
    "svg.fonttype": "none",
    "svg.hashsalt": "nearhit",
    "savefig.dpi": 130,
}


def save_charts(charts: Iterable[Chart], folder: Path, *, png: bool = True) -> list[Path]:
    """Save charts, each as SVG and PNG, and return the PNG files.

    Without `png` they are saved as SVG alone, and those files are returned. The same charts give
    the same files.

    Raises:
        BadInputError: the folder cannot be written.
    """
    files = []
    try:
        with mpl.rc_context(_STYLE):
            for chart in charts:
                figure = draw(chart)
                folder.mkdir(parents=True, exist_ok=True)
                files.append(folder / f"{chart.name}.svg")
                figure.savefig(files[-1], metadata={"Date": None})
                if png:
                    files[-1] = files[-1].with_suffix(".png")
                    figure.savefig(files[-1], metadata={"Software": None})
    except OSError as error:
        raise BadInputError(
            f"{folder} cannot be written ({error.strerror}): choose another folder."
        ) from error
    return files


def draw(chart: Chart) -> Figure:
    """Return a chart as a figure that is laid out."""
    figure, every = _empty(chart)
    looks = {name: _look(place) for place, name in enumerate(chart.names)}
    for axes, panel in zip(every, chart.panels, strict=True):
        _panel(axes, panel, looks)
        if chart.ends:
            colors = {name: color for name, (color, _) in looks.items()}
            name_ends(axes, panel.series, colors, chart.height)
    if chart.equal:
        every[0].set_aspect("equal")
    if len(looks) > 1 and not chart.ends:
        _legend(figure)
    figure.draw_without_rendering()
    figure.set_layout_engine("none")  # what is named now stays where it is
    for axes, panel in zip(every, chart.panels, strict=True):
        name_points(axes, panel.series)
    return figure


def _empty(chart: Chart) -> tuple[Figure, list[Axes]]:
    """Return a figure with its title and the axes of each panel."""
    across = min(chart.columns, len(chart.panels))
    down = -(-len(chart.panels) // across)
    width = max(_WIDTH, _PANEL * across)
    figure = Figure(figsize=(width, chart.height * down), layout="constrained")
    lines = (fill(text, int(_LETTERS * width)) for text in (chart.title, chart.about) if text)
    figure.suptitle("\n".join(lines))
    every = list(figure.subplots(down, across, squeeze=False).flat)
    for axes in every[len(chart.panels) :]:
        axes.set_axis_off()
    return figure, every[: len(chart.panels)]


def _look(place: int) -> tuple[str, str]:
    """Return colour and shape of the place-th of several things: all colours, then other shapes."""
    number = len(COLORS)
    return COLORS[place % number], _MARKERS[(place + place // number) % len(_MARKERS)]


def _panel(axes: Axes, panel: Panel, looks: dict[str, tuple[str, str]]) -> None:
    axes.set_title(panel.title)
    _axis(axes, "x", panel.x)
    _axis(axes, "y", panel.y)
    for series in panel.series:
        color, marker = (GREY, "o") if series.faint else looks[series.name]
        style: dict[str, Any] = {"color": color, "zorder": 1.5 if series.faint else 2}
        if series.mark in {"points", "line"}:
            style["marker"] = marker
        _MARKS[series.mark](axes, series, style | ({} if series.faint else {"label": series.name}))
    if panel.heat:
        _heat(axes, panel.heat)
    _limits(axes, "x", panel.x)  # what is drawn would move them
    _limits(axes, "y", panel.y)


def _axis(axes: Axes, side: str, axis: Axis) -> None:
    drawn = getattr(axes, f"{side}axis")
    axes.set(**{f"{side}label": axis.label})
    if axis.log:
        axes.set(**{f"{side}scale": "log"})
        drawn.set_minor_formatter(NoNumbers())
    else:
        drawn.set_major_locator(MaxNLocator(6, steps=(1, 2, 5, 10)))
    drawn.set_major_formatter(StrMethodFormatter("{x:,.9g}"))
    if axis.ticks:
        drawn.set_ticks(axis.ticks, [f"{tick:,g}" for tick in axis.ticks])
        drawn.set_minor_locator(NoTicks())
    if axis.names:
        upright = side == "x" and sum(map(len, axis.names)) > _ACROSS
        drawn.set_ticks(range(len(axis.names)), axis.names, rotation=90 * upright)


def _limits(axes: Axes, side: str, axis: Axis) -> None:
    """Set the limits and the direction of an axis, and the ticks that these have room for."""
    drawn = getattr(axes, f"{side}axis")
    getattr(axes, f"set_{side}lim")(*axis.limits)
    drawn.set_inverted(axis.down)
    low, high = sorted(drawn.get_view_interval())
    if axis.log and not axis.ticks and high / low < _DECADES:
        subs = (1, 2, 5) if high / low > _FEW else (1, 1.5, 2, 3, 5, 7)
        drawn.set_major_locator(LogLocator(subs=subs))


def _line(axes: Axes, series: Series, style: dict[str, Any]) -> None:
    style |= {"linestyle": "-" if series.mark == "line" else "", "linewidth": 1.2}
    style |= {"markersize": 3 if len(series.error) else 5}
    if len(series.error):
        axes.errorbar(series.x, series.y, series.error, **style)
        return
    axes.plot(series.x, series.y, **style)
    at = np.array(series.hollow, bool)
    if at.any():
        hollow = style | {"linestyle": "", "label": None, "zorder": style["zorder"] + 0.1}
        axes.plot(np.array(series.x)[at], np.array(series.y)[at], mfc="white", **hollow)


def _steps(axes: Axes, series: Series, style: dict[str, Any]) -> None:
    axes.step(series.x, series.y, where="post", linewidth=1, **style)


def _stairs(axes: Axes, series: Series, style: dict[str, Any]) -> None:
    style["alpha"] = 0.4 if series.faint else 1.0
    axes.stairs(series.y, series.x, fill=series.faint, linewidth=1.3, **style)


def _bars(axes: Axes, series: Series, style: dict[str, Any]) -> None:
    left = series.start if len(series.start) else None
    axes.barh(series.y, series.x, left=left, height=0.72, **style)


def _dots(axes: Axes, series: Series, style: dict[str, Any]) -> None:
    axes.scatter((), (), s=20, **style)  # for the legend
    dots = style | {"s": 0.3, "linewidths": 0, "rasterized": True, "label": None}
    axes.scatter(series.x, series.y, **dots)


_MARKS = {
    "points": _line,
    "line": _line,
    "steps": _steps,
    "stairs": _stairs,
    "bars": _bars,
    "dots": _dots,
}


def _heat(axes: Axes, heat: Heat) -> None:
    values = np.array([[one or np.nan for one in row] for row in heat.values], float)
    norm = LogNorm() if np.isfinite(values).any() else None  # there may be nothing to show
    shown = axes.imshow(values, cmap="YlOrBr", norm=norm, origin="lower", aspect="auto")
    axes.grid(visible=False)
    axes.figure.colorbar(shown, ax=axes, label=heat.label, format="{x:g}")
    if heat.text:
        for (y, x), value in np.ndenumerate(values):
            if np.isfinite(value):
                color = "white" if heat.shade(value) > _DARK else "black"
                axes.text(x, y, f"{value:.3g}", ha="center", va="center", size=8, color=color)


def _legend(figure: Figure) -> None:
    handles = {
        name: handle
        for axes in figure.axes
        for handle, name in zip(*axes.get_legend_handles_labels(), strict=True)
    }
    columns = max(1, min(5, 110 // (max(map(len, handles)) + 6)))
    figure.legend(
        handles.values(), handles, loc="outside lower center", ncols=columns, fontsize="small"
    )
