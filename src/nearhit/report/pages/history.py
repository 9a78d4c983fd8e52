"""What was measured at several commits of nearhit on one machine."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from nearhit.records.row import Row
from nearhit.report.columns import Column
from nearhit.report.section import Section

from .charts import Chart, history_chart
from .page_table import PageTable, bucket_table, track_table
from .rows import of_buckets, of_tracks, rows_of, usual

_CELL = (
    *("event_digest", "index", "tracker", "metric", "bucket_size", "queries", "batch", "threads"),
    *("device", "seed", "min_hits", "min_pt", "min_share", "choices"),
)
_CHOSEN = ("event", "metric", "bucket_size", "threads")
_MEASURED = Column(
    "measured",
    "when it was started, UTC",
    lambda row: row["started"][:16].replace("T", " "),
    right=False,
    key="started",
)


@dataclass(frozen=True, eq=False)
class History:
    """The cells of one machine that were measured at more than one commit.

    Attributes:
        machine: by name.
        parts: a table and its chart, of buckets and of tracks, as there are.
    """

    machine: str
    parts: tuple[tuple[PageTable, Chart], ...]


def histories(sections: Sequence[Section]) -> list[History]:
    """Return the history of every machine that has one, in order of name."""
    of_machine: dict[str, list[Row]] = defaultdict(list)
    for section in sections:
        of_machine[section.first.provenance.machine.name] += rows_of(section)
    made = [_history(machine, rows) for machine, rows in sorted(of_machine.items())]
    return [one for one in made if one.parts]


def commits_of(rows: Sequence[Row]) -> list[str]:
    """Return the commits of rows in the order in which they were first measured."""
    first: dict[str, str] = {}
    for row in rows:
        first[row["commit"]] = min(row["started"], first.get(row["commit"], row["started"]))
    return sorted(first, key=first.__getitem__)


def _history(machine: str, rows: list[Row]) -> History:
    cells: dict[tuple[object, ...], list[Row]] = defaultdict(list)
    for row in rows:
        cells[tuple(row[key] for key in _CELL)].append(row)
    repeated = [
        row
        for cell in sorted(cells, key=repr)
        if len({row["commit"] for row in cells[cell]}) > 1
        for row in sorted(cells[cell], key=lambda row: row["started"])
    ]
    kinds = (
        ("buckets", "Buckets", bucket_table, of_buckets(repeated)),
        ("tracks", "Tracks", track_table, of_tracks(repeated)),
    )
    parts = []
    for name, title, make, held in kinds:
        if held:
            table = make(f"{name}-{machine}", f"{title} on {machine}", held, usual(held, *_CHOSEN))
            dated = replace(table, columns=_dated(table.columns))
            parts.append((dated, history_chart(dated, commits_of(held))))
    return History(machine, tuple(parts))


def _dated(columns: Sequence[Column]) -> tuple[Column, ...]:
    return (columns[0], _MEASURED, *columns[1:])
