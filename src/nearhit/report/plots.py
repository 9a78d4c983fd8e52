"""The plots of a section, each a PNG and an SVG file; the same records give the same files."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, MaxNLocator, NullFormatter, StrMethodFormatter

from nearhit.errors import BadInputError
from nearhit.records.row import Row, row_of

from .growth import GrowthTable
from .matrices import apart_only_in, compares_dimensions, dimensions_of
from .notes import stale_share
from .section import Section, Table
from .track_plots import track_front
from .track_profiles import found_sizes, track_profiles

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
_SPECIFICS = re.compile(r"\([^()]*\)")  # parameters, in a name
_EXACT = 1e-7  # where 1 - recall is drawn that is 0

Named = tuple[str, Figure]


def draw_plots(section: Section, folder: Path) -> list[Path]:
    """Draw what the records of a section allow and return the PNG files."""
    return save_figures(lambda: _figures(section), folder)


def draw_growth(tables: Sequence[GrowthTable], folder: Path) -> list[Path]:
    """Draw seconds per event against the number of hits, one plot a table; return the PNG files."""
    return save_figures(lambda: map(_growth, tables), folder)


def _growth(table: GrowthTable) -> Named:
    figure = Figure(figsize=(8, 5), layout="constrained")
    axes = figure.subplots()
    for place, growth in enumerate(table.growths):
        x, y = _series(growth.rows, "n_hits", "seconds_per_event")
        style = f"{_MARKERS[place % len(_MARKERS)]}-"
        fitted = growth.exponents[0]
        exponent = "" if fitted is None else f": exponent {fitted[0]:.2f}"
        label = f"{_SPECIFICS.sub('', growth.name)}{exponent}"
        axes.plot(x, y, style, color=f"C{place % 10}", label=label, alpha=0.8, linewidth=1)
    axes.set(
        xscale="log",
        yscale="log",
        xlabel="hits in the event",
        ylabel="seconds per event",
    )
    # Over the figure, as the legend beside the axes leaves them too narrow for it.
    stale = stale_share(row for growth in table.growths for row in growth.rows)
    figure.suptitle(f"{table.title.partition(';')[0]}{stale}", fontsize="medium")
    figure.legend(loc="outside right center")
    return table.slug, figure


def save_figures(draw: Callable[[], Iterable[Named]], folder: Path) -> list[Path]:
    """Save figures that are drawn in one style, each as PNG and SVG, and return the PNG files.

    Raises:
        BadInputError: the folder cannot be written.
    """
    files = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with mpl.rc_context(_STYLE):
            for name, figure in draw():
                figure.savefig(folder / f"{name}.svg", metadata={"Date": None})
                figure.set_layout_engine("none")  # the first drawing has laid it out
                figure.savefig(folder / f"{name}.png", metadata={"Software": None})
                files.append(folder / f"{name}.png")
    except OSError as error:
        raise BadInputError(
            f"{folder} cannot be written ({error.strerror}): choose another folder."
        ) from error
    return files


def _figures(section: Section) -> Iterator[Named]:
    for drawing in _DRAWINGS:
        yield from drawing(section)


def front(section: Section) -> Iterator[Named]:
    """Efficiency against seconds per event, with the front drawn and named."""
    for table in _default_questions(section):
        rows = _judged(table)
        if len(rows) < 2:  # noqa: PLR2004 - a front needs company
            continue
        figure, axes = _against_seconds(rows, "particle_efficiency")
        x, y = _series(table.front, "seconds_per_event", "particle_efficiency")
        axes.step(x, y, "k-", where="post", linewidth=1, alpha=0.6, zorder=0)
        for place, row in enumerate(table.front):
            _name(axes, row, section.short_names[row["index"]], place)
        axes.set(
            ylabel="particle efficiency",
            title=f"{section.title_over(rows)}\n{table.title}; the line is the front",
        )
        yield f"front-{table.slug}", figure


def recall_front(section: Section) -> Iterator[Named]:
    """What recall costs: the share of neighbours that is missed against seconds per event."""
    for table in _default_questions(section):
        rows = [
            row | {"missed": max(1 - row["recall"], _EXACT)}
            for row in table.rows
            if row["recall"] is not None
        ]
        if len(rows) < 2:  # noqa: PLR2004 - as above
            continue
        figure, axes = _against_seconds(rows, "missed")
        axes.axhline(_EXACT, color="k", linewidth=0.8, alpha=0.5)
        axes.set(
            yscale="log",
            ylabel=f"1 - recall; exact answers stand at {_EXACT:g}",
            title=f"{section.title_over(rows)}\n{table.title}; left and up is better",
        )
        axes.invert_yaxis()
        yield f"recall-{table.slug}", figure


def _default_questions(section: Section) -> Iterator[Table]:
    """Yield the tables of whole events in the default metric."""
    yield from (
        table for table in section.tables if not table.queries and table.metric == "angular"
    )


def _against_seconds(rows: list[Row], along: str) -> tuple[Figure, Axes]:
    """Draw a figure against seconds per event, a marker for each library."""
    figure = Figure(figsize=(8, 5), layout="constrained")
    axes = figure.subplots()
    for color, marker, name, points in _by(rows, "library"):
        x, y = _series(points, "seconds_per_event", along)
        axes.plot(x, y, marker, color=color, label=name, alpha=0.8)
    axes.set(xscale="log", xlabel="seconds per event (project + build + query of all hits)")
    _plain_ticks(axes)
    figure.legend(loc="outside right center")
    return figure, axes


def by_dimension(section: Section) -> Iterator[Named]:
    """Seconds per event against the number of dimensions."""
    tables = [table for table in section.tables if table.queries and table.batch is None]
    rows = [
        row | {"dimensions": dimensions_of(row["metric"])}
        for table in tables
        for row in table.rows
        if row["seconds_per_event"] and compares_dimensions(row["metric"])
    ]
    if len({row["dimensions"] for row in rows}) < 2:  # noqa: PLR2004 - a line needs two points
        return
    about = "default settings; recall differs, see the table"
    figure = _lines(rows, ("dimensions", "dimensions"), ("seconds_per_event", "seconds per event"))
    figure.axes[0].set_title(f"{section.title_over(rows)}\n{about}")
    yield "dimensions", figure


def by_batch(section: Section) -> Iterator[Named]:
    """Queries per second against how many are asked for in one call."""
    for tables in apart_only_in("batch", section.tables):
        rows = [
            row | {"asked": row["batch"] or row["n_queries"]}
            for table in tables
            for row in table.rows
            if row["queries_per_second"]
        ]
        if len({row["asked"] for row in rows}) < 2:  # noqa: PLR2004 - as above
            continue
        speed = ("queries_per_second", "queries per second")
        figure = _lines(rows, ("asked", "hits asked for in one call"), speed)
        at_once = replace(tables[0], batch=None)
        figure.axes[0].set_title(f"{section.title_over(rows)}\n{at_once.title}")
        yield f"batches-{at_once.slug}", figure


def _lines(rows: list[Row], across: tuple[str, str], along: tuple[str, str]) -> Figure:
    """Draw a line for each library; axes are a column each and what it is called."""
    figure = Figure(figsize=(8, 5), layout="constrained")
    axes = figure.subplots()
    for color, marker, name, points in _by(rows, "library"):
        ordered = sorted(points, key=lambda row: row[across[0]])
        x, y = _series(ordered, across[0], along[0])
        axes.plot(x, y, f"{marker}-", color=color, label=name, alpha=0.8, linewidth=1)
    axes.set(xscale="log", yscale="log", xlabel=across[1], ylabel=along[1])
    _plain_ticks(axes, sorted({row[across[0]] for row in rows}))
    figure.legend(loc="outside right center")
    return figure


def _name(axes: Axes, row: Row, name: str, place: int) -> None:
    axes.annotate(
        name,
        (row["seconds_per_event"], row["particle_efficiency"]),
        xytext=(8, -14 - 12 * (place % 4)),
        textcoords="offset points",
        fontsize=7.5,
        arrowprops={"arrowstyle": "-", "linewidth": 0.5, "alpha": 0.5},
    )


def bucket_sizes(section: Section) -> Iterator[Named]:
    """Purity and efficiency against bucket size, by library and by metric."""
    rows = [row for table in section.tables for row in _judged(table)]
    rows = [row for row in rows if row["index"] in section.main_indexes and not row["queries"]]
    most = max((row["threads"] for row in rows), default=0)
    rows = [row for row in rows if row["threads"] == most]
    angular = [row for row in rows if row["metric"] == "angular"]
    exact = [row for row in rows if row["library"] == "scipy-kdtree"]
    for name, chosen, key, about in (
        ("bucket-size-by-library", angular, "library", "angular, default parameters"),
        ("bucket-size-by-metric", exact, "metric", "exact search by scipy-kdtree"),
    ):
        if len({row["bucket_size"] for row in chosen}) > 1:
            figure = _pair(chosen, key, "bucket_size", ("bucket_purity", "particle_efficiency"))
            figure.suptitle(f"{section.title_over(chosen)}\n{about}")
            yield name, figure


def dials(section: Section) -> Iterator[Named]:
    """Throughput and efficiency against the parameter that trades one for the other."""
    for table in section.tables:
        for library, parameter, rows in _swept(table, section):
            figures = ("queries_per_second", "particle_efficiency")
            figure = _pair(rows, "library", parameter, figures)
            figure.suptitle(f"{section.title_over(rows)}\n{library}, {table.title}")
            yield f"dial-{library}-{parameter}-{table.slug}", figure


def leading_sizes(section: Section) -> Iterator[Named]:
    """How many buckets have a leading particle of how many hits, by exact search."""
    chosen = [
        record
        for record in section.records
        if record.quality
        and record.quality.leading_sizes
        and record.cell.index.name == "scipy-kdtree"
        and record.cell.metric == "angular"
        and record.cell.queries is None
    ]
    by_size = {record.cell.bucket_size: record for record in chosen}
    if not by_size:
        return
    figure = Figure(figsize=(4.5 * len(by_size), 3.6), layout="constrained")
    panels = figure.subplots(1, len(by_size), squeeze=False)[0]
    for axes, (size, record) in zip(panels, sorted(by_size.items()), strict=True):
        counts = record.quality.leading_sizes if record.quality else ()
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.bar(range(len(counts)), counts, color="C0")
        mean = row_of(record)["leading_particle_size"]
        axes.set(
            title=f"buckets of {size}, mean {mean:.2f}",
            xlabel="hits of the leading particle",
            ylabel="buckets",
        )
    title = section.title_over(map(section.row, by_size.values()))
    figure.suptitle(f"{title}\nangular, exact search; noise is never leading")
    yield "leading-size", figure


_DRAWINGS: tuple[Callable[[Section], Iterator[Named]], ...] = (
    front,
    recall_front,
    bucket_sizes,
    dials,
    by_dimension,
    by_batch,
    leading_sizes,
    track_front,
    track_profiles,
    found_sizes,
)


def _pair(rows: list[Row], key: str, across: str, figures: tuple[str, str]) -> Figure:
    """Draw two figures side by side against one axis, a line for each value of the key."""
    figure = Figure(figsize=(9, 3.8), layout="constrained")
    panels = figure.subplots(1, 2)
    for axes, name in zip(panels, figures, strict=True):
        for color, marker, label, points in _by(rows, key):
            x, y = _series(sorted(points, key=lambda row: row[across]), across, name)
            axes.plot(x, y, f"{marker}-", color=color, label=label, alpha=0.8)
        axes.set(xlabel=across.replace("_", " "), ylabel=name.replace("_", " "))
        if min(row[across] for row in rows) > 0:
            axes.set_xscale("log")
            _plain_ticks(axes, sorted({row[across] for row in rows}))
        if name != "queries_per_second":
            axes.set_ylim(0, 1.1 * max(row[name] for row in rows))
    handles, labels = panels[0].get_legend_handles_labels()
    if len(labels) > 1:
        figure.legend(handles, labels, loc="outside right center")
    return figure


def _swept(table: Table, section: Section) -> Iterator[tuple[str, str, list[Row]]]:
    """Yield library, parameter and rows wherever one parameter alone takes several values."""
    for _, _, library, rows in _by(_judged(table), "library"):
        settings = [section.parameters[row["index"]] for row in rows]
        varied = [key for key in settings[0] if len({one[key] for one in settings}) > 1]
        if len(varied) == 1:
            (key,) = varied
            with_value = [row | {key: one[key]} for row, one in zip(rows, settings, strict=True)]
            yield library, key, with_value


def _judged(table: Table) -> list[Row]:
    return [row for row in table.rows if row["particle_efficiency"] is not None]


def _by(rows: Sequence[Row], key: str) -> Iterator[tuple[str, str, str, list[Row]]]:
    """Yield a color, a marker, the name and the rows of every value of a key."""
    for place, name in enumerate(sorted({row[key] for row in rows})):
        points = [row for row in rows if row[key] == name]
        yield f"C{place % 10}", _MARKERS[place % len(_MARKERS)], name, points


def _series(rows: Iterable[Row], across: str, along: str) -> tuple[list[float], list[float]]:
    points = [(row[across], row[along]) for row in rows]
    return [x for x, _ in points], [y for _, y in points]


def _plain_ticks(axes: Axes, at: list[float] | None = None) -> None:
    """Write the ticks of a logarithmic axis as numbers, not as powers of ten."""
    if at:
        axes.set_xticks(at)
    else:
        axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    axes.xaxis.set_minor_formatter(NullFormatter())
