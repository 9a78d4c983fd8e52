"""Columns of numbers in Parquet files."""

import io
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.parquet
from numpy.typing import NDArray

from nearhit.errors import BadInputError

from .columns import as_array
from .event_files import EventFile
from .file_table import FileTable, as_numbers, wanted_types
from .parsing import PARQUET, Parsing, refuse_bomb


def read_parquet(
    file: EventFile, required: Mapping[str, type], optional: Mapping[str, type]
) -> FileTable:
    """Read the named columns of a file, each as `int` or `float`.

    Raises:
        BadInputError: the file is damaged, lacks a column, or holds anything but finite numbers;
            the message names the row and the column.
    """
    content = file.content()
    with Parsing(file.label, PARQUET):
        opened = pa.parquet.ParquetFile(io.BytesIO(content))
        types = wanted_types(file.label, opened.schema_arrow.names, required, optional)
        for name in types:
            check_number(file.label, name, opened.schema_arrow.field(name).type)
        packed = len(content) if file.packed is None else file.packed
        refuse_bomb(file.label, packed, 8 * len(types) * opened.metadata.num_rows)
        table = opened.read(columns=list(types))
        columns = {
            name: numbers(file.label, name, table[name], kind) for name, kind in types.items()
        }
    return FileTable(file.label, columns)


def check_number(label: str, name: str, kind: pa.DataType) -> None:
    """Check that the type of a column is that of numbers, before anything of it is read.

    Raises:
        BadInputError: it is not.
    """
    if not (pa.types.is_integer(kind) or pa.types.is_floating(kind)):
        raise BadInputError(f"{label}: column {name} must hold a number in each row.")


def numbers(label: str, name: str, column: pa.ChunkedArray, kind: type) -> NDArray[Any]:
    """Return a column of numbers as int64 or float64.

    Raises:
        BadInputError: a value is missing, of another type or not finite.
    """
    if column.null_count:
        raise BadInputError(f"{label}: column {name} must hold a number in each row.")
    return as_numbers(label, name, as_array(column), kind)
