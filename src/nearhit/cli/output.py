"""Output of the commands: tables and JSON."""

import json
import os
import re
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import typer
from rich.console import Console

from nearhit.errors import printable
from nearhit.plugins.registry import Kind, found
from nearhit.records.record import Record
from nearhit.records.row import row_of
from nearhit.report import Broken, Section, sections, summary_table, with_broken
from nearhit.report.headline import headline_of
from nearhit.report.summary import headline_table
from nearhit.report.terminal import TerminalTable, cell_text

WIDTH = 160
"""Characters per line without a terminal, where no table needs more."""

FAILED = 1

_SURROGATES = re.compile(r"[\ud800-\udfff]")


def print_json(content: Any) -> None:
    """Print indented, strict JSON."""
    text = json.dumps(content, indent=2, allow_nan=False, ensure_ascii=False)
    typer.echo(_SURROGATES.sub(lambda found: f"\\u{ord(found[0]):04x}", text))


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table with a dash for None."""
    texts = [[cell_text(value) for value in row] for row in rows]
    table = TerminalTable(printable(title), columns, texts)
    _console(table.least_width).print(table)


def print_line(console: Console, line: str) -> None:
    """Print a line without markup, wrapping or colours."""
    console.print(printable(line), highlight=False, markup=False, soft_wrap=True)


def with_broken_ones(rows: list[dict[str, Any]], kind: Kind) -> list[dict[str, Any]]:
    """Return descriptions of plug-ins followed by those that are broken, with null for the rest."""
    empty = dict.fromkeys(key for row in rows for key in row)
    broken = [empty | {"name": one.name, "broken": one.reason} for one in found(kind).broken]
    return [row | {"broken": None} for row in rows] + broken


def print_broken(kind: Kind) -> None:
    """Print the plug-ins that are broken, and why."""
    for one in found(kind).broken:
        typer.echo(printable(f"Broken {kind.what} {one}."))


def rows_of(records: Iterable[Record], broken: Broken) -> list[dict[str, Any]]:
    """Return records as rows, with the clauses of the contract that their libraries break."""
    return [with_broken(row_of(record), broken).to_json() for record in records]


def print_records(records: Sequence[Record], broken: Broken) -> None:
    """Print records as tables of one event, machine and commit each."""
    for section in sections(records, broken):
        print_section(section)


def end_with(records: Iterable[Record]) -> None:
    """End with exit code 1 if a cell failed, or if nothing could be measured.

    Raises:
        typer.Exit: with the code.
    """
    outcomes = {record.status.outcome for record in records}
    if outcomes & {"failed", "timeout"} or outcomes == {"skipped"}:
        raise typer.Exit(FAILED)


def print_section(section: Section) -> None:
    """Print what was measured of one event on one machine at one commit as tables."""
    summary = summary_table(section)
    tables = [one for one in summary.renderables if isinstance(one, TerminalTable)]
    _console(max((one.least_width for one in tables), default=0)).print(summary)


def print_headline(section: Section) -> None:
    """Print the libraries on the default question, one row each."""
    _console(0).print(headline_table(headline_of(section)), highlight=False)


def _console(least_width: int) -> Console:
    """Return a console as wide as the terminal, or wide enough for all columns in a file."""
    if sys.stdout.isatty() or "COLUMNS" in os.environ:
        return Console()
    return Console(width=max(WIDTH, least_width))
