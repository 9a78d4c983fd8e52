"""Cells that were measured at several commits of nearhit on one machine."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter

from nearhit.cells.words import place_in_words
from nearhit.records.row import Row
from nearhit.report.row_chart import RowChart, history_chart
from nearhit.report.section import Section

from .page_table import Added, PageTable, usual

_CELL = (
    *("event_digest", "index", "tracker", "metric", "bucket_size", "queries", "batch", "threads"),
    *("device", "seed", "min_hits", "min_pt", "min_share", "choices"),
)
_TRACKS = ("event_digest", "threads", "device", "seed", "min_hits", "min_pt", "min_share")
_BUCKETS = ("metric", "bucket_size", "queries", "batch", *_TRACKS)
"""What rows are asked that are divided by the same row of the reference."""

_CHOSEN = ("event", "metric", "bucket_size", "threads")
_PREFERRED = "scipy-kdtree"

MAIN = "most measured"
"""The setting of each library or tracker of which there are most records."""


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


def runs_of(rows: Iterable[Row]) -> dict[str, str]:
    """Return the day on which each commit was first measured, with it, in order of time."""
    first: dict[str, str] = {}
    for row in rows:
        first[row.commit] = min(row.started, first.get(row.commit, row.started))
    ordered = sorted(first, key=first.__getitem__)
    return {commit: f"{first[commit][:10]} {commit}" for commit in ordered}


def _history(machine: str, rows: list[Row]) -> History:
    cells = _grouped([row for row in rows if row.status != "skipped"], _CELL)
    repeated = [
        row
        for cell in sorted(cells, key=repr)
        if len({row.commit for row in cells[cell]}) > 1
        for row in sorted(cells[cell], key=lambda row: row.started)
    ]
    of_buckets = [row for row in repeated if row.tracker is None]
    of_tracks = [row for row in repeated if row.tracker is not None]
    named = (("Buckets", of_buckets), ("Tracks", of_tracks))
    return History(machine, tuple(_part(name, machine, held) for name, held in named if held))


def _part(name: str, machine: str, rows: list[Row]) -> tuple[PageTable, RowChart]:
    runs, reference = runs_of(rows), _reference(rows)
    ratios, main = _ratios(rows, reference), _main_settings(rows)
    added = (
        Added(
            "reference_ratio",
            "1",
            "less",
            "× reference",
            ".3g",
            meaning=f"s/event over that of {reference} at the same commit",
            value=ratios.get,
        ),
        Added("run", hidden=True, value=lambda row: runs[row.commit]),
        Added(
            "settings",
            heading="settings",
            hidden=True,
            value=lambda row: MAIN if _setting(row) in main else "others",
        ),
    )
    chosen = usual(rows, *_CHOSEN) | {"settings": MAIN}
    title = f"{name} on {machine}"
    table = PageTable(f"{name.lower()}-{machine}", title, rows, chosen, "history", added)
    return table, history_chart(rows, tuple(runs.values()), reference)


def _reference(rows: Iterable[Row]) -> str:
    """Return the index or pipeline that was measured at most commits, if it can be the k-d tree."""
    timed = [row for row in rows if row.seconds_per_event]
    counts = Counter(map(pipeline, timed))
    commits = Counter(name for name, _ in {(pipeline(row), row.commit) for row in timed})
    return max(
        sorted(commits),
        key=lambda name: (commits[name], name.startswith(_PREFERRED), counts[name]),
        default="",
    )


def pipeline(row: Row) -> str:
    """Return the index of a row, or its tracker and what that looks in."""
    return f"{row.tracker} in {place_in_words(row.cell)}" if row.tracker else row.index


def _ratios(rows: Sequence[Row], reference: str) -> dict[Row, float]:
    """Return seconds per event over those of the reference, asked the same at the same commit."""
    question = attrgetter("commit", *(_TRACKS if rows[0].tracker else _BUCKETS))
    held = [(row, row.seconds_per_event) for row in rows if row.seconds_per_event]
    of_reference = {question(row): seconds for row, seconds in held if pipeline(row) == reference}
    divided = ((row, seconds, of_reference.get(question(row))) for row, seconds in held)
    return {row: seconds / unit for row, seconds, unit in divided if unit}


def _main_settings(rows: Iterable[Row]) -> frozenset[tuple[str, str]]:
    """Return the setting of each library, or of each tracker, that was measured most."""
    counts = Counter(map(_setting, rows)).most_common()
    return frozenset({name: (name, setting) for (name, setting), _ in counts[::-1]}.values())


def _setting(row: Row) -> tuple[str, str]:
    return (row.tracker_name or "", pipeline(row)) if row.tracker else (row.library, row.index)


def _grouped(rows: Iterable[Row], names: Sequence[str]) -> dict[tuple[object, ...], list[Row]]:
    found: dict[tuple[object, ...], list[Row]] = defaultdict(list)
    for row in rows:
        found[tuple(getattr(row, name) for name in names)].append(row)
    return found
