"""`nearhit report`: tables and plots from records alone."""

from pathlib import Path
from typing import Annotated

import typer

from nearhit.certificate import Certificate
from nearhit.report import Broken, broken_by_library, newest_certificates
from nearhit.store import Store

from .output import print_records

NAME = "report"
RECORDS = "records"
CERTIFICATES = "certificates"

ResultsOption = Annotated[
    Path, typer.Option("--results", help="The folder of results; records lie in its 'records'.")
]
InsertOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--insert-into",
        metavar="PAGE",
        help="Put the newest tables between the marks <!-- headline: begin/end --> of a page, "
        "and so for tracks and noise.",
    ),
]


def broken_in(results: Path) -> Broken:
    """Return the clauses that libraries break by the certificates in a folder of results."""
    return broken_by_library(newest_certificates(Store(results / CERTIFICATES, Certificate)))


def command(results: ResultsOption = Path("results"), insert_into: InsertOption = None) -> None:
    """Write README.md, CSV, Parquet and plots into the folder of results, from its records.

    [bold]Example[/bold]: nearhit report --results results
    """
    from nearhit.report.write import insert_tables, write_report  # noqa: PLC0415 - draws: slow to load

    certificates = Store(results / CERTIFICATES, Certificate)
    found = write_report(Store(results / RECORDS), results, certificates)
    first, *others = found
    for page in insert_into or ():
        insert_tables(found, page)
    print_records(first.every, first.broken)
    if others:
        typer.echo(f"Of other events, machines and commits, in the same page: {len(others)}")
    typer.echo(f"Tables: {results / 'README.md'}   Plots: {results / 'plots'}")
