"""Reads the columns of a CSV file, and says where it is wrong if it is."""

import csv
import io
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
from numpy.typing import NDArray

from nearhit.errors import BadInputError

from .event_files import EventFile

_TYPES = {int: pa.int64(), float: pa.float64()}
_WANTED = {int: "a whole number of at most 64 bits", float: "a finite number"}


@dataclass(frozen=True)
class CsvTable:
    """The wanted columns of one file, all finite, with the means to find a row's line.

    Attributes:
        label: how errors name the file.
        columns: int64 or float64, by name.
    """

    label: str
    columns: dict[str, NDArray[Any]]
    content: bytes

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self.columns[name]

    def refuse(self, wrong: NDArray[np.bool_], complaint: str) -> None:
        """Raise where a row is wrong; `{name}` in the complaint is the row's value of a column.

        Raises:
            BadInputError: names the file and the line of the first such row.
        """
        rows = np.flatnonzero(wrong)
        if rows.size:
            values = {name: column[rows[0]] for name, column in self.columns.items()}
            line = _line_of_row(self.content, int(rows[0]))
            raise BadInputError(f"{self.label} line {line}: {complaint.format(**values)}.")


def read_table(
    file: EventFile, required: Mapping[str, type], optional: Mapping[str, type] | None = None
) -> CsvTable:
    """Read the named columns of a CSV file, each an `int` or a `float`; others are passed over.

    Raises:
        BadInputError: the file is empty or damaged, lacks a column, or holds something else than a
            finite number; the sentence names the line and the column.
    """
    content = file.content().removeprefix(b"\xef\xbb\xbf")
    header = _header(content, file.label)
    for name in required:
        if name not in header:
            raise BadInputError(f"{file.label} has no column {name}; it has {', '.join(header)}.")
    present = {name: kind for name, kind in (optional or {}).items() if name in header}
    types = dict(required) | present
    columns = _parsed(content, types, file.label)
    for name, column in columns.items():
        if not np.isfinite(column).all():
            raise _located(content, types, file.label, f"column {name} is not finite")
    return CsvTable(file.label, columns, content)


def _header(content: bytes, label: str) -> list[str]:
    first = next(iter(content.split(b"\n", 1))).decode(errors="replace").strip()
    if not first:
        raise BadInputError(f"{label} is empty: it needs a header line.")
    names = [name.strip().strip('"') for name in first.split(",")]
    if len(set(names)) < len(names):
        raise BadInputError(f"{label} line 1: a column name stands twice; rename one.")
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
    return {name: _as_array(table[name]) for name in types}


def _as_array(column: pa.ChunkedArray) -> NDArray[Any]:
    # `to_numpy` would load pandas, which takes longer than to read an event.
    return np.from_dlpack(column.combine_chunks())


def _located(content: bytes, types: dict[str, type], label: str, fault: str) -> BadInputError:
    """Return the error that names the line and the column of the first fault."""
    try:
        for line, row in _rows(content):
            if None in row or None in row.values():
                return BadInputError(f"{label} line {line} has not as many fields as the header.")
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


def _line_of_row(content: bytes, wanted: int) -> int:
    return next(line for row, (line, _) in enumerate(_rows(content)) if row == wanted)
