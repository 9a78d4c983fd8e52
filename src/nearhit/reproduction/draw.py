"""Draws published beside measured series."""

from collections.abc import Iterator

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, NullFormatter

from .evidence import FigureResult, LineResult
from .figure import Line, Plot
from .values import held

SECOND_LINE = "second line"

Lines = list[LineResult]
Series = dict[str, Lines]


def draw(result: FigureResult) -> Iterator[tuple[str, Figure]]:
    """Yield name and plot of a figure that has one and measured values to show."""
    plot, panels = result.figure.plot, _panels(result)
    if plot is None or not panels:
        return
    width, height = plot.panel_size
    figure = Figure(figsize=(width * len(panels), height), layout="constrained")
    for axes, (name, series) in zip(
        figure.subplots(1, len(panels), squeeze=False)[0], panels.items(), strict=True
    ):
        _draw_panel(axes, plot, name, series)
    figure.axes[0].set_ylabel(plot.ylabel)
    figure.suptitle(result.figure.title)
    _add_legend(figure)
    yield result.figure.name, figure


def _panels(result: FigureResult) -> dict[str, Series]:
    """Return the lines of each series of each panel in which something is measured."""
    panels: dict[str, Series] = {}
    for one in result.lines:
        if one.line.series:
            panels.setdefault(one.line.panel, {}).setdefault(one.line.series, []).append(one)
    return {
        name: series
        for name, series in panels.items()
        if any(one.value for lines in series.values() for one in lines)
    }


def _draw_panel(axes: Axes, plot: Plot, panel: str, series: Series) -> None:
    if panel in plot.histograms:
        counts = np.array(plot.histograms[panel])
        axes.bar(range(1, len(counts) + 1), counts / counts.sum(), color="0.8", label="published")
    for name, lines in series.items():
        if lines[0].line.histogram:
            _draw_histogram(axes, plot, name, lines)
        elif plot.x == SECOND_LINE:
            _draw_point(axes, plot, name, lines)
        else:
            _draw_curves(axes, plot, name, lines)
    axes.set(title=panel, **plot.axes)
    if plot.xticks:
        axes.set_xticks(plot.xticks, [f"{tick:,}" for tick in plot.xticks])
        axes.xaxis.set_minor_formatter(NullFormatter())


def _draw_histogram(axes: Axes, plot: Plot, name: str, lines: Lines) -> None:
    """Draw the counts of a record as a curve, or counts of counts as an image."""
    for one in [one for one in lines if one.value][:1]:
        counts = np.array(held(one.line.histogram, one.records[0]), float)
        if counts.ndim > 1:
            with np.errstate(divide="ignore"):
                axes.imshow(np.log10(counts.T), origin="lower", cmap="viridis")
            axes.plot([0, len(counts)], [0, len(counts)], "w--", linewidth=0.8)
            axes.grid(visible=False)
        else:
            axes.plot(counts / (counts.sum() if plot.shares else 1), label=name, **plot.measured)
            axes.xaxis.set_major_locator(MaxNLocator(integer=True))


def _draw_point(axes: Axes, plot: Plot, name: str, lines: Lines) -> None:
    """Draw the two numbers of a series as y and x: published beside its name, else measured."""
    published = [one.line.published for one in lines if one.line.published is not None]
    measured = [one.value.value for one in lines if one.value]
    if published:
        y, x = published
        axes.plot(x, y, **plot.published)
        axes.annotate(name, (x, y), xytext=(6, -12), textcoords="offset points")
    elif len(measured) == len(lines):
        y, x = measured
        axes.plot(x, y, label=name, **plot.measured)


def _draw_curves(axes: Axes, plot: Plot, name: str, lines: Lines) -> None:
    """Draw a series as a curve: measured, and published in the same color."""
    measured = [(_x(plot, one.line), one.value.value) for one in lines if one.value]
    published = [
        (_x(plot, one.line), one.line.published) for one in lines if one.line.published is not None
    ]
    style = dict(plot.published)
    if measured:
        label = plot.label.format(name)
        (curve,) = axes.plot(*zip(*measured, strict=True), label=label, **plot.measured)
        style["color"] = curve.get_color()
    if published:
        axes.plot(*zip(*published, strict=True), label=f"{name}, published", **style)


def _x(plot: Plot, line: Line) -> float | str:
    return getattr(line.cells[0], plot.x) if plot.x else line.series


def _add_legend(figure: Figure) -> None:
    handles, labels = figure.axes[0].get_legend_handles_labels()
    if len(figure.axes) == 1 and handles:
        figure.legend(handles, labels, loc="outside right center", fontsize=7.5)
    elif handles:
        figure.legend(handles, labels, loc="outside lower center", ncols=2)
