"""`nearhit report`: tables and plots from records alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
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
from nearhit.report.section import found_in
from nearhit.report.unchanged import PAGES, TABLES, Made, source_of

from .messages import say_once
from .options import ResultsOption, refuse_ignored
from .output import print_headline, print_section

CERTIFICATES = "certificates"
ASV = "html"
"""Where `asv publish` puts its pages in a folder of results."""

OUTPUTS = ("README.md", "tables.md", "records.csv", "records.parquet", "plots")
"""What a report is, in a folder of results."""

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

    What was made from the same, and not changed since, is left as it is. Exit code 1 says that a
    file was left out, since it cannot be read.

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
    report = _Report(results, records, certificates, stale, left_out)
    if html is None:
        report.tables(insert_into or [], figures)
    else:
        report.pages(html)
    if left_out:
        raise typer.Exit(UNREADABLE)


@dataclass(frozen=True)
class _Report:
    """What a report is made from; it is made again only where that changed, or what was made."""

    results: Path
    records: list[Record]
    certificates: list[Certificate]
    stale: Stale
    left_out: list[str]

    def tables(self, pages: list[Path], figures: Path | None) -> None:
        """Write tables and plots, put the newest into pages, and show the headline last."""
        drawn = [figures] if figures else []
        outputs = [*(self.results / name for name in OUTPUTS), *pages, *drawn]
        made = self._made(self.results / TABLES, outputs)
        found = self._sections(made, lambda: self._write_tables(pages, figures))
        headed = headline_section(found)
        if headed is None:
            print_section(found[0])
        typer.echo(f"Sections, of an event, machine and commit each: {len(found)}")
        typer.echo(f"Tables: {self.results / 'tables.md'}   Plots: {self.results / 'plots'}\n")
        if headed is not None:
            print_headline(headed)

    def pages(self, folder: Path) -> None:
        """Write the site; asv's own pages are linked where `asv publish` has put them."""
        made = self._made(folder / PAGES, [folder])
        found = self._sections(made, lambda: self._write_pages(folder))
        cells = sum(len(section.rows) for section in found)
        typer.echo(f"Pages of {cells:,} cells: {folder / 'index.html'}")

    def _made(self, mark: Path, outputs: list[Path]) -> Made:
        inputs = [self.results / CERTIFICATES, self.results / RECORDS]
        asv = (self.results / ASV / "index.html").is_file()
        words = [outputs, asv, self.left_out, *map(self.stale, self.records)]
        return Made(mark, source_of(inputs, words), tuple(outputs))

    def _sections(self, made: Made, write: Callable[[], Sequence[Section]]) -> Sequence[Section]:
        if made.up_to_date:
            typer.echo("nearhit: nothing has changed since the last report.", err=True)
            return found_in(self.records, self.certificates, self.stale).sections
        found = write()
        made.keep()
        return found

    def _write_tables(self, pages: list[Path], figures: Path | None) -> Sequence[Section]:
        from nearhit.report.figures import draw_figures  # noqa: PLC0415 - draws: slow to load
        from nearhit.report.write import insert_tables, write_report  # noqa: PLC0415 - as above

        found = write_report(
            self.records, self.results, self.certificates, self.stale, self.left_out
        )
        for page in pages:
            insert_tables(found, page)
        if figures:
            draw_figures(found, figures)
        return found

    def _write_pages(self, folder: Path) -> Sequence[Section]:
        from nearhit.report.pages import write_pages  # noqa: PLC0415 - slow to load

        asv = self.results / ASV
        return write_pages(self.records, folder, self.certificates, asv, self.stale, self.left_out)
