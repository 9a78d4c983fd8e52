"""The page of reproductions, the table above it, and the same for programs."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from nearhit.cells.status import in_one_line
from nearhit.errors import BadInputError
from nearhit.records.record import Record
from nearhit.records.row import Row, row_of
from nearhit.report.markdown import grid
from nearhit.report.plots import save_figures

from .evidence import Evidence
from .figure import Found, Line, Measured

HEADS = ("figure", "published", "measured", "same conditions?")

_INTRODUCTION = """# Published figures, measured again

Made by `nearhit reproduce` from records alone: every measured number is in one of them, and below
each figure stand their identities. Machine {machine}; "the event asked for" is {event}. Of repeated
passes the median (least–most) is shown. What is published is in `nearhit.reproduction.published`,
with its source.

"""


def write_page(found: Sequence[Found], evidence: Evidence, folder: Path) -> Path:
    """Write README.md and a plot of each figure that has one; return the page.

    Raises:
        BadInputError: the folder cannot be written.
    """
    plots = save_figures(lambda: (one for each in found for one in _drawn(each)), folder / "plots")
    names = {plot.stem: plot.relative_to(folder).as_posix() for plot in plots}
    page = folder / "README.md"
    try:
        page.write_text(page_text(found, evidence, names), encoding="utf-8")
    except OSError as error:
        raise BadInputError(f"{page} cannot be written ({error.strerror}).") from error
    return page


def page_text(found: Sequence[Found], evidence: Evidence, plots: Mapping[str, str]) -> str:
    """Return the page as Markdown.

    Args:
        found: figures in order.
        evidence: what they were taken from.
        plots: paths of plots relative to the page, by name of the figure.
    """
    about = _INTRODUCTION.format(machine=evidence.machine, event=evidence.asked.name)
    parts = [about, grid(HEADS, summary(found)), ""]
    for one in found:
        parts += _section(one, plots.get(one.figure.name), evidence.asked.source)
    return "\n".join(parts)


def summary(found: Sequence[Found]) -> list[list[str]]:
    """Return a row for each figure: title, published, measured, whether conditions are the same."""
    return [_summary(one) for one in found]


def _summary(found: Found) -> list[str]:
    figure = found.figure
    if figure.later:
        return [figure.title, figure.says, f"not measured: {figure.later}", figure.same]
    first = found.measured[0]
    told = f"{figure.title}: {first.line.what}"
    return [told, published(first.line), measured(first), f"{figure.same}: {figure.differs}"]


def published(line: Line) -> str:
    """Return what the source says, with its unit."""
    number = "" if line.published is None else format(line.published, line.form)
    return (
        f"{line.published_as or number} {line.unit}".strip() if line.published_as or number else ""
    )


def measured(one: Measured) -> str:
    """Return what was measured, with its spread and unit, or why nothing was."""
    if one.taken is None:
        return f"– ({in_one_line(one.why)})"
    form, taken = one.line.form, one.taken
    told = format(taken.value, form)
    if taken.low is not None and taken.high is not None:
        told += f" ({taken.low:{form}}–{taken.high:{form}})"
    return f"{told} {one.line.unit}".strip()


def how_to_measure(found: Found, source: str) -> str:
    """Return the command that measures what a figure lacks."""
    event = "" if source == "bundled" else f"{source} "
    return f"nearhit reproduce {event}--only {found.figure.name} --measure"


def _section(found: Found, plot: str | None, source: str) -> Iterator[str]:
    figure = found.figure
    yield f"\n## {figure.title}\n"
    if figure.later:
        yield f"Source: {figure.source.title}. Not measured: {figure.later}\n"
        return
    yield f"Source: {figure.source.title}: {figure.source.conditions}.\n"
    yield f"Same conditions? **{figure.same}**: {figure.differs}. {figure.note}".strip() + "\n"
    if plot:
        yield f"![{figure.name}]({plot})\n"
    rows = [(one.line.what, published(one.line), measured(one)) for one in found.measured]
    yield grid(("", "published", "measured"), rows)
    yield ""
    if found.lacking:
        yield f"Lines without a record are measured by `{how_to_measure(found, source)}`.\n"
    yield from (f"* {_evidence(record)}" for record in found.records)


def _evidence(record: Record) -> str:
    """Return where a number is from, so that it can be found again."""
    cell, origin = record.cell, record.provenance
    library = origin.versions.get(origin.package, "")
    return (
        f"`{record.identity}`: {cell} on {cell.event} ({record.n_hits:,} hits, "
        f"{cell.event_digest}); {origin.package} {library}, {origin.machine.cpu}, "
        f"{origin.machine.cores} cores, commit {origin.commit}, "
        f"{origin.started[:16].replace('T', ' ')} UTC"
    )


def in_json(found: Sequence[Found], evidence: Evidence) -> Row:
    """Return everything for programs."""
    return {
        "machine": evidence.machine,
        "event": evidence.asked.name,
        "figures": [_figure_json(one, evidence.asked.source) for one in found],
    }


def _figure_json(found: Found, source: str) -> dict[str, Any]:
    figure = found.figure
    return {
        "name": figure.name,
        "title": figure.title,
        "source": figure.source.title,
        "published_conditions": figure.source.conditions,
        "same_conditions": figure.same,
        "differs": figure.differs,
        "note": figure.note,
        "later": figure.later,
        "how_to_measure": how_to_measure(found, source) if found.lacking else None,
        "lines": [_line_json(one) for one in found.measured],
    }


def _line_json(one: Measured) -> dict[str, Any]:
    keys = ("event", "n_hits", "event_origin", "machine", "commit", "library_version", "started")
    rows = [row_of(record) | {"identity": record.identity} for record in one.records]
    return {
        "what": one.line.what,
        "unit": one.line.unit,
        "published": one.line.published,
        "published_as": one.line.published_as,
        "measured": one.taken and one.taken.value,
        "low": one.taken and one.taken.low,
        "high": one.taken and one.taken.high,
        "why_not": one.why,
        "measured_by_measuring": bool(one.lacking),
        "records": [{key: row[key] for key in ("identity", *keys)} for row in rows],
    }


def _drawn(found: Found) -> Iterator[Any]:
    if found.figure.draw:
        yield from found.figure.draw(found)
