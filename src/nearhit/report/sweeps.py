"""Plots of quality by bucket size, by swept parameters, and by size of the leading particle."""

from collections.abc import Callable, Iterator, Sequence
from operator import attrgetter
from typing import Any

from nearhit.records.row import Row

from .chart import Axis, Chart, Panel, Series
from .pareto import pareto_front
from .row_chart import SECONDS
from .section import Section
from .speed_bars import exact_efficiency
from .tables import Table

_FIGURES = {"bucket_purity": "bucket purity", "particle_efficiency": "particle efficiency"}

_NONE_LOST = 1e-4
"""Where a loss of efficiency is drawn that is none, or too small to be told."""


def by_metric(section: Section) -> Iterator[Chart]:
    """Yield purity and efficiency of exact buckets against their size, by metric."""
    most = max((row.threads for row in section.of_buckets), default=0)
    rows = [
        row
        for table in section.tables
        for row in _judged(table)
        if (row.library, row.threads, row.queries) == ("scipy-kdtree", most, None)
    ]
    sizes = tuple(sorted({row.bucket_size for row in rows}))
    if len(sizes) > 1:
        across = Axis("bucket size", log=True, ticks=sizes)
        panels = tuple(
            Panel(
                across,
                Axis(label, limits=(0, None)),
                _by_metric(rows, attrgetter("bucket_size", figure)),
            )
            for figure, label in _FIGURES.items()
        )
        title = f"{section.title_over(rows)}: exact search by scipy-kdtree"
        yield Chart("bucket-size-by-metric", title, panels, height=3.8)


def _by_metric(rows: Sequence[Row], point: Callable[[Row], Any]) -> tuple[Series, ...]:
    return tuple(
        Series.of(metric, sorted(point(row) for row in rows if row.metric == metric), "line")
        for metric in sorted({row.metric for row in rows})
    )


def swept(section: Section) -> Iterator[Chart]:
    """Yield the efficiency that settings lose against their seconds, a line for each library.

    Settings that are one are one point: of the same efficiency the fastest alone is on a front.
    """
    for table in section.tables:
        rows = [row for row in _judged(table) if row.seconds_per_event]
        series = tuple(_settings(rows))
        if series and len(rows) > len({row.library for row in rows}):
            lost = Axis("share of the efficiency of exact search that is lost", log=True, down=True)
            about = f"The settings of each library on its own Pareto front; no loss: {_NONE_LOST}."
            title = f"{section.title_over(rows)}: {table.title}"
            panel = Panel(SECONDS.axis, lost, series)
            yield Chart(f"settings-{table.slug}", title, (panel,), about, height=5)


def _settings(rows: Sequence[Row]) -> Iterator[Series]:
    best = exact_efficiency(rows)
    for library in sorted({row.library for row in rows if best}):
        own = pareto_front(
            (row for row in rows if row.library == library), SECONDS.key, "particle_efficiency"
        )
        seconds = [row.seconds_per_event or 0.0 for row in own]
        lost = [max(1 - (row.particle_efficiency or 0.0) / best, _NONE_LOST) for row in own]
        yield Series(library, seconds, lost, "line", text=[library, *[""] * (len(own) - 1)])


def leading_sizes(section: Section) -> Iterator[Chart]:
    """Yield how many buckets have a leading particle of how many hits, by exact search."""
    by_size = {
        row.bucket_size: row
        for row in section.of_buckets
        if (row.library, row.metric, row.queries) == ("scipy-kdtree", "angular", None)
        and row.record.quality
        and row.record.quality.leading_sizes
    }
    panels = tuple(_leading(size, row) for size, row in sorted(by_size.items()))
    if panels:
        title = f"{section.title_over(by_size.values())}: angular, exact search"
        yield Chart("leading-size", title, panels, "Noise is never leading.", height=3.8)


def _leading(size: int, row: Row) -> Panel:
    counts = row.record.quality.leading_sizes if row.record.quality else ()
    edges = [place - 0.5 for place in range(len(counts) + 1)]
    return Panel(
        Axis("hits of the leading particle", limits=(0, None)),
        Axis("buckets", limits=(0, None)),
        (Series("exact search", edges, counts, "stairs"),),
        title=f"buckets of {size}, mean {row.leading_particle_size:.2f}",
    )


def _judged(table: Table) -> list[Row]:
    return [row for row in table.rows if row.particle_efficiency is not None]
