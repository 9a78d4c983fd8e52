"""A table of a page: its columns, what it may be filtered by, and its rows as text and as data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from nearhit.records.row import Row
from nearhit.report.columns import COLUMNS, Column, columns_of, flat

_FILTERED = frozenset({"library", "metric", "bucket_size", "threads", "status", "event"}) | {
    *("commit", "device", "asked", "particles")
}
_LIBRARY = next(column for column in COLUMNS if column.name == "library")


@dataclass(frozen=True)
class Filter:
    """The values of one column by which a table may be filtered.

    Attributes:
        column: which.
        values: as text, in order.
        chosen: the value at first; empty for all.
    """

    column: Column
    values: tuple[str, ...]
    chosen: str


@dataclass(frozen=True, eq=False)
class PageTable:
    """One table.

    Attributes:
        name: unlike any other on its page; files are named by it.
        title: what is in it, in a few words.
        rows: at least one; of buckets, or of trackers.
        chosen: what its filters are set to at first, by name of column.
        also: tables whose columns it has, too.
    """

    name: str
    title: str
    rows: Sequence[Row]
    chosen: Mapping[str, object] = field(default_factory=dict)
    also: str = ""

    @cached_property
    def columns(self) -> list[Column]:
        """The columns that tell something; the first heads the row."""
        tables = "tracks track-page" if self.rows[0].tracker else "buckets bucket-page"
        return columns_of(f"{tables} {self.also}", self.rows)

    @cached_property
    def figures(self) -> list[Column]:
        """The columns behind the status that are empty where that is not `ok`."""
        names = [column.name for column in self.columns]
        return self.columns[names.index("status") + 1 : names.index("breaks")]

    @cached_property
    def filters(self) -> list[Filter]:
        """The columns of words and coordinates that have more than one value."""
        columns = (column for column in (*self.columns, _LIBRARY) if column.name in _FILTERED)
        filters = []
        for column in columns:
            values = sorted({column.of(row) for row in self.rows})
            chosen = str(self.chosen.get(column.name, ""))
            filters.append(Filter(column, tuple(map(str, values)), chosen))
        return [one for one in filters if len(one.values) > 1]

    @property
    def has_front(self) -> bool:
        """Whether any of its rows is on the Pareto front of its question."""
        return any(row.front for row in self.rows)

    @cached_property
    def data(self) -> dict[str, Any]:
        """Every figure of every row, by column, in full precision."""
        rows = [flat(row) for row in self.rows]
        return {"keys": list(rows[0]), "rows": [list(row.values()) for row in rows]}


def usual(rows: Sequence[Row], *names: str) -> dict[str, object]:
    """Return the value of each attribute that most of the rows have."""
    return {name: _most_common([getattr(row, name) for row in rows]) for name in names}


def _most_common(values: list[object]) -> object:
    return max(sorted(set(values), key=repr), key=values.count)
