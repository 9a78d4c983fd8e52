"""Output of the commands: tables and JSON."""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from nearhit.records.record import Record
from nearhit.records.row import row_of
from nearhit.report import Broken, Section, sections, summary_table, with_broken
from nearhit.report.headline import headline_of
from nearhit.report.summary import headline_table

WIDTH = 160
"""Characters per line without a terminal."""


def print_json(content: Any) -> None:
    """Print indented, strict JSON."""
    typer.echo(json.dumps(content, indent=2, allow_nan=False, ensure_ascii=False))


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table with a dash for None."""
    table = Table(*columns, title=title, title_justify="left", header_style="bold")
    for row in rows:
        table.add_row(*("–" if value is None else escape(str(value)) for value in row))
    _console().print(table)


def print_line(console: Console, line: str) -> None:
    """Print a line verbatim, without markup, wrapping or colours."""
    console.print(line, highlight=False, markup=False, soft_wrap=True)


def rows_of(records: Iterable[Record], broken: Broken) -> list[dict[str, Any]]:
    """Return records as rows, with the clauses of the contract that their libraries break."""
    return [with_broken(row_of(record), broken).to_json() for record in records]


def print_records(records: Sequence[Record], broken: Broken) -> None:
    """Print the records of one event, machine and commit as tables, with what libraries break."""
    for section in sections(records, broken):
        print_section(section)


def print_section(section: Section) -> None:
    """Print what was measured of one event on one machine at one commit as tables."""
    _console().print(summary_table(section))


def print_headline(section: Section) -> None:
    """Print the libraries on the default question, one row each."""
    _console().print(headline_table(headline_of(section)), highlight=False)


def _console() -> Console:
    """Return a console as wide as the terminal, or wide enough not to wrap tables in files."""
    return Console() if sys.stdout.isatty() else Console(width=WIDTH)
