"""Plots against bucket size and against swept parameters."""

from collections.abc import Iterator, Sequence
from operator import attrgetter

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from nearhit.parameter import Value as Setting
from nearhit.records.row import Row

from .drawing import Named, Value, beside, draw_by, plain_ticks
from .section import Section
from .tables import Table


def bucket_sizes(section: Section) -> Iterator[Named]:
    """Purity and efficiency against bucket size, by library and by metric."""
    rows = [
        row
        for table in section.tables
        for row in _judged(table)
        if row.index in section.main_indexes and not row.queries
    ]
    most = max((row.threads for row in rows), default=0)
    rows = [row for row in rows if row.threads == most]
    angular = [row for row in rows if row.metric == "angular"]
    exact = [row for row in rows if row.library == "scipy-kdtree"]
    for name, chosen, key, about in (
        ("bucket-size-by-library", angular, "library", "angular, default parameters"),
        ("bucket-size-by-metric", exact, "metric", "exact search by scipy-kdtree"),
    ):
        if len({row.bucket_size for row in chosen}) > 1:
            across = (attrgetter("bucket_size"), "bucket size")
            figure = _pair(chosen, key, across, ("bucket_purity", "particle_efficiency"))
            figure.suptitle(f"{section.title_over(chosen)}\n{about}")
            yield name, figure


def sweeps(section: Section) -> Iterator[Named]:
    """Throughput and efficiency against the parameter that trades one for the other."""
    for table in section.tables:
        for library, parameter, settings in _swept(table, section):
            figures = ("queries_per_second", "particle_efficiency")
            across = (settings.__getitem__, parameter.replace("_", " "))
            figure = _pair(list(settings), "library", across, figures)
            figure.suptitle(f"{section.title_over(settings)}\n{library}, {table.title}")
            yield f"dial-{library}-{parameter}-{table.slug}", figure


def leading_sizes(section: Section) -> Iterator[Named]:
    """How many buckets have a leading particle of how many hits, by exact search."""
    by_size = {
        row.bucket_size: row
        for row in section.of_buckets
        if (row.library, row.metric, row.queries) == ("scipy-kdtree", "angular", None)
        and row.record.quality
        and row.record.quality.leading_sizes
    }
    if not by_size:
        return
    figure = Figure(figsize=(4.5 * len(by_size), 3.6), layout="constrained")
    panels = figure.subplots(1, len(by_size), squeeze=False)[0]
    for axes, (size, row) in zip(panels, sorted(by_size.items()), strict=True):
        counts = row.record.quality.leading_sizes if row.record.quality else ()
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.bar(range(len(counts)), counts, color="C0")
        axes.set(
            title=f"buckets of {size}, mean {row.leading_particle_size:.2f}",
            xlabel="hits of the leading particle",
            ylabel="buckets",
        )
    title = section.title_over(by_size.values())
    figure.suptitle(f"{title}\nangular, exact search; noise is never leading")
    yield "leading-size", figure


def _pair(
    rows: Sequence[Row], key: str, across: tuple[Value, str], figures: tuple[str, str]
) -> Figure:
    """Draw two figures side by side against one axis, a line for each value of the key."""
    figure = Figure(figsize=(9, 3.8), layout="constrained")
    panels = figure.subplots(1, 2)
    places = set(map(across[0], rows))
    for axes, name in zip(panels, figures, strict=True):
        draw_by(axes, rows, key, across[0], attrgetter(name), lines=True)
        axes.set(xlabel=across[1], ylabel=name.replace("_", " "))
        if min(places) > 0:
            axes.set_xscale("log")
            plain_ticks(axes, places)
        if name != "queries_per_second":
            axes.set_ylim(0, 1.1 * max(getattr(row, name) for row in rows))
    beside(figure, panels[0])
    return figure


def _swept(table: Table, section: Section) -> Iterator[tuple[str, str, dict[Row, Setting]]]:
    """Yield library, parameter and its value in rows, where it alone takes several values."""
    rows = _judged(table)
    for library in sorted({row.library for row in rows}):
        settings = {row: section.parameters[row.index] for row in rows if row.library == library}
        first = next(iter(settings.values()))
        varied = [key for key in first if len({one[key] for one in settings.values()}) > 1]
        if len(varied) == 1:
            yield library, varied[0], {row: one[varied[0]] for row, one in settings.items()}


def _judged(table: Table) -> list[Row]:
    return [row for row in table.rows if row.particle_efficiency is not None]
