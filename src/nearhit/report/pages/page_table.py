"""A table of a page: its columns, what it may be filtered by, and its rows as text and as data."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from nearhit.records.row import Row
from nearhit.report.columns import COLUMNS, TRACK_COLUMNS, Column

from .rows import STAGE_KEYS, plain


def _coordinate(heading: str, key: str, meaning: str, *, right: bool = False) -> Column:
    return Column(heading, meaning, lambda row: str(row[key]), right=right, key=key)


ALWAYS = (
    _coordinate("metric", "metric", "what near means: how hits become points"),
    _coordinate("bucket", "bucket_size", "hits a bucket, the queried hit included", right=True),
    _coordinate("threads", "threads", "how many the library may use", right=True),
)
WHERE_THEY_DIFFER = (
    _coordinate("event", "event", "the collision"),
    _coordinate("commit", "commit", "of nearhit; with + and a digest where the tree had changes"),
    _coordinate("device", "device", "what the library computes on"),
    _coordinate("asked for", "asked", "which hits are queried: with fewer, fewer are found"),
    _coordinate("particles", "particles", "which are trackable, and what finding one means"),
)
_STATUS = Column(
    "status",
    "ok, skipped, failed or timeout, and why; stale where code or libraries are newer",
    lambda row: f"{row['status']}: {row['reason']}" if row["reason"] else row["status"],
    right=False,
    key="status",
)
_BREAKS = Column(
    "breaks",
    "which clauses of the contract the library breaks",
    lambda row: ", ".join(row["breaks"]) or "–",
    right=False,
    key="breaks",
)
_FIGURES = (
    *("seconds_per_event", "particle_efficiency", "bucket_purity", "recall"),
    *("build_seconds", "queries_per_second", "peak_memory_mb"),
)
STAGE_COLUMNS = tuple(
    Column(
        f"{stage} s",
        f"median time of the stage {stage}; scoring is no part of seconds/event",
        lambda row, stage=stage: _seconds_of(row, stage),  # type: ignore[misc]
        key=key,
    )
    for stage, key in STAGE_KEYS.items()
)


@dataclass(frozen=True)
class Choices:
    """What a table may be filtered by: the values of one column.

    Attributes:
        column: which.
        values: as text, in order.
        chosen: the value at first; empty for all.
    """

    column: Column
    values: tuple[str, ...]
    chosen: str = ""


@dataclass(frozen=True, eq=False)
class PageTable:
    """One table.

    Attributes:
        name: unlike any other on its page; files are named by it.
        title: what is in it, in a few words.
        columns: the first heads the row.
        rows: see `nearhit.report.pages.rows`.
        chosen: what its filters are set to at first, by key.
        figures: the columns behind the status that are empty where that is not `ok`.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    chosen: Mapping[str, object] = field(default_factory=dict)
    figures: tuple[Column, ...] = ()

    @cached_property
    def filters(self) -> tuple[Choices, ...]:
        """The columns of words and coordinates that have more than one value."""
        filters = (self._choices(column) for column in (*self.columns, _LIBRARY))
        return tuple(one for one in filters if len(one.values) > 1)

    @property
    def has_front(self) -> bool:
        """Whether any of its rows is on the front of its question."""
        return any(row["front"] for row in self.rows)

    @cached_property
    def data(self) -> dict[str, Any]:
        """Every figure of every row, by column, in full precision."""
        rows = [plain(row) for row in self.rows]
        keys = list(rows[0]) if rows else []
        return {"keys": keys, "rows": [[row[key] for key in keys] for row in rows]}

    def _choices(self, column: Column) -> Choices:
        if column.key not in _FILTERED:
            return Choices(column, ())
        values = sorted({row[column.key] for row in self.rows})
        return Choices(column, tuple(map(str, values)), str(self.chosen.get(column.key, "")))


_LIBRARY = _coordinate("library", "library", "what is compared")
_FILTERED = {
    column.key for column in (*ALWAYS, *WHERE_THEY_DIFFER, _LIBRARY) if column.key != "particles"
} | {"status", "particles"}


def bucket_table(
    name: str, title: str, rows: Sequence[Row], chosen: Mapping[str, object] | None = None
) -> PageTable:
    """Return the table of rows that look for no tracks."""
    by_key = {column.key: column for column in COLUMNS}
    figures = tuple(by_key[key] for key in _FIGURES)
    last = (by_key["library_version"], _BREAKS)
    shown = (by_key["index"], *ALWAYS, *differing(rows), _STATUS, *figures, *last)
    return PageTable(name, title, shown, tuple(rows), chosen or {}, figures)


def track_table(
    name: str, title: str, rows: Sequence[Row], chosen: Mapping[str, object] | None = None
) -> PageTable:
    """Return the table of rows of trackers, with the seconds of every stage that there was."""
    tracker, where, _, *known = TRACK_COLUMNS
    figures = (*known, *_stages(rows))
    shown = (tracker, where, ALWAYS[-1], *differing(rows), _STATUS, *figures, _BREAKS)
    return PageTable(name, title, shown, tuple(rows), chosen or {}, figures)


def differing(rows: Iterable[Row]) -> list[Column]:
    """Return the coordinates in which rows differ, of those that are shown only then."""
    held = list(rows)
    return [one for one in WHERE_THEY_DIFFER if len({row[one.key] for row in held}) > 1]


def _stages(rows: Iterable[Row]) -> list[Column]:
    there = {stage for row in rows for stage in row["seconds_per_stage"] or ()}
    named = zip(STAGE_KEYS, STAGE_COLUMNS, strict=True)
    return [column for stage, column in named if stage in there]


def _seconds_of(row: Row, stage: str) -> str:
    seconds = (row["seconds_per_stage"] or {}).get(stage)
    return "–" if seconds is None else format(seconds, ".3g")
