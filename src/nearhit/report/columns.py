"""Every column, from `columns.csv`: what files, pages, Markdown, the terminal and docs show."""

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from nearhit.cells.words import (
    place_in_words,
    queries_in_words,
    trackable_in_words,
    tracker_in_words,
)
from nearhit.plugins.tracker import STAGES
from nearhit.records.row import Row

from .certificates import touching
from .notes import marks_of

NO_RANGE = "1 pass"
"""Stands where the range would: one pass has none."""


@dataclass(frozen=True)
class Column:
    """One column. It is in CSV, Parquet and JSON, and in tables if `tables` names any.

    Attributes:
        name: in files; an attribute of `Row`, or one of `VALUES`.
        unit: what it counts in; 1 for a share or a number, empty for words.
        better: which direction is better, `less` or `more`; empty where neither is.
        heading: in tables.
        form: how tables show it, as `format` has it, unless it is one of `TEXTS`.
        tables: those that have it: `buckets` and `tracks` everywhere, `bucket-page` and
            `track-page` on pages alone, `chains`, `history`, `headline`.
        shown: which rows it is shown for, one of `SHOWN`.
        meaning: the definition in one line.
    """

    name: str
    unit: str = ""
    better: str = ""
    heading: str = ""
    form: str = ""
    tables: str = ""
    shown: str = ""
    meaning: str = ""

    def of(self, row: Row) -> Any:
        """Return its value as files have it."""
        return VALUES[self.name](row) if self.name in VALUES else getattr(row, self.name)

    def text(self, row: Row) -> str:
        """Return what stands in a row of a table; a dash where nothing was measured."""
        value = self.of(row)
        if value is None or value == "":
            return "–"
        return TEXTS[self.name](row) if self.name in TEXTS else format(value, self.form)

    @property
    def right(self) -> bool:
        """Whether it is set to the right, as numbers are."""
        return bool(self.unit)

    def tells(self, rows: Sequence[Row]) -> bool:
        """Return whether it is shown in a table of these rows."""
        return SHOWN[self.shown](self, rows)


SHOWN: Mapping[str, Callable[[Column, Sequence[Row]], bool]] = {
    "": lambda _column, _rows: True,
    "differing": lambda column, rows: len(set(map(column.of, rows))) > 1,
    "any": lambda column, rows: any(map(column.of, rows)),
    "tuned": lambda _column, rows: any(
        row.default_seconds not in {None, row.seconds_per_event} for row in rows
    ),
    "gpu": lambda _column, rows: any(row.device != "cpu" for row in rows),
}
"""When a column is told in a table of rows: always, or where there is something to tell."""


def columns_of(tables: str, rows: Sequence[Row] | None = None) -> list[Column]:
    """Return the columns that any of some tables has; with rows, of those that tell something."""
    wanted = set(tables.split())
    named = [column for column in COLUMNS if wanted & set(column.tables.split())]
    return [column for column in named if rows is None or column.tells(rows)]


def flat(row: Row) -> dict[str, Any]:
    """Return a row as files have it: words, numbers, truth and None."""
    return {column.name: column.of(row) for column in COLUMNS}


def _seconds_per_event(row: Row) -> str:
    # What was not measured in full is not shown as if it were.
    scaled = "≈ " if row.seconds_per_event_scaled else ""
    low, high = row.seconds_per_event_min, row.seconds_per_event_max
    spread = NO_RANGE if row.repetitions == 1 else f"{low:.3g}–{high:.3g}"
    return f"{scaled}{row.seconds_per_event:.3g} ({spread}){marks_of(row)}"


def _status(row: Row) -> str:
    status = f"{row.status}: {row.reason}" if row.reason else row.status
    broken = touching(row)
    return f"{status}; breaks {', '.join(broken)}" if broken else status


def _sum(*stages: str) -> Callable[[Row], float | None]:
    def seconds(row: Row) -> float | None:
        held = row.seconds_per_stage
        return None if held is None else sum(held.get(stage, 0.0) for stage in stages)

    return seconds


def _stage(stage: str) -> Callable[[Row], float | None]:
    return lambda row: (row.seconds_per_stage or {}).get(stage)


def _per_particle(name: str) -> Callable[[Row], float | None]:
    def ratio(row: Row) -> float | None:
        number = getattr(row, name)
        return None if number is None or not row.n_trackable else number / row.n_trackable

    return ratio


VALUES: Mapping[str, Callable[[Row], Any]] = {
    "record": lambda row: row.record.identity,
    "looks_in": lambda row: place_in_words(row.cell),
    "asked": lambda row: queries_in_words(row.cell),
    "particles": lambda row: trackable_in_words(row.cell.trackable),
    "stale": lambda row: "; ".join(row.stale),
    "breaks": lambda row: ", ".join(row.breaks),
    "versions": lambda row: " ".join(f"{name}={one}" for name, one in sorted(row.versions.items())),
    "search_seconds": _sum(*STAGES[:3]),
    "tracks_seconds": _sum(*STAGES[3:]),
    "seeds_per_particle": _per_particle("n_seeds"),
    "candidates_per_particle": _per_particle("n_candidates"),
    **{f"{stage}_stage_seconds": _stage(stage) for stage in (*STAGES, "score")},
}
"""What is not an attribute of a row."""

TEXTS: Mapping[str, Callable[[Row], str]] = {
    "index": lambda row: row.cell.index.brief,
    "tracker": lambda row: tracker_in_words(row.cell),
    "exact_share": lambda row: f"{100 * (row.exact_share or 0):.1f}",
    "started": lambda row: row.started[:16].replace("T", " "),
    "status": _status,
    "seconds_per_event": _seconds_per_event,
    "seconds_per_bucket": lambda row: f"{1e6 * (row.seconds_per_bucket or 0):,.0f}",
}
"""What `format` alone does not show."""


def _read() -> tuple[Column, ...]:
    text = files(__package__).joinpath("columns.csv").read_text(encoding="utf-8")
    return tuple(Column(**row) for row in csv.DictReader(text.splitlines()))


COLUMNS = _read()
