"""Read columns of a CSV or Parquet file, with errors that name the line and the column."""

import csv
import io
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from numpy.typing import NDArray

from nearhit.errors import BadInputError

from .columns import as_array
from .event_files import EventFile, refuse_bomb

_TYPES = {int: pa.int64(), float: pa.float64()}
_WANTED = {int: "a whole number of at most 64 bits", float: "a finite number"}


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


def read_table(
    file: EventFile, required: Mapping[str, type], optional: Mapping[str, type] | None = None
) -> FileTable:
    """Read the named columns of a file, each as `int` or `float`, and ignore the others.

    Raises:
        BadInputError: the file is empty or damaged, lacks a column, or holds anything but finite
            numbers; the message names the line and the column.
    """
    if file.label.endswith(".parquet"):
        return _read_parquet(file, required, optional or {})
    content = file.content().removeprefix(b"\xef\xbb\xbf")
    types = wanted_types(file.label, _header(content, file.label), required, optional or {})
    columns = _parsed(content, types, file.label)
    for name, column in columns.items():
        if not np.isfinite(column).all():
            raise _located(content, types, file.label, f"column {name} is not finite")
    return FileTable(file.label, columns, partial(_line_of_row, content))


def wanted_types(
    label: str, present: list[str], required: Mapping[str, type], optional: Mapping[str, type]
) -> dict[str, type]:
    """Return the columns to read with their types: required ones, and optional ones if present.

    Raises:
        MissingColumnError: a required column is missing.
    """
    for name in required:
        if name not in present:
            there = ", ".join(present)
            raise MissingColumnError(f"{label} has no column {name}; it has {there}.")
    return dict(required) | {name: kind for name, kind in optional.items() if name in present}


def as_numbers(label: str, name: str, column: NDArray[Any], kind: type) -> NDArray[Any]:
    """Return a column as int64 or float64.

    Raises:
        BadInputError: a value is of another type or not finite; the message names the row.
    """
    wanted = np.int64 if kind is int else np.float64
    if column.ndim != 1 or not np.can_cast(column.dtype, wanted, "same_kind"):
        raise BadInputError(
            f"{label}: column {name} must hold {_WANTED[kind]} in each row, not {column.dtype}."
        )
    with np.errstate(invalid="ignore"):
        numbers = column.astype(wanted)
    wrong = ~np.isfinite(numbers) if kind is float else numbers != column
    FileTable(label, {}).refuse(wrong, f"{name} must be {_WANTED[kind]}")
    return numbers


def _read_parquet(
    file: EventFile, required: Mapping[str, type], optional: Mapping[str, type]
) -> FileTable:
    try:
        content = file.content()
        opened = pa.parquet.ParquetFile(io.BytesIO(content))
        types = wanted_types(file.label, opened.schema_arrow.names, required, optional)
        packed = len(content) if file.packed is None else file.packed
        refuse_bomb(file.label, packed, 8 * len(types) * opened.metadata.num_rows)
        table = opened.read(columns=list(types))
    except (pa.ArrowException, OSError) as error:
        fault = " ".join(str(error).split())
        raise BadInputError(
            f"{file.label} is not a readable Parquet file ({fault}): copy or write it again."
        ) from error
    columns = {name: _from_arrow(file.label, name, table[name]) for name in types}
    return FileTable(
        file.label,
        {name: as_numbers(file.label, name, columns[name], types[name]) for name in types},
    )


def _from_arrow(label: str, name: str, column: pa.ChunkedArray) -> NDArray[Any]:
    if column.null_count or not (
        pa.types.is_integer(column.type) or pa.types.is_floating(column.type)
    ):
        raise BadInputError(f"{label}: column {name} must hold a number in each row.")
    return as_array(column)


def _header(content: bytes, label: str) -> list[str]:
    first = next(iter(content.split(b"\n", 1))).decode(errors="replace").strip()
    if not first:
        raise BadInputError(f"{label} is empty: it needs a header line.")
    names = [name.strip().strip('"') for name in first.split(",")]
    if len(set(names)) < len(names):
        raise BadInputError(f"{label} line 1: a column name occurs twice; rename one.")
    return names


def _parsed(content: bytes, types: dict[str, type], label: str) -> dict[str, NDArray[Any]]:
    convert = pa.csv.ConvertOptions(
        column_types={name: _TYPES[kind] for name, kind in types.items()},
        include_columns=list(types),
        null_values=[],
    )
    try:
        table = pa.csv.read_csv(io.BytesIO(content), convert_options=convert)
    except (pa.ArrowException, KeyError) as error:
        raise _located(content, types, label, str(error)) from None
    return {name: as_array(table[name]) for name in types}


def _located(content: bytes, types: dict[str, type], label: str, fault: str) -> BadInputError:
    """Return an error with the line and the column of the first fault."""
    try:
        for line, row in _rows(content):
            if None in row or None in row.values():
                return BadInputError(
                    f"{label} line {line} has a different number of fields than the header."
                )
            for name, kind in types.items():
                if not _reads_as(row[name], kind):
                    return BadInputError(
                        f"{label} line {line}: {name} must be {_WANTED[kind]}, not {row[name]!r}."
                    )
    except csv.Error as error:
        fault = str(error)
    return BadInputError(f"{label} is not a CSV file of numbers ({' '.join(fault.split())}).")


def _reads_as(text: str, kind: type) -> bool:
    try:
        return math.isfinite(float(text)) if kind is float else abs(int(text)) < 2**63
    except ValueError:
        return False


def _rows(content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    text = io.StringIO(content.decode(errors="replace"), newline="")
    reader = csv.DictReader(text, strict=True)
    for row in reader:
        yield reader.line_num, row


def _line_of_row(content: bytes, wanted: int) -> str:
    line = next(line for row, (line, _) in enumerate(_rows(content)) if row == wanted)
    return f"line {line}"
