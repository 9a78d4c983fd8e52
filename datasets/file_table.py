"""Columns read from a file, with errors that name its line and the column."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nearhit.errors import BadInputError, printable

MOST_QUOTED = 40
"""Characters of a value in a file that a sentence shows."""

_MOST_NAMES = 80  # characters of the names of columns

WANTED = {int: "a whole number of at most 64 bits", float: "a finite number"}
"""What a column holds, by the type that is asked for."""


@dataclass(frozen=True)
class FileTable:
    """Columns read from one file, all finite.

    Attributes:
        label: name of the file in error messages.
        columns: columns by name, int64 or float64 (n,).
        place: returns the place of a row in the file, such as `line 7`.
    """

    label: str
    columns: dict[str, NDArray[Any]]
    place: Callable[[int], str] = "row {}".format

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self.columns[name]

    def refuse(self, wrong: NDArray[np.bool_], complaint: str) -> None:
        """Raise an error if any row of a mask (n,) is set.

        Args:
            wrong: the mask.
            complaint: the message; `{name}` stands for the value of a column.

        Raises:
            BadInputError: with the file and the line of the first such row.
        """
        rows = np.flatnonzero(wrong)
        if rows.size:
            values = {name: column[rows[0]] for name, column in self.columns.items()}
            place = self.place(int(rows[0]))
            raise BadInputError(f"{self.label} {place}: {complaint.format(**values)}.")

    def int32(self, name: str) -> NDArray[np.int32]:
        """Return a column as int32 (n,); raise `BadInputError` on negative or too large values."""
        wrong = (self[name] < 0) | (self[name] > np.iinfo(np.int32).max)
        self.refuse(wrong, f"{name} is {{{name}}}; it must be from 0 to 2147483647")
        return self[name].astype(np.int32)

    def float32(self, name: str) -> NDArray[np.float32]:
        """Return a column as float32 (n,); raise `BadInputError` if a value overflows."""
        too_far = np.abs(self[name]) > np.finfo(np.float32).max
        self.refuse(too_far, f"{name} is {{{name}}}, beyond the range of float32")
        return self[name].astype(np.float32)

    def vectors(self, *names: str) -> NDArray[np.float32]:
        """Return columns side by side, float32 (n, d); raise `BadInputError` on overflow."""
        with np.errstate(over="ignore"):  # overflows are refused below
            vectors = np.stack(
                [self[name] for name in names], axis=1, dtype=np.float32, casting="same_kind"
            )
        finite = np.asarray(np.isfinite(vectors).all(axis=1))
        self.refuse(~finite, f"{', '.join(names)} must fit a float32")
        return vectors


class MissingColumnError(BadInputError):
    """A file lacks a column that is needed."""


class Rows:
    """Look-up of rows by id, in integers throughout because ids exceed 2^53."""

    def __init__(self, ids: NDArray[np.int64]) -> None:
        self._order = np.argsort(ids, kind="stable")
        self._sorted = ids[self._order]

    def __len__(self) -> int:
        return len(self._sorted)

    def of(self, table: FileTable, column: str, complaint: str) -> NDArray[np.int64]:
        """Return the row of each id in a column; raise `BadInputError` for an unknown id."""
        wanted = table[column]
        place = np.searchsorted(self._sorted, wanted).clip(max=len(self) - 1)
        table.refuse(self._sorted[place] != wanted, complaint)
        rows: NDArray[np.int64] = self._order[place]
        return rows


def repeated(ids: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return the mask (n,) of ids that occurred before."""
    found = np.ones(len(ids), np.bool_)
    found[np.unique(ids, return_index=True)[1]] = False
    return found


def wanted_types(
    label: str,
    present: Sequence[str],
    required: Mapping[str, type],
    optional: Mapping[str, type],
) -> dict[str, type]:
    """Return the columns to read with their types: required ones, and optional ones if present.

    Raises:
        MissingColumnError: a required column is missing.
        BadInputError: a wanted column is there twice.
    """
    for name in required:
        if name not in present:
            names = printable(", ".join(present[:MOST_QUOTED]), _MOST_NAMES) or "none"
            raise MissingColumnError(f"{label} has no column {name}; it has {names}.")
    wanted = dict(required) | {name: kind for name, kind in optional.items() if name in present}
    for name in wanted:
        if present.count(name) > 1:
            raise BadInputError(f"{label}: column {name} occurs twice; rename one.")
    return wanted


def as_numbers(label: str, name: str, column: NDArray[Any], kind: type) -> NDArray[Any]:
    """Return a column as int64 or float64.

    Raises:
        BadInputError: a value is of another type or not finite; the message names the row.
    """
    wanted = np.int64 if kind is int else np.float64
    number = column.dtype.kind in "iuf" and np.can_cast(column.dtype, wanted, "same_kind")
    if column.ndim != 1 or not number:
        raise BadInputError(
            f"{label}: column {name} must hold {WANTED[kind]} in each row, not "
            f"{printable(str(column.dtype), MOST_QUOTED)}."
        )
    with np.errstate(over="ignore"):  # overflows are refused below
        numbers = column.astype(wanted)
    wrong = ~np.isfinite(numbers) if kind is float else numbers != column
    if wrong.any():
        raise BadInputError(f"{label} row {wrong.argmax()}: {name} must be {WANTED[kind]}.")
    return numbers
