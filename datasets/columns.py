"""Tables as columns of NumPy arrays, from Arrow's and as the content of CSV files."""

import io
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
from numpy.typing import NDArray

Columns = dict[str, NDArray[Any]]


def plain_csv(columns: Columns) -> bytes:
    """Return columns as CSV without quotation marks, which some readers do not take off a header.

    Numbers are written with as many digits as their own precision needs.
    """
    text = io.BytesIO()
    text.write(",".join(columns).encode() + b"\n")
    options = pa.csv.WriteOptions(include_header=False, quoting_style="none")
    pa.csv.write_csv(as_table(columns), text, options)
    return text.getvalue()


def as_table(columns: Columns) -> pa.Table:
    """Return columns of numbers as a table of Arrow, which shares their memory."""
    # Given arrays, Arrow would load pandas to ask whether they are its own.
    return pa.table({name: _as_arrow(column) for name, column in columns.items()})


def _as_arrow(column: NDArray[Any]) -> pa.Array:
    buffer = pa.py_buffer(np.ascontiguousarray(column))
    return pa.Array.from_buffers(pa.from_numpy_dtype(column.dtype), len(column), [None, buffer])


def as_array(column: pa.ChunkedArray) -> NDArray[Any]:
    """Return a column of numbers, none of them missing, as an array that must not be written to."""
    if pa.types.is_null(column.type) and not len(column):
        return np.empty(0)  # of a file without rows Arrow does not know what it would hold
    # `to_numpy` would load pandas, which takes longer than to read an event.
    return np.from_dlpack(column.combine_chunks())
