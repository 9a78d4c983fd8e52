"""Events in any table with one row per hit, whose columns the user names."""

import io
import warnings
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from nearhit.datasets.event_files import EventFile
from nearhit.datasets.file_table import (
    FileTable,
    MissingColumnError,
    as_numbers,
    repeated,
    wanted_types,
)
from nearhit.datasets.parsing import NUMPY, Parsing, refuse_bomb
from nearhit.datasets.read_table import read_table
from nearhit.datasets.reader import FoundEvent
from numpy.lib.npyio import NpzFile
from numpy.typing import NDArray

from nearhit.data.event import UNKNOWN, Event, Hits, Truth
from nearhit.errors import BadInputError, printable

REQUIRED: dict[str, type] = dict.fromkeys(("x", "y", "z"), float)
OPTIONAL: dict[str, type] = {
    **dict.fromkeys(("hit_id", "volume", "layer", "module", "particle_id", "event"), int),
    "weight": float,
}
"""Columns and their types: x, y, z in mm; `particle_id` is 0 for noise."""

_ENDS = (".csv", ".csv.gz", ".parquet", ".npy", ".npz")


class PlainTableReader:
    """A CSV, Parquet or NumPy file with columns x, y, z and optionally those of `OPTIONAL`."""

    name = "table"

    def __init__(self, columns: dict[str, str] | None = None) -> None:
        """Store the names of the columns in the file by their names in nearhit."""
        self._columns = columns or {}

    def find(self, source: Path) -> list[FoundEvent]:
        """Return all events of a file, or one for a path such as FILE/event7."""
        if source.is_file() and source.name.endswith(_ENDS):
            return self._events(source)
        if source.parent.is_file() and source.parent.name.endswith(_ENDS):
            return [one for one in self._events(source.parent) if one.name == source.name]
        return []

    def _events(self, path: Path) -> list[FoundEvent]:
        file = EventFile(str(path), path.read_bytes)
        table = _read(file, self._columns)
        numbers = np.unique(table["event"]).tolist() if "event" in table.columns else [None]
        return [self._found(file, table, number) for number in numbers]

    def _found(self, file: EventFile, table: FileTable, number: int | None) -> FoundEvent:
        stem = Path(file.path).name.split(".")[0]
        name = printable(stem) if number is None else f"event{number}"
        reading = f"columns {sorted(self._columns.items())}"
        return FoundEvent(name, (file,), partial(_event, name, table, number), reading=reading)


READER = PlainTableReader()


def columns_from(text: str) -> dict[str, str]:
    """Parse a list of columns such as `x=gx,y=gy,z=gz`.

    Raises:
        BadInputError: it is not such a list, or names an unknown column.
    """
    pairs = [part.partition("=") for part in text.split(",") if text]
    known = [*REQUIRED, *OPTIONAL]
    names = [mine.strip() for mine, _, _ in pairs]
    for mine, equal, theirs in pairs:
        once = names.count(mine.strip()) == 1
        if not (equal and theirs.strip() and mine.strip() in known and once):
            raise BadInputError(
                f"--columns takes pairs such as x=gx,y=gy, each once, of {', '.join(known)}, not "
                f"{text!r}."
            )
    return {mine.strip(): theirs.strip() for mine, _, theirs in pairs}


def _read(file: EventFile, columns: dict[str, str]) -> FileTable:
    given = {name: columns.get(name, name) for name in (*REQUIRED, *OPTIONAL)}
    required = {given[name]: kind for name, kind in REQUIRED.items()}
    required |= {given[name]: kind for name, kind in OPTIONAL.items() if name in columns}
    optional = {given[name]: kind for name, kind in OPTIONAL.items()}
    numpy = file.path.endswith((".npy", ".npz"))
    try:
        table = (_read_numpy if numpy else read_table)(file, required, optional)
    except MissingColumnError as error:
        how = "name its columns with --columns x=NAME,y=NAME,z=NAME"
        raise BadInputError(f"{str(error).rstrip('.')}: {how}.") from None
    named = {mine: table[theirs] for mine, theirs in given.items() if theirs in table.columns}
    return FileTable(table.label, named, table.place)


def _read_numpy(file: EventFile, required: dict[str, type], optional: dict[str, type]) -> FileTable:
    content = file.content()
    with Parsing(file.label, NUMPY), warnings.catch_warnings(action="ignore"):  # of old headers
        arrays = _arrays(np.load(io.BytesIO(content), allow_pickle=False))
        types = wanted_types(file.label, list(arrays), required, optional)
        if isinstance(arrays, NpzFile) and arrays.zip is not None:
            members = [arrays.zip.getinfo(f"{name}.npy").file_size for name in types]
            refuse_bomb(file.label, len(content), sum(members))
        columns = {
            name: as_numbers(file.label, name, arrays[name], kind) for name, kind in types.items()
        }
    if len({len(column) for column in columns.values()}) > 1:
        raise BadInputError(f"{file.label}: its arrays must have equal lengths.")
    return FileTable(file.label, columns)


def _arrays(loaded: Any) -> Mapping[str, NDArray[Any]]:
    """Return the arrays of an archive, the fields of a structured array, or the columns x, y, z.

    Arrays of an archive are read on demand.
    """
    if isinstance(loaded, NpzFile):
        return loaded
    if loaded.dtype.names:
        return {name: loaded[name] for name in loaded.dtype.names}
    if loaded.ndim == 2 and loaded.shape[1] == len(REQUIRED):  # noqa: PLR2004 - rows and columns
        return dict(zip(REQUIRED, loaded.T, strict=True))
    return {}


def _event(name: str, table: FileTable, number: int | None) -> Event:
    """Return the event of the rows with a given number, or of all rows."""
    rows = np.ones(len(table["x"]), np.bool_) if number is None else table["event"] == number
    n = int(rows.sum())
    if not n:
        raise BadInputError(f"{table.label} has no hit.")
    columns = {name: column[rows] for name, column in table.columns.items()}
    x, y, z = (table.float32(axis)[rows] for axis in "xyz")
    places = (_place(table, name)[rows] for name in ("volume", "layer", "module"))
    if "hit_id" in columns:
        wrong = np.zeros(len(rows), np.bool_)
        wrong[rows] = repeated(columns["hit_id"])
        table.refuse(wrong, "hit_id {hit_id} occurs twice; give each hit its own")
    hits = Hits(columns.get("hit_id", np.arange(1, n + 1)), x, y, z, *places)
    return Event(name, hits, _truth(table, columns))


def _truth(table: FileTable, columns: dict[str, NDArray[Any]]) -> Truth | None:
    if "particle_id" not in columns:
        return None
    table.refuse(
        table["particle_id"] < UNKNOWN,
        f"particle_id {{particle_id}} is negative; write 0 for noise, {UNKNOWN} if not known",
    )
    if "weight" in columns:
        table.refuse(table["weight"] < 0, "weight {weight} is negative; it must be 0 or more")
    return Truth(columns["particle_id"], columns.get("weight"))


def _place(table: FileTable, name: str) -> NDArray[np.int32]:
    """Return a column of detector numbers, int32 (n,); 0 if the table does not have it."""
    if name in table.columns:
        return table.int32(name)
    return np.zeros(len(table["x"]), np.int32)
