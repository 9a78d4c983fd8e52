"""Read columns of a CSV or Parquet file, with errors that name the line and the column."""

import csv
import io
import math
import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
from numpy.typing import NDArray

from nearhit.errors import BadInputError, printable

from .columns import as_array
from .event_files import EventFile
from .file_table import MOST_QUOTED, WANTED, FileTable, wanted_types
from .parquet_table import read_parquet
from .parsing import CSV, Parsing

_TYPES = {int: pa.int64(), float: pa.float64()}
_NUMBER = re.compile(r"\s*[-+]?[0-9.]+([eE][-+]?[0-9]+)?\s*")  # Python reads 1_000, too
_FIRST_LINE = re.compile(rb"[^\r\n]*")

_Wanted = dict[int, tuple[str, type]]
"""Name and type of each column to read, by its place in the lines."""


def read_table(
    file: EventFile, required: Mapping[str, type], optional: Mapping[str, type] | None = None
) -> FileTable:
    """Read the named columns of a file, each as `int` or `float`, and ignore the others.

    Raises:
        BadInputError: the file is empty or damaged, lacks a column, or holds anything but finite
            numbers; the message names the line and the column.
    """
    if file.path.endswith(".parquet"):
        return read_parquet(file, required, optional or {})
    content = file.content().removeprefix(b"\xef\xbb\xbf")
    header = _header(content, file.label)
    types = wanted_types(file.label, header, required, optional or {})
    wanted = {header.index(name): (name, kind) for name, kind in types.items()}
    columns = _parsed(content, header, wanted, file.label)
    for name, column in columns.items():
        if not np.isfinite(column).all():
            raise _located(content, wanted, file.label, f"column {name} is not finite")
    return FileTable(file.label, columns, partial(_line_of_row, content))


def _header(content: bytes, label: str) -> list[str]:
    """Return the names in the first line, without blanks around them."""
    first = content[: _end_of_header(content)].decode(errors="replace")
    if not first.strip():
        raise BadInputError(f"{label} is empty: it needs a header line.")
    with Parsing(label, CSV):
        return [
            name.strip() for name in next(csv.reader([first], strict=True, skipinitialspace=True))
        ]


def _end_of_header(content: bytes) -> int:
    found = _FIRST_LINE.match(content)
    return found.end() if found else 0


def _parsed(
    content: bytes, header: list[str], wanted: _Wanted, label: str
) -> dict[str, NDArray[Any]]:
    # Columns go by their places, for Arrow takes no names that occur twice or are not UTF-8.
    read = pa.csv.ReadOptions(column_names=list(map(str, range(len(header)))), skip_rows=1)
    convert = pa.csv.ConvertOptions(
        column_types={str(place): _TYPES[kind] for place, (_, kind) in wanted.items()},
        include_columns=list(map(str, wanted)),
        null_values=[],
    )
    if _end_of_header(content) == len(content):
        content += b"\n"  # without it, Arrow does not skip the header
    try:
        table = pa.csv.read_csv(io.BytesIO(content), read, convert_options=convert)
    except pa.ArrowException as error:
        raise _located(content, wanted, label, str(error)) from None
    _check_quotes(content, table.num_rows, label)
    return {name: as_array(table[str(place)]) for place, (name, _) in wanted.items()}


def _check_quotes(content: bytes, rows: int, label: str) -> None:
    """Raise `BadInputError` if a quote is not closed: Arrow would leave out the rows behind it."""
    with Parsing(label, CSV):
        if b'"' in content and sum(1 for _ in _rows(content)) != rows + 1:
            raise csv.Error("a quote is not closed")


def _located(content: bytes, wanted: _Wanted, label: str, fault: str) -> BadInputError:
    """Return an error with the line and the column of the first fault."""
    with Parsing(label, CSV):
        rows = _rows(content)
        _, header = next(rows)
        for line, row in rows:
            if len(row) != len(header):
                return BadInputError(
                    f"{label} line {line} has a different number of fields than the header."
                )
            for place, (name, kind) in wanted.items():
                if not _reads_as(row[place], kind):
                    return BadInputError(
                        f"{label} line {line}: {name} must be {WANTED[kind]}, not "
                        f"'{printable(row[place], MOST_QUOTED)}'."
                    )
        raise csv.Error(fault)


def _reads_as(text: str, kind: type) -> bool:
    if not _NUMBER.fullmatch(text):
        return False
    try:
        return math.isfinite(float(text)) if kind is float else abs(int(text)) < 2**63
    except ValueError:
        return False


def _rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Yield the header and the rows, each with the number of its last line."""
    text = io.StringIO(content.decode(errors="replace"), newline="")
    reader = csv.reader(text, strict=True)
    try:
        yield from ((reader.line_num, row) for row in reader if row)
    except csv.Error as error:
        raise csv.Error(f"line {reader.line_num}: {error}") from error


def _line_of_row(content: bytes, wanted: int) -> str:
    lines = (line for row, (line, _) in enumerate(_rows(content), start=-1) if row == wanted)
    try:
        return f"line {next(lines)}"
    except (csv.Error, StopIteration):  # Arrow reads a quote at other places than Python
        return f"row {wanted}"
