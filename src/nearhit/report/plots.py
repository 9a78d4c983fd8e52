"""The plots of a section and of growth."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Any

from nearhit.records.row import Row

from .chart import Axis, Chart, Panel, Series
from .growth import GrowthTable
from .matrices import apart_only_in, compares_dimensions, dimensions_of
from .notes import stale_share
from .row_chart import HITS, MANY, SECONDS, front_chart, track_chart
from .section import Section
from .sweeps import by_metric, leading_sizes, swept
from .tables import Table, file_name, question
from .track_profiles import found_sizes, track_profiles

_SPECIFICS = re.compile(r"\([^()]*\)")  # parameters, in a name
_EXACT = 1e-7  # where 1 - recall is drawn that is 0
_LOW = 0.9

Best = Callable[..., Any]
Point = Callable[[Row], tuple[Any, Any]]


def section_charts(section: Section) -> Iterator[Chart]:
    """Yield what the records of a section allow."""
    for charts in (fronts, track_fronts, found_sizes):
        yield from charts(section)
    yield from series_charts(section)


def series_charts(section: Section) -> Iterator[Chart]:
    """Yield those of series alone, which pages draw beside the fronts of their rows."""
    for charts in _SERIES:
        yield from charts(section)


def growth(table: GrowthTable) -> Chart:
    """Return seconds per event against the number of hits, with fitted exponents."""
    lines = {}
    for one in table.growths:
        fitted = one.exponents[0]
        exponent = "" if fitted is None else f": exponent\N{NO-BREAK SPACE}{fitted[0]:.2f}"
        lines[f"{_SPECIFICS.sub('', one.name)}{exponent}"] = one.rows
    title = f"{table.title.partition(';')[0]}{stale_share(table.every)}"
    point = attrgetter(HITS.key, SECONDS.key)
    return _lines(table.slug, title, (HITS.axis, SECONDS.axis), lines, point)


def fronts(section: Section) -> Iterator[Chart]:
    """Yield efficiency against seconds per event, with the Pareto front named."""
    for table in _default_questions(section):
        for chart in front_chart(table.rows):
            yield chart.drawn(
                f"front-{table.slug}",
                _title(section, table),
                table.rows,
                lambda row: section.short_names[row.index],
            )


def track_fronts(section: Section) -> Iterator[Chart]:
    """Yield TrackML score against seconds per event, with the Pareto front named."""
    for table in section.track_tables:
        for chart in track_chart(table.rows):
            yield chart.drawn(f"front-{table.slug}", _title(section, table), table.rows, _where)


def _where(row: Row) -> str:
    """Return what tells a pipeline from others: its tracker, and its buckets or parameters."""
    return (
        str(row.tracker) if row.cell.takes_whole_event else f"{row.tracker_name} in {_buckets(row)}"
    )


def _buckets(row: Row) -> str:
    return ", ".join(filter(None, (f"{row.bucket_size} of {row.library}", row.choices)))


def recalls(section: Section) -> Iterator[Chart]:
    """Yield the share of neighbours that is missed against seconds per event."""
    for table in _default_questions(section):
        rows = [row for row in table.rows if row.recall is not None]
        by_library = _grouped(rows, attrgetter("library"))
        series = tuple(
            Series.of(name, map(_missed, own), "points") for name, own in by_library.items()
        )
        if len(rows) > 1:
            missed = Axis(f"1 - recall; exact answers stand at {_EXACT:g}", log=True, down=True)
            panel = Panel(SECONDS.axis, missed, series)
            title = _title(section, table)
            yield Chart(f"recall-{table.slug}", title, (panel,), "Left and up is better.")


def _missed(row: Row) -> tuple[float, float]:
    return row.seconds_per_event or 0.0, max(1 - (row.recall or 0.0), _EXACT)


def _default_questions(section: Section) -> Iterator[Table]:
    """Yield the tables of whole events in the default metric."""
    for table in section.tables:
        if not table.cell.queries and table.cell.metric == "angular":
            yield table


def _title(section: Section, table: Table) -> str:
    return f"{section.title_over(table.rows)}: {table.title}"


def by_dimension(section: Section) -> Iterator[Chart]:
    """Yield seconds per event against the number of dimensions."""
    rows = [
        row
        for row in section.of_buckets
        if row.seconds_per_event
        and row.queries
        and row.batch is None
        and compares_dimensions(row.metric)
    ]
    yield from _by_library(
        ("dimensions", f"{section.title_over(rows)}: default settings"),
        ("dimensions", SECONDS.axis),
        rows,
        lambda row: (dimensions_of(row.metric), row.seconds_per_event),
    )


def by_batch(section: Section) -> Iterator[Chart]:
    """Yield queries per second against the number of queries in one call."""
    for tables in apart_only_in("batch", section.tables):
        asked = question(replace(tables[0].cell, batch=None))
        rows = [row for table in tables for row in table.rows if row.queries_per_second]
        sizes = {row.batch for row in rows}
        rows = [row for row in rows if row.batch or row.n_queries not in sizes]
        yield from _by_library(
            (f"batches-{file_name(asked)}", f"{section.title_over(rows)}: {asked}"),
            ("hits asked for in one call", Axis("queries per second", log=True)),
            rows,
            lambda row: (row.batch or row.n_queries, row.queries_per_second),
            best=max,
        )


def _by_library(
    names: tuple[str, str],
    axes: tuple[str, Axis],
    rows: Sequence[Row],
    point: Point,
    best: Best = min,
) -> Iterator[Chart]:
    """Yield a line for each library, if there are two points."""
    places = tuple(sorted({point(row)[0] for row in rows}))
    if len(places) > 1:
        across = Axis(axes[0], log=True, ticks=places)
        lines = _grouped(rows, attrgetter("library"))
        yield _lines(*names, (across, axes[1]), lines, point, best=best)


def _lines(  # noqa: PLR0913 - what is drawn
    name: str,
    title: str,
    axes: tuple[Axis, Axis],
    lines: Mapping[str, Sequence[Row]],
    point: Point,
    *,
    best: Best = min,
) -> Chart:
    """Draw lines named at their ends; of many, those that are the best somewhere in colour."""
    drawn = {key: sorted(rows, key=point) for key, rows in lines.items()}
    bright = _best_somewhere(drawn, point, best) if len(lines) > MANY else set(lines)
    series = tuple(
        Series.of(
            key,
            map(point, rows),
            "line",
            hollow=[row.recall is not None and row.recall < _LOW for row in rows],
            faint=key not in bright,
        )
        for key, rows in drawn.items()
    )
    low = any(any(one.hollow) for one in series)
    about = f"Hollow: recall below {_LOW}." if low else ""
    return Chart(name, title, (Panel(*axes, series),), about, ends=True, height=5)


def _best_somewhere(lines: Mapping[str, Sequence[Row]], point: Point, best: Best) -> set[str]:
    """Return the lines that are the best of those without low recall at any place."""
    at: dict[Any, list[tuple[Any, str]]] = {}
    for key, rows in lines.items():
        for row in rows:
            if row.recall is None or row.recall >= _LOW:
                across, along = point(row)
                at.setdefault(across, []).append((along, key))
    return {best(found)[1] for found in at.values()}


def _grouped(rows: Sequence[Row], key: Callable[[Row], str]) -> dict[str, list[Row]]:
    return {name: [row for row in rows if key(row) == name] for name in sorted(set(map(key, rows)))}


_SERIES: tuple[Callable[[Section], Iterator[Chart]], ...] = (
    recalls,
    by_metric,
    swept,
    by_dimension,
    by_batch,
    leading_sizes,
    track_profiles,
)
