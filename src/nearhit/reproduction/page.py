"""Page, summary table and JSON of figures beside their measured values."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from nearhit.cells.markdown import without_html
from nearhit.cells.status import in_one_line
from nearhit.cells.words import cell_in_words
from nearhit.errors import BadInputError
from nearhit.records.record import Record
from nearhit.records.row import row_of
from nearhit.report.drawing import save_charts
from nearhit.report.markdown import grid

from .charts import figure_charts
from .evidence import Evidence, FigureResult, LineResult
from .figure import Line

HEADS = ("figure", "published", "measured", "same conditions?")

_INTRODUCTION = """# Published figures, measured again

Made by `nearhit reproduce` from records alone: every measured number is in one of them, and below
each figure stand their identities. Machine {machine}; "the event asked for" is {event}. Of repeated
passes the median (least–most) is shown. What is published is in
`nearhit/reproduction/published.toml`, with its source.

"""


def write_page(results: Sequence[FigureResult], evidence: Evidence, folder: Path) -> Path:
    """Write README.md and a plot of each figure that has one; return the page.

    Raises:
        BadInputError: the folder cannot be written.
    """
    charts = (chart for one in results for chart in figure_charts(one))
    plots = save_charts(charts, folder / "plots")
    names = {plot.stem: plot.relative_to(folder).as_posix() for plot in plots}
    page = folder / "README.md"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        page.write_text(page_text(results, evidence, names), encoding="utf-8")
    except OSError as error:
        raise BadInputError(f"{page} cannot be written ({error.strerror}).") from error
    return page


def page_text(results: Sequence[FigureResult], evidence: Evidence, plots: Mapping[str, str]) -> str:
    """Return the page as Markdown.

    Args:
        results: figures in order.
        evidence: their records.
        plots: paths of plots relative to the page, by name of the figure.
    """
    about = _INTRODUCTION.format(machine=evidence.machine, event=evidence.asked.name)
    parts = [about, grid(HEADS, summary(results)), ""]
    for one in results:
        parts += _section(one, plots.get(one.figure.name), evidence.asked.source)
    return without_html("\n".join(parts))


def summary(results: Sequence[FigureResult]) -> list[list[str]]:
    """Return a row for each figure: title, published, measured, whether conditions are the same."""
    return [_summary(one) for one in results]


def _summary(result: FigureResult) -> list[str]:
    figure = result.figure
    if figure.later:
        return [figure.title, figure.says, f"not measured: {figure.later}", figure.same]
    first = result.lines[0]
    told = f"{figure.title}: {first.line.what}"
    return [told, published(first.line), measured(first), f"{figure.same}: {figure.differs}"]


def published(line: Line) -> str:
    """Return the published number with its unit; empty if there is none."""
    if line.published is None:
        return ""
    return f"{line.published_as or format(line.published, line.form)} {line.unit}".strip()


def measured(result: LineResult) -> str:
    """Return the measured value with spread and unit, or why there is none."""
    if result.value is None:
        return f"– ({in_one_line(result.reason)})"
    value, low, high = result.value
    form, unit = result.line.form, result.line.unit
    spread = "" if low is None else f" ({low:{form}}–{high:{form}})"
    return f"{value:{form}}{spread} {unit}".strip()


def how_to_measure(result: FigureResult, source: str) -> str:
    """Return the command that measures what a figure lacks."""
    event = "" if source == "bundled" else f"{source} "
    return f"nearhit reproduce {event}--only {result.figure.name} --measure"


def _section(result: FigureResult, plot: str | None, source: str) -> Iterator[str]:
    figure = result.figure
    yield f"\n## {figure.title}\n"
    if figure.later:
        yield f"Source: {figure.source.title}. Not measured: {figure.later}\n"
        return
    yield f"Source: {figure.source.title}: {figure.source.conditions}.\n"
    yield f"Same conditions? **{figure.same}**: {figure.differs}. {figure.note}".strip() + "\n"
    if plot:
        yield f"![{figure.name}]({plot})\n"
    rows = [(one.line.what, published(one.line), measured(one)) for one in result.lines]
    yield grid(("", "published", "measured"), rows)
    yield ""
    if result.missing:
        yield f"Lines without a record are measured by `{how_to_measure(result, source)}`.\n"
    yield from (f"* {_evidence(record)}" for record in result.records)


def _evidence(record: Record) -> str:
    """Return the origin of a number."""
    cell, origin = record.cell, record.provenance
    library = origin.versions.get(origin.package, "")
    return (
        f"`{record.identity}`: {cell_in_words(cell)} on {cell.event} ({record.n_hits:,} hits, "
        f"{cell.event_digest}); {origin.package} {library}, {origin.machine.cpu}, "
        f"{origin.machine.cores} cores, commit {origin.commit}, "
        f"{origin.started[:16].replace('T', ' ')} UTC"
    )


def in_json(results: Sequence[FigureResult], evidence: Evidence) -> dict[str, Any]:
    """Return everything for programs."""
    return {
        "machine": evidence.machine,
        "event": evidence.asked.name,
        "figures": [_figure_json(one, evidence.asked.source) for one in results],
    }


def _figure_json(result: FigureResult, source: str) -> dict[str, Any]:
    figure = result.figure
    return {
        "name": figure.name,
        "title": figure.title,
        "source": figure.source.title,
        "published_conditions": figure.source.conditions,
        "same_conditions": figure.same,
        "differs": figure.differs,
        "note": figure.note,
        "later": figure.later,
        "how_to_measure": how_to_measure(result, source) if result.missing else None,
        "lines": [_line_json(one) for one in result.lines],
    }


def _line_json(result: LineResult) -> dict[str, Any]:
    value, low, high = result.value or (None, None, None)
    return {
        "what": result.line.what,
        "unit": result.line.unit,
        "published": result.line.published,
        "published_as": result.line.published_as,
        "measured": value,
        "low": low,
        "high": high,
        "why_not": result.reason,
        "measured_by_measuring": bool(result.missing),
        "records": [_record_json(record) for record in result.records],
    }


def _record_json(record: Record) -> dict[str, Any]:
    row = row_of(record)
    keys = ("event", "n_hits", "event_origin", "machine", "commit", "library_version", "started")
    return {"identity": record.identity} | {key: getattr(row, key) for key in keys}
