"""The plots of a section and of growth, each a PNG and an SVG file."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from operator import attrgetter
from pathlib import Path

from matplotlib.figure import Figure

from nearhit.records.row import Row

from .drawing import (
    Named,
    Value,
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
from .sweeps import bucket_sizes, leading_sizes, sweeps
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
    return save_figures(lambda: map(growth, tables), folder)


def growth(table: GrowthTable) -> Named:
    """Seconds per event against the number of hits, with fitted exponents."""
    figure, axes = one_panel()
    for place, one in enumerate(table.growths):
        fitted = one.exponents[0]
        exponent = "" if fitted is None else f": exponent {fitted[0]:.2f}"
        points = [(row.n_hits, row.seconds_per_event or 0.0) for row in one.rows]
        draw_points(axes, points, place, f"{_SPECIFICS.sub('', one.name)}{exponent}", "-")
    axes.set(xscale="log", yscale="log", xlabel="hits in the event", ylabel="seconds per event")
    # Over the figure, as the legend beside the axes leaves them too narrow for it.
    stale = stale_share(table.every)
    figure.suptitle(f"{table.title.partition(';')[0]}{stale}", fontsize="medium")
    figure.legend(loc="outside right center")
    return table.slug, figure


def front(section: Section) -> Iterator[Named]:
    """Draw efficiency against seconds per event, with the Pareto front named."""
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
    """Draw the share of neighbours that is missed against seconds per event."""
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
    """Draw seconds per event against the number of dimensions."""
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
    """Draw queries per second against the number of queries in one call."""
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
