"""The tables that a terminal shows: one row an index."""

from collections.abc import Iterable

from rich.console import Group
from rich.text import Text

from nearhit.errors import printable

from .columns import columns_of
from .notes import stale_lines
from .section import Section
from .tables import Table
from .terminal import TerminalTable, cell_text

_LEFT_OUT = {
    "buckets": {"library_version"},
    "tracks": {"search_seconds", "tracks_seconds", "hits_per_bucket", "peak_memory_mb"},
}
"""A terminal has no room for what else is in the page; names would give way to numbers."""

_KEPT = {"index", "status"}


def summary_table(section: Section) -> Group:
    """Return tables of everything measured of one event on one machine at one commit."""
    head = [Text(section.title, style="bold"), *_lines(filter(None, [section.first.event_origin]))]
    buckets = (_drawn(table, "buckets") for table in section.measured_tables)
    tracks = (_drawn(table, "tracks") for table in section.track_tables)
    rest = _lines((*section.not_measured, *stale_lines(section.rows)))
    return Group(*head, *buckets, *tracks, *rest)


def _lines(lines: Iterable[str]) -> list[Text]:
    return [Text(printable(line)) for line in lines]


def _drawn(table: Table, kind: str) -> TerminalTable:
    columns = columns_of(kind, table.rows)
    shown = [column for column in columns if column.name not in _LEFT_OUT[kind]]
    return TerminalTable(
        table.title,
        [column.heading for column in shown],
        [[cell_text(column.text(row)) for column in shown] for row in table.rows],
        right=[column.right for column in shown],
        kept=[column.heading for column in shown if column.name in _KEPT],
        styles=[
            "bold green" if row.front else "red" if row.status != "ok" else "" for row in table.rows
        ],
    )
