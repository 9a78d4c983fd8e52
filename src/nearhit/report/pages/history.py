"""Cells that were measured at several commits of nearhit on one machine."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from nearhit.records.row import Row
from nearhit.report.row_chart import RowChart, history_chart
from nearhit.report.section import Section

from .page_table import PageTable, usual

_CELL = (
    *("event_digest", "index", "tracker", "metric", "bucket_size", "queries", "batch", "threads"),
    *("device", "seed", "min_hits", "min_pt", "min_share", "choices"),
)
_CHOSEN = ("event", "metric", "bucket_size", "threads")


@dataclass(frozen=True, eq=False)
class History:
    """The cells of one machine that were measured at more than one commit.

    Attributes:
        machine: by name.
        parts: a table and its chart, of buckets and of tracks, as there are.
    """

    machine: str
    parts: tuple[tuple[PageTable, RowChart], ...]


def histories(sections: Sequence[Section]) -> list[History]:
    """Return the history of every machine that has one, in order of name."""
    of_machine: dict[str, list[Row]] = defaultdict(list)
    for section in sections:
        of_machine[section.first.provenance.machine.name] += section.rows
    made = [_history(machine, rows) for machine, rows in sorted(of_machine.items())]
    return [one for one in made if one.parts]


def commits_of(rows: Sequence[Row]) -> list[str]:
    """Return the commits of rows in the order in which they were first measured."""
    first: dict[str, str] = {}
    for row in rows:
        first[row.commit] = min(row.started, first.get(row.commit, row.started))
    return sorted(first, key=first.__getitem__)


def _history(machine: str, rows: list[Row]) -> History:
    cells: dict[tuple[object, ...], list[Row]] = defaultdict(list)
    for row in rows:
        cells[tuple(getattr(row, name) for name in _CELL)].append(row)
    repeated = [
        row
        for cell in sorted(cells, key=repr)
        if len({row.commit for row in cells[cell]}) > 1
        for row in sorted(cells[cell], key=lambda row: row.started)
    ]
    parts = []
    for name, tracked in (("Buckets", False), ("Tracks", True)):
        if held := [row for row in repeated if (row.tracker is not None) is tracked]:
            title, chosen = f"{name} on {machine}", usual(held, *_CHOSEN)
            table = PageTable(f"{name.lower()}-{machine}", title, held, chosen, also="history")
            parts.append((table, history_chart(held, commits_of(held))))
    return History(machine, tuple(parts))
