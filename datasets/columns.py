"""Convert columns of NumPy arrays from Arrow, to Arrow, and to CSV."""

import io
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
from numpy.typing import NDArray

Columns = dict[str, NDArray[Any]]


def plain_csv(columns: Columns) -> bytes:
    """Return columns as CSV without quotes, which some readers do not remove from the header.

    Numbers are written with as many digits as their precision requires.
    """
    text = io.BytesIO()
    text.write(",".join(columns).encode() + b"\n")
    options = pa.csv.WriteOptions(include_header=False, quoting_style="none")
    pa.csv.write_csv(as_table(columns), text, options)
    return text.getvalue()


def as_table(columns: Columns) -> pa.Table:
    """Return columns of numbers as an Arrow table that shares their memory."""
    # Given NumPy arrays, Arrow would import pandas to check whether they are pandas objects.
    return pa.table({name: _as_arrow(column) for name, column in columns.items()})


def _as_arrow(column: NDArray[Any]) -> pa.Array:
    buffer = pa.py_buffer(np.ascontiguousarray(column))
    return pa.Array.from_buffers(pa.from_numpy_dtype(column.dtype), len(column), [None, buffer])


def as_array(column: pa.ChunkedArray) -> NDArray[Any]:
    """Return a column of numbers without missing values as a read-only array."""
    if pa.types.is_null(column.type) and not len(column):
        return np.empty(0)  # Arrow cannot infer the type of a column without rows
    # `to_numpy` would import pandas, which takes longer than reading an event.
    return np.from_dlpack(column.combine_chunks())
