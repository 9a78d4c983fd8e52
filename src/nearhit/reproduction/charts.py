"""Charts of published beside measured series: hollow or grey beside filled."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from nearhit.report.chart import Chart, Mark, Panel, Series
from nearhit.report.track_profiles import sizes_panel

from .evidence import FigureResult, LineResult
from .figure import Plot
from .values import held

SECOND_LINE = "second line"

Lines = list[LineResult]


def figure_charts(result: FigureResult) -> Iterator[Chart]:
    """Yield the chart of a figure that has one and measured values to show."""
    figure, panels = result.figure, _panels(result)
    if figure.plot and panels:
        drawn = tuple(_panel(figure.plot, name, series) for name, series in panels.items())
        published = figure.plot.histograms or any(
            any(one.hollow) for panel in drawn for one in panel.series
        )
        about = "Hollow or grey: published." if published else ""
        yield Chart(figure.name, figure.title, drawn, about, height=figure.plot.height)


def _panels(result: FigureResult) -> dict[str, dict[str, Lines]]:
    """Return the lines of each series of each panel in which something is measured."""
    panels: dict[str, dict[str, Lines]] = {}
    for one in result.lines:
        if one.line.series:
            panels.setdefault(one.line.panel, {}).setdefault(one.line.series, []).append(one)
    return {
        name: series
        for name, series in panels.items()
        if any(one.value for lines in series.values() for one in lines)
    }


def _panel(plot: Plot, title: str, by_name: Mapping[str, Lines]) -> Panel:
    counts = [held(one.line.histogram, one.records[0]) for one in _histograms(by_name)]
    if counts and np.ndim(counts[0]) > 1:
        return sizes_panel(counts[0], title)
    series = [
        one
        for place, (name, lines) in enumerate(by_name.items())
        for one in _series(plot, place, name, lines)
    ]
    if title in plot.histograms:
        series.insert(0, _stairs("published", [0, *plot.histograms[title]], plot, faint=True))
    x = plot.x if plot.over or counts else replace(plot.x, names=tuple(by_name))
    return Panel(x, plot.y, tuple(series), title=title)


def _histograms(by_name: Mapping[str, Lines]) -> Iterator[LineResult]:
    """Yield the first measured line of each series that draws counts of a record."""
    for lines in by_name.values():
        yield from [one for one in lines if one.value and one.line.histogram][:1]


def _series(plot: Plot, place: int, name: str, lines: Lines) -> Iterator[Series]:
    """Yield what is measured, and hollow what is published, in one colour."""
    for one in _histograms({name: lines}):
        yield _stairs(name, held(one.line.histogram, one.records[0]), plot)
    if lines[0].line.histogram:
        return
    measured = [one.value.value if one.value else None for one in lines]
    published = [one.line.published for one in lines]
    if plot.over == SECOND_LINE:
        told = None not in published
        numbers = [one for one in (published if told else measured) if one is not None]
        if len(numbers) == len(lines):
            y, x = numbers
            yield Series(name, [x], [y], text=[name] * told, hollow=[told])
        return
    across = [getattr(one.line.cells[0], plot.over) if plot.over else place for one in lines]
    for values, hollow in ((measured, False), (published, True)):
        points = [(x, y) for x, y in zip(across, values, strict=True) if y is not None]
        if points:
            mark: Mark = "line" if plot.over and not hollow else "points"
            yield Series.of(name, points, mark, hollow=[hollow] * len(points))


def _stairs(name: str, counts: Sequence[float], plot: Plot, *, faint: bool = False) -> Series:
    whole = sum(counts) if plot.shares else 1
    edges = [place - 0.5 for place in range(len(counts) + 1)]
    return Series(name, edges, [count / whole for count in counts], "stairs", faint=faint)
