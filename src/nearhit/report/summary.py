"""The tables that a terminal shows: one row an index."""

from collections.abc import Sequence

from rich import box
from rich.console import Group
from rich.markup import escape
from rich.table import Table as RichTable

from .columns import TRACK_COLUMNS, Column, columns_on
from .notes import stale_lines
from .section import Section, Table, TrackTable

# A terminal has no room for what else is in the page; names would give way to numbers.
_LEFT_OUT = {"search s", "tracks s", "hits/bucket", "duplicates", "memory MiB"}
_SHOWN_OF_TRACKS = [column for column in TRACK_COLUMNS if column.heading not in _LEFT_OUT]


def summary_table(section: Section) -> Group:
    """Return tables of everything measured of one event on one machine at one commit."""
    origin = section.first.event_origin
    head = [f"[bold]{section.title}[/bold]", *([escape(origin)] if origin else [])]
    notes = stale_lines(section.row(record) for record in section.every)
    rest = [escape(line) for line in (*section.not_measured, *notes)]
    buckets = (_drawn(table, _shown(table)) for table in section.measured_tables)
    tracks = (_drawn(table, _SHOWN_OF_TRACKS) for table in section.track_tables)
    return Group(*head, *buckets, *tracks, *rest)


def _shown(table: Table) -> list[Column]:
    return [column for column in columns_on(table.device) if column.heading != "version"]


def _drawn(table: Table | TrackTable, columns: Sequence[Column]) -> RichTable:
    drawn = RichTable(title=table.title, title_justify="left", box=box.SIMPLE_HEAD)
    for column in columns:
        drawn.add_column(
            column.heading,
            justify="right" if column.right else "left",
            no_wrap=column.right,
            overflow="fold",
        )
    for row in table.rows:
        style = "bold green" if row in table.front else "red" if row["status"] != "ok" else ""
        drawn.add_row(*(escape(column.text(row)) for column in columns), style=style)
    return drawn
