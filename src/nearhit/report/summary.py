"""The tables that a terminal shows: one row an index."""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.markup import escape as without_markup

from nearhit.cells.words import pipeline_in_words
from nearhit.errors import printable

from .certificates import touching
from .columns import Column, columns_of
from .headline import Headline
from .notes import caveats
from .section import Section
from .tables import Table
from .terminal import TerminalTable, cell_text

_LEFT_OUT = {
    "buckets": {"library_version", "status"},
    "tracks": {"status", "search_seconds", "tracks_seconds", "hits_per_bucket"},
}
"""A terminal has no room for all of a page; what was not measured has a line of its own."""


def summary_table(section: Section) -> Group:
    """Return tables of everything measured of one event on one machine at one commit."""
    origin = section.first.event_origin
    head = [f"[bold]{_plain(section.title)}[/bold]", *([_plain(origin)] if origin else [])]
    rest = [_plain(line) for line in (*section.not_measured, *caveats(section.rows))]
    buckets = (part for table in section.measured_tables for part in _drawn(table, "buckets"))
    tracks = (part for table in section.track_tables for part in _drawn(table, "tracks"))
    return Group(*head, *buckets, *tracks, *rest)


def headline_table(headline: Headline) -> Group:
    """Return the headline as a terminal shows it."""
    styles = ["bold" if row.front else "" for row in headline.rows]
    table = _table("", headline.columns, headline.lines, styles)
    return Group(_plain(headline.title), "", table, "", *map(_plain, headline.notes))


def _drawn(table: Table, kind: str) -> list[RenderableType]:
    """Return the rows that have a time as a table, and a line for each of the others."""
    rows = [row for row in table.rows if row.seconds_per_event is not None]
    columns = [one for one in columns_of(kind, rows) if one.name not in _LEFT_OUT[kind]]
    lines = [[column.text(row) for column in columns] for row in rows]
    styles = ["bold green" if row.front else "" for row in rows]
    drawn: list[RenderableType] = (
        [_table(table.title, columns, lines, styles)] if rows else [_plain(table.title)]
    )
    others = [row for row in table.rows if row.seconds_per_event is None]
    broken = {row.library: touching(row) for row in rows if touching(row)}
    return [
        *drawn,
        *(
            f"[red]{_plain(f'{pipeline_in_words(row.cell)}: {row.status}: {row.reason}')}[/red]"
            for row in others
        ),
        *(_plain(f"{name} breaks {', '.join(clauses)}.") for name, clauses in broken.items()),
    ]


def _table(
    title: str, columns: Sequence[Column], lines: Sequence[Sequence[str]], styles: Sequence[str]
) -> TerminalTable:
    heads, right = zip(*((one.heading, one.right) for one in columns), strict=True)
    texts = [[cell_text(text) for text in line] for line in lines]
    return TerminalTable(title, heads, texts, right, styles=styles)


def _plain(text: str) -> str:
    """Return text that a terminal shows as it is: without markup, and safe to print."""
    return without_markup(printable(text))
