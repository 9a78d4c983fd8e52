"""`nearhit report`: tables and plots from records alone."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from nearhit.contract.certificate import Certificate
from nearhit.records.read import RECORDS
from nearhit.records.record import Record
from nearhit.records.staleness import here
from nearhit.records.store import Store
from nearhit.report import Broken, Section, broken_by_library, newest_certificates
from nearhit.report.headline import headline_section
from nearhit.report.machines import machines_of
from nearhit.report.notes import Stale, abridged

from .messages import say_once
from .options import ResultsOption, refuse_ignored
from .output import print_headline, print_section

CERTIFICATES = "certificates"

InsertOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--insert-into",
        metavar="PAGE",
        help="Put the newest tables between the marks <!-- headline: begin/end --> of a page, "
        "and so for tracks and noise.",
    ),
]
FiguresOption = Annotated[
    Path | None,
    typer.Option("--figures", metavar="DIR", help="Draw the figures of README and docs there."),
]
HtmlOption = Annotated[
    Path | None,
    typer.Option(
        "--html",
        metavar="DIR",
        help="Write pages that work offline into a folder of their own, and nothing else.",
    ),
]
UNREADABLE = 1


def broken_in(results: Path) -> Broken:
    """Return the clauses that libraries break by the certificates in a folder of results."""
    certificates = Store(results / CERTIFICATES, Certificate, say_once)
    return broken_by_library(newest_certificates(certificates))


def command(
    context: typer.Context,
    results: ResultsOption = Path("results"),
    insert_into: InsertOption = None,
    figures: FiguresOption = None,
    html: HtmlOption = None,
) -> None:
    """Write pages, tables, CSV, Parquet and plots into the folder of results, from its records.

    Exit code 1 says that a file was left out, since it cannot be read.

    [bold]Examples[/bold]: nearhit report --results results; nearhit report --html pages
    """
    if html:
        why = "with --html, which writes pages and nothing else: leave one out"
        refuse_ignored(context, "insert_into figures", why)
    left_out: list[str] = []
    certificates = list(Store(results / CERTIFICATES, Certificate, left_out.append))
    records = list(Store(results / RECORDS, unreadable=left_out.append))
    for sentence in (*abridged(left_out), *machines_of(records, certificates).sentences):
        say_once(sentence)
    stale = here(records).reasons
    if html is None:
        found = _write_tables(results, (records, certificates), stale, left_out)
        _write_committed(found, insert_into or (), figures)
    else:
        _write_pages(results, html, (records, certificates), stale, left_out)
    if left_out:
        raise typer.Exit(UNREADABLE)


_Read = tuple[list[Record], list[Certificate]]


def _write_tables(results: Path, read: _Read, stale: Stale, left_out: list[str]) -> list[Section]:
    """Write tables and plots, and show the headline last, or else the newest tables."""
    from nearhit.report.write import write_report  # noqa: PLC0415 - draws: slow to load

    records, certificates = read
    found = write_report(records, results, certificates, stale, left_out)
    headed = headline_section(found)
    if headed is None:
        print_section(found[0])
    typer.echo(f"Sections, of an event, machine and commit each: {len(found)}")
    typer.echo(f"Tables: {results / 'tables.md'}   Plots: {results / 'plots'}\n")
    if headed is not None:
        print_headline(headed)
    return found


def _write_committed(found: list[Section], pages: Iterable[Path], figures: Path | None) -> None:
    """Put the newest tables into pages written by hand, and draw the figures that these show."""
    from nearhit.report.figures import draw_figures  # noqa: PLC0415 - draws: slow to load
    from nearhit.report.write import insert_tables  # noqa: PLC0415 - as above

    for page in pages:
        insert_tables(found, page)
    if figures:
        draw_figures(found, figures)


def _write_pages(
    results: Path, folder: Path, read: _Read, stale: Stale, left_out: list[str]
) -> None:
    """Write the site; asv's own pages are linked where `asv publish` has put them."""
    from nearhit.report.pages import write_pages  # noqa: PLC0415 - slow to load

    records, certificates = read
    found = write_pages(records, folder, certificates, results / "html", stale, left_out)
    cells = sum(len(section.rows) for section in found)
    typer.echo(f"Pages of {cells:,} cells: {folder / 'index.html'}")
