"""A table of a page: its columns, what it may be filtered by, and its rows as text and as data."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter
from typing import Any

from nearhit.records.row import Row
from nearhit.report.columns import COLUMNS, Column, columns_of, flat

_FILTERED = frozenset({"library", "metric", "bucket_size", "threads", "status", "event"}) | {
    *("commit", "device", "asked", "particles")
}
_FIRST = ("index", "tracker", "seconds_per_event", "times_fastest")
"""What a phone shows of a row: it stands before all other columns."""

_LIBRARY = next(column for column in COLUMNS if column.name == "library")


@dataclass(frozen=True)
class Added(Column):
    """A column of one page alone.

    Attributes:
        value: returns what a row has in it.
        hidden: whether it is only drawn and filtered by.
    """

    value: Callable[[Row], Any] = attrgetter("status")
    hidden: bool = False

    def of(self, row: Row) -> Any:
        """Return its value."""
        return self.value(row)


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
        added: columns of its own, behind the seconds.
    """

    name: str
    title: str
    rows: Sequence[Row]
    chosen: Mapping[str, object] = field(default_factory=dict)
    also: str = ""
    added: Sequence[Added] = ()

    @cached_property
    def columns(self) -> list[Column]:
        """The columns that tell something: what heads the row, seconds, then all the others."""
        tables = "tracks track-page" if self.rows[0].tracker else "buckets bucket-page"
        columns = columns_of(f"{tables} {self.also}", self.rows)
        added = [column for column in self.added if not column.hidden]
        heading = _FIRST[:-1] if added else _FIRST  # a ratio of its own takes that place
        first = [column for column in columns if column.name in heading]
        return [*first, *added, *(column for column in columns if column.name not in heading)]

    @cached_property
    def figures(self) -> list[Column]:
        """The columns behind the status that are empty where that is not `ok`."""
        names = [column.name for column in self.columns]
        return self.columns[names.index("status") + 1 : names.index("breaks")]

    @cached_property
    def filters(self) -> list[Filter]:
        """The columns of words and coordinates that have more than one value."""
        columns = [column for column in (*self.columns, _LIBRARY) if column.name in _FILTERED]
        columns += [column for column in self.added if column.name in self.chosen]
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
        """Every figure of every row, by column, in full precision; see `packed`."""
        rows = [
            flat(row) | {column.name: column.of(row) for column in self.added} for row in self.rows
        ]
        return {key: packed([row[key] for row in rows]) for key in rows[0]}


def packed(values: list[Any]) -> list[Any] | dict[str, list[Any]]:
    """Return values that repeat as those `of` which there are any, and which is `at` each place.

    One value alone has no places. Where few are alike the values are returned as they are.
    """
    distinct = {json.dumps(value): value for value in values}
    if len(distinct) == 1:
        return {"of": values[:1]}
    if 2 * len(distinct) > len(values):
        return values
    places = {key: place for place, key in enumerate(distinct)}
    return {"of": [*distinct.values()], "at": [places[json.dumps(value)] for value in values]}


def usual(rows: Sequence[Row], *names: str) -> dict[str, object]:
    """Return the value of each attribute that most of the rows have."""
    return {name: _most_common([getattr(row, name) for row in rows]) for name in names}


def _most_common(values: list[object]) -> object:
    return max(sorted(set(values), key=repr), key=values.count)
