"""The plots of a section and of growth, each a PNG and an SVG file."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from operator import attrgetter
from pathlib import Path

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from nearhit.parameter import Value as Setting
from nearhit.records.row import Row

from .drawing import (
    Named,
    Value,
    beside,
    draw_by,
    draw_front,
    draw_points,
    one_panel,
    plain_ticks,
    save_figures,
)
from .growth import GrowthTable
from .matrices import apart_only_in, compares_dimensions, dimensions_of
from .notes import stale_share
from .section import Section
from .tables import Table, file_name, question
from .track_plots import track_front
from .track_profiles import found_sizes, track_profiles

_SPECIFICS = re.compile(r"\([^()]*\)")  # parameters, in a name
_EXACT = 1e-7  # where 1 - recall is drawn that is 0

_SECONDS, _RATE = attrgetter("seconds_per_event"), attrgetter("queries_per_second")
_EFFICIENCY = attrgetter("particle_efficiency")


def draw_plots(section: Section, folder: Path) -> list[Path]:
    """Draw what the records of a section allow and return the PNG files."""
    return save_figures(lambda: (one for draw in _DRAWINGS for one in draw(section)), folder)


def draw_growth(tables: Sequence[GrowthTable], folder: Path) -> list[Path]:
    """Draw seconds per event against the number of hits, one plot a table; return the PNG files."""
    return save_figures(lambda: map(_growth, tables), folder)


def _growth(table: GrowthTable) -> Named:
    figure, axes = one_panel()
    for place, growth in enumerate(table.growths):
        fitted = growth.exponents[0]
        exponent = "" if fitted is None else f": exponent {fitted[0]:.2f}"
        points = [(row.n_hits, row.seconds_per_event or 0.0) for row in growth.rows]
        draw_points(axes, points, place, f"{_SPECIFICS.sub('', growth.name)}{exponent}", "-")
    axes.set(xscale="log", yscale="log", xlabel="hits in the event", ylabel="seconds per event")
    # Over the figure, as the legend beside the axes leaves them too narrow for it.
    stale = stale_share(table.every)
    figure.suptitle(f"{table.title.partition(';')[0]}{stale}", fontsize="medium")
    figure.legend(loc="outside right center")
    return table.slug, figure


def front(section: Section) -> Iterator[Named]:
    """Efficiency against seconds per event, with the Pareto front drawn and named."""
    for table, rows in _default_questions(section, "particle_efficiency"):
        figure = _against_seconds(rows, _EFFICIENCY)
        (axes,) = figure.axes
        draw_front(axes, table.front, _EFFICIENCY)
        for place, row in enumerate(table.front):
            axes.annotate(
                section.short_names[row.index],
                (_SECONDS(row), _EFFICIENCY(row)),
                xytext=(8, -14 - 12 * (place % 4)),
                textcoords="offset points",
                fontsize=7.5,
                arrowprops={"arrowstyle": "-", "linewidth": 0.5, "alpha": 0.5},
            )
        about = f"{table.title}; the line is the Pareto front"
        axes.set(ylabel="particle efficiency", title=f"{section.title_over(rows)}\n{about}")
        yield f"front-{table.slug}", figure


def recall_front(section: Section) -> Iterator[Named]:
    """What recall costs: the share of neighbours that is missed against seconds per event."""
    for table, rows in _default_questions(section, "recall"):
        figure = _against_seconds(rows, lambda row: max(1 - (row.recall or 0), _EXACT))
        (axes,) = figure.axes
        axes.axhline(_EXACT, color="k", linewidth=0.8, alpha=0.5)
        axes.set(
            yscale="log",
            ylabel=f"1 - recall; exact answers stand at {_EXACT:g}",
            title=f"{section.title_over(rows)}\n{table.title}; left and up is better",
        )
        axes.invert_yaxis()
        yield f"recall-{table.slug}", figure


def _default_questions(section: Section, figure: str) -> Iterator[tuple[Table, list[Row]]]:
    """Yield the tables of whole events in the default metric, with the rows that have a figure."""
    for table in section.tables:
        rows = [row for row in table.rows if getattr(row, figure) is not None]
        if not table.cell.queries and table.cell.metric == "angular" and len(rows) > 1:
            yield table, rows


def _against_seconds(rows: Sequence[Row], along: Value) -> Figure:
    """Draw a figure against seconds per event, a marker for each library."""
    figure, axes = one_panel()
    draw_by(axes, rows, "library", _SECONDS, along, lines=False)
    axes.set(xscale="log", xlabel="seconds per event (project + build + query of all hits)")
    plain_ticks(axes)
    figure.legend(loc="outside right center")
    return figure


def by_dimension(section: Section) -> Iterator[Named]:
    """Seconds per event against the number of dimensions."""
    rows = [
        row
        for row in section.of_buckets
        if row.seconds_per_event
        and row.queries
        and row.batch is None
        and compares_dimensions(row.metric)
    ]
    about = "default settings; recall differs, see the table"
    yield from _lines(
        section,
        rows,
        "dimensions",
        (lambda row: dimensions_of(row.metric), "dimensions"),
        (_SECONDS, "seconds per event"),
        about,
    )


def by_batch(section: Section) -> Iterator[Named]:
    """Queries per second against how many are asked for in one call."""
    for tables in apart_only_in("batch", section.tables):
        title = question(replace(tables[0].cell, batch=None))
        yield from _lines(
            section,
            [row for table in tables for row in table.rows if row.queries_per_second],
            f"batches-{file_name(title)}",
            (lambda row: row.batch or row.n_queries, "hits asked for in one call"),
            (_RATE, "queries per second"),
            title,
        )


def _lines(  # noqa: PLR0913, PLR0917 - what is drawn
    section: Section,
    rows: Sequence[Row],
    name: str,
    across: tuple[Value, str],
    along: tuple[Value, str],
    about: str,
) -> Iterator[Named]:
    """Draw a line for each library, if there are two points; axes are a value and its label."""
    places = set(map(across[0], rows))
    if len(places) > 1:
        figure, axes = one_panel()
        draw_by(axes, rows, "library", across[0], along[0], lines=True)
        axes.set(xscale="log", yscale="log", xlabel=across[1], ylabel=along[1])
        axes.set_title(f"{section.title_over(rows)}\n{about}")
        plain_ticks(axes, places)
        figure.legend(loc="outside right center")
        yield name, figure


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


_DRAWINGS: tuple[Callable[[Section], Iterator[Named]], ...] = (
    front,
    recall_front,
    bucket_sizes,
    sweeps,
    by_dimension,
    by_batch,
    leading_sizes,
    track_front,
    track_profiles,
    found_sizes,
)


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
