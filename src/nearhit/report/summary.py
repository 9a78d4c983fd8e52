"""The tables that a terminal shows: one row an index."""

from rich import box
from rich.console import Group
from rich.markup import escape
from rich.table import Table as RichTable

from .columns import columns_of
from .notes import stale_lines
from .section import Section
from .tables import Table

_LEFT_OUT = {
    "buckets": {"library_version"},
    "tracks": {"search_seconds", "tracks_seconds", "hits_per_bucket", "peak_memory_mb"},
}
"""A terminal has no room for what else is in the page; names would give way to numbers."""


def summary_table(section: Section) -> Group:
    """Return tables of everything measured of one event on one machine at one commit."""
    origin = section.first.event_origin
    head = [f"[bold]{section.title}[/bold]", *([escape(origin)] if origin else [])]
    rest = [escape(line) for line in (*section.not_measured, *stale_lines(section.rows))]
    buckets = (_drawn(table, "buckets") for table in section.measured_tables)
    tracks = (_drawn(table, "tracks") for table in section.track_tables)
    return Group(*head, *buckets, *tracks, *rest)


def _drawn(table: Table, kind: str) -> RichTable:
    drawn = RichTable(title=table.title, title_justify="left", box=box.SIMPLE_HEAD)
    columns = columns_of(kind, table.rows)
    shown = [column for column in columns if column.name not in _LEFT_OUT[kind]]
    for column in shown:
        drawn.add_column(
            column.heading,
            justify="right" if column.right else "left",
            no_wrap=column.right,
            overflow="fold",
        )
    for row in table.rows:
        style = "bold green" if row.front else "red" if row.status != "ok" else ""
        drawn.add_row(*(escape(column.text(row)) for column in shown), style=style)
    return drawn
