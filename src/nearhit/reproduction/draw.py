"""Plots of figures: published beside measured."""

from collections.abc import Callable, Iterator

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, NullFormatter, StrMethodFormatter

from nearhit.records.record import Record

from .figure import Found, Measured
from .published import LEADING_SIZES, WINNERS
from .take import Convention
from .take import leading_sizes as sizes_of

Named = Iterator[tuple[str, Figure]]


def curves(
    across: str, along: str, *, logarithmic: bool = False, plain_y: bool = False
) -> Callable[[Found], Named]:
    """Return a drawing of every series against its `at`: measured solid, published dashed."""

    def draw(found: Found) -> Named:
        series = _series(found)
        if not any(one.taken for points in series.values() for one in points):
            return
        figure, axes = _canvas()
        for place, (name, points) in enumerate(series.items()):
            _curve(axes, name, points, f"C{place % 10}")
        axes.set(xlabel=across, ylabel=along)
        if logarithmic:
            every = (one.line.at for points in series.values() for one in points)
            axes.set(xscale="log", yscale="linear" if plain_y else "log")
            axes.set_xticks(sorted({at for at in every if at is not None}))
            axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
            axes.xaxis.set_minor_formatter(NullFormatter())
        yield _titled(found, figure)

    return draw


def _curve(axes: Axes, name: str, points: list[Measured], color: str) -> None:
    measured = [(one.line.at, one.taken.value) for one in points if one.taken]
    published = [(one.line.at, one.line.published) for one in points]
    if measured:
        axes.plot(*zip(*measured, strict=True), "o-", color=color, label=f"{name}, measured")
    if all(number is not None for _, number in published):
        label = f"{name}, published"
        axes.plot(*zip(*published, strict=True), "x--", color=color, alpha=0.6, label=label)


def distributions(along: str) -> Callable[[Found], Named]:
    """Return a drawing of how every series is spread over its events, a dot each."""

    def draw(found: Found) -> Named:
        series = {
            name: [one.taken.value for one in points if one.taken]
            for name, points in _series(found).items()
        }
        if not any(series.values()):
            return
        figure, axes = _canvas()
        for place, (name, values) in enumerate(series.items()):
            axes.plot([place] * len(values), values, "o", alpha=0.6, label=name)
        axes.set(ylabel=along, xlim=(-0.5, len(series) - 0.5), ylim=(0, None))
        axes.set_xticks(range(len(series)), list(series))
        yield _titled(found, figure)

    return draw


def leading_sizes(found: Found) -> Named:
    """Histograms of leading particle size, a panel for each k: published, and each way of ours."""
    if not found.n_measured:
        return
    figure = Figure(figsize=(10, 4), layout="constrained")
    for axes, (size, published) in zip(figure.subplots(1, 2), LEADING_SIZES.items(), strict=True):
        bins = range(1, len(published) + 1)
        axes.bar(bins, np.array(published) / sum(published), color="0.8", label="published")
        for name, points in _series(found).items():
            record = _record_of(points)
            key, _, way = name.partition(": ")
            if record and key == f"k={size}":
                shown: Convention = "particle" if way.endswith("is one particle") else "never"
                counts = np.array(sizes_of(record, shown), float)
                axes.plot(counts / max(counts.sum(), 1), ".-", linewidth=1, label=way)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.set(title=f"buckets of {size}", xlabel="hits of the leading particle")
    figure.axes[0].set_ylabel("share of buckets")
    figure.legend(*figure.axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    yield _titled(found, figure)


def track_lengths(found: Found) -> Named:
    """How many tracks have how many hits, by where their seeds are from."""
    records = {name: _record_of(points) for name, points in _series(found).items()}
    if not any(records.values()):
        return
    figure, axes = _canvas()
    for name, record in records.items():
        if record and record.tracking:
            axes.plot(record.tracking.track_sizes, ".-", label=name)
    axes.set(xlabel="hits on the track", ylabel="tracks", xlim=(2, 22))
    yield _titled(found, figure)


def cluster_sizes(found: Found) -> Named:
    """Hits in the best cluster against hits of the particle, a panel for each algorithm."""
    records = {name: _record_of(points) for name, points in _series(found).items()}
    held = {name: one for name, one in records.items() if one and one.tracking}
    if not held:
        return
    most = 22
    figure = Figure(figsize=(3.6 * len(held), 3.8), layout="constrained")
    panels = figure.subplots(1, len(held), squeeze=False)[0]
    for axes, (name, record) in zip(panels, held.items(), strict=True):
        sizes = np.array(record.tracking.found_sizes if record.tracking else [[]], float)
        with np.errstate(divide="ignore"):
            axes.imshow(np.log10(sizes.T), origin="lower", cmap="viridis")
        axes.plot([0, most - 1], [0, most - 1], "w--", linewidth=0.8)
        axes.set(title=name, xlabel="hits of the particle", xlim=(0.5, most - 0.5))
        axes.set(ylim=(-0.5, most - 0.5))
        axes.grid(visible=False)
    panels[0].set_ylabel("of them in the best cluster; color: particles, log")
    yield _titled(found, figure)


def winners(found: Found) -> Named:
    """Score against seconds per event: the winners' stars, our roads' dots."""
    if not found.n_measured:
        return
    figure, axes = _canvas()
    for place, (score, seconds) in WINNERS.items():
        axes.plot(seconds, score, "*", color="0.4", markersize=11)
        axes.annotate(place, (seconds, score), xytext=(6, -12), textcoords="offset points")
    for name, points in _series(found).items():
        numbers = [one.taken.value for one in points if one.taken]
        if len(numbers) == 2:  # noqa: PLR2004 - score and seconds
            axes.plot(numbers[1], numbers[0], "o", label=name)
    axes.set(
        xscale="log", ylim=(0, 1), xlabel="seconds per event", ylabel="TrackML score; ★ published"
    )
    yield _titled(found, figure)


def _series(found: Found) -> dict[str, list[Measured]]:
    series: dict[str, list[Measured]] = {}
    for one in found.measured:
        if one.line.series:
            series.setdefault(one.line.series, []).append(one)
    return series


def _record_of(points: list[Measured]) -> Record | None:
    return next((one.records[0] for one in points if one.taken), None)


def _canvas() -> tuple[Figure, Axes]:
    figure = Figure(figsize=(9, 5), layout="constrained")
    return figure, figure.subplots()


def _titled(found: Found, figure: Figure) -> tuple[str, Figure]:
    figure.suptitle(found.figure.title)
    if (
        len(figure.axes) == 1
        and not figure.legends
        and figure.axes[0].get_legend_handles_labels()[0]
    ):
        figure.legend(loc="outside right center", fontsize=7.5)
    return found.figure.name, figure
