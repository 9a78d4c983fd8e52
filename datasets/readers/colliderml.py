"""Events of ColliderML: Parquet files of the OpenDataDetector with one row of lists per event.

Source: the layout of release 1, `{channel}_{pileup}_tracker_hits` beside `…_particles`.
"""

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet
from nearhit.datasets.columns import as_array
from nearhit.datasets.event_files import EventFile, refuse_bomb
from nearhit.datasets.file_table import FileTable, as_numbers
from nearhit.datasets.reader import FoundEvent
from numpy.typing import NDArray

from nearhit.data.event import Event, Hits, Particles, Truth, hits_of_particles
from nearhit.errors import BadInputError

HITS, PARTICLES = "tracker_hits", "particles"

_HITS = {
    **dict.fromkeys(("x", "y", "z"), float),
    **dict.fromkeys(("volume_id", "layer_id", "surface_id", "particle_id"), int),
}
_PARTICLES = {
    "particle_id": int,
    **dict.fromkeys(("vx", "vy", "vz", "px", "py", "pz", "charge"), float),
}


class CollidermlReader:
    """A directory with the folders `tracker_hits` and `particles` (or ending so), or its parent."""

    name = "colliderml"

    def find(self, source: Path) -> list[FoundEvent]:
        """Return the events at a path."""
        if source.is_dir():
            return _events(source)
        return [one for one in _events(source.parent) if one.name == source.name]


READER = CollidermlReader()


_Place = tuple[Path, int]


def _events(folder: Path) -> list[FoundEvent]:
    rows = _rows(_shards(folder, HITS))
    others = _rows(_shards(folder, PARTICLES)) if rows else {}
    places = [(number, rows[number], others.get(number)) for number in sorted(rows)]
    shards = {place[0] for _, *both in places for place in both if place}
    files = {shard: EventFile(str(shard), shard.read_bytes) for shard in shards}
    return [_found(number, hits, particles, files) for number, hits, particles in places]


def _rows(shards: list[Path]) -> dict[int, _Place]:
    """Return the place of each event."""
    return {number: (shard, row) for shard in shards for row, number in enumerate(_numbers(shard))}


def _found(
    number: int, hits: _Place, particles: _Place | None, files: dict[Path, EventFile]
) -> FoundEvent:
    name = f"event{number:09d}"
    read = tuple(files[place[0]] for place in (hits, particles) if place)
    return FoundEvent(name, read, partial(_event, name, hits, particles))


def _shards(folder: Path, kind: str) -> list[Path]:
    """Return the Parquet files of a kind: with that name, or at any depth in folders of that name.

    Only the folder and one level below it are searched for them, because a path of another format
    may have anything below it.
    """
    named = [
        path
        for pattern in (f"*{kind}*", f"*/*{kind}*")
        for path in folder.glob(pattern)
        if path.stem == kind or path.stem.endswith(f"_{kind}")
    ]
    shards = {file for path in named if path.is_dir() for file in path.rglob("*.parquet")}
    return sorted(shards.union(path for path in named if path.suffix == ".parquet"))


def _numbers(shard: Path) -> list[int]:
    opened = _opened(shard)
    if "event_id" not in opened.schema_arrow.names:
        raise BadInputError(f"{shard} has no column event_id, which files of ColliderML have.")
    refuse_bomb(str(shard), shard.stat().st_size, 8 * opened.metadata.num_rows)
    column = _safely(shard, lambda: opened.read(columns=["event_id"]))["event_id"]
    return list(as_numbers(str(shard), "event_id", as_array(column), int))


def _opened(shard: Path) -> Any:
    return _safely(shard, lambda: pa.parquet.ParquetFile(shard))


def _safely(shard: Path, read: Any) -> Any:
    try:
        return read()
    except (pa.ArrowException, OSError) as error:
        fault = " ".join(str(error).split())
        raise BadInputError(
            f"{shard} is not a readable Parquet file ({fault}): copy it again."
        ) from error


def _row(place: _Place, wanted: dict[str, type]) -> FileTable:
    """Return the wanted columns of one event."""
    shard, row = place
    opened = _opened(shard)
    if missing := [name for name in wanted if name not in opened.schema_arrow.names]:
        raise BadInputError(f"{shard} has no column {missing[0]}, which files of ColliderML have.")
    group, before = 0, 0
    while row >= before + opened.metadata.row_group(group).num_rows:
        before += opened.metadata.row_group(group).num_rows
        group += 1
    refuse_bomb(
        str(shard), shard.stat().st_size, _bytes_of(opened.metadata.row_group(group), wanted)
    )
    table = _safely(shard, lambda: opened.read_row_group(group, columns=list(wanted)))
    one = table.slice(row - before, 1)
    columns = {name: _list(shard, name, one[name], kind) for name, kind in wanted.items()}
    lengths = {name: len(column) for name, column in columns.items()}
    if len(set(lengths.values())) > 1:
        raise BadInputError(f"{shard} row {row}: lists of unequal length, {lengths}.")
    return FileTable(str(shard), columns)


def _bytes_of(group: Any, wanted: dict[str, type]) -> int:
    """Return the size of the wanted columns of a row group in memory."""
    columns = map(group.column, range(group.num_columns))
    return sum(
        8 * column.num_values
        for column in columns
        if column.path_in_schema.partition(".")[0] in wanted
    )


def _list(shard: Path, name: str, column: pa.ChunkedArray, kind: type) -> NDArray[Any]:
    if not (pa.types.is_list(column.type) or pa.types.is_large_list(column.type)):
        raise BadInputError(f"{shard}: column {name} must hold a list in each row.")
    values = pa.compute.list_flatten(column)
    number = pa.types.is_integer(values.type) or pa.types.is_floating(values.type)
    if values.null_count or not number:
        raise BadInputError(f"{shard}: column {name} must hold numbers only.")
    numbers = as_array(values)
    if numbers.dtype == np.uint64:
        numbers = numbers.astype(np.int64)
    return as_numbers(str(shard), name, numbers, kind)


def _event(name: str, hits: _Place, particles: _Place | None) -> Event:
    table = _row(hits, _HITS)
    if not len(table["x"]):
        raise BadInputError(f"{table.label}: {name} has no hit.")
    x, y, z = (table.float32(axis) for axis in "xyz")
    place = (table.int32(column) for column in ("volume_id", "layer_id", "surface_id"))
    measured = Hits(np.arange(1, len(x) + 1), x, y, z, *place)
    made = None if particles is None else _row(particles, _PARTICLES)
    # Particle 0 is a particle in these files, which have no noise; in nearhit 0 is noise.
    shift = int(made is not None and not made["particle_id"].all())
    truth = Truth(table["particle_id"] + shift)
    return Event(name, measured, truth, None if made is None else _particles(made, truth, shift))


def _particles(table: FileTable, truth: Truth, shift: int) -> Particles:
    ids = table["particle_id"] + shift
    return Particles(
        particle_id=ids,
        momentum=table.vectors("px", "py", "pz"),
        vertex=table.vectors("vx", "vy", "vz"),
        charge=table.float32("charge"),
        nhits=hits_of_particles(ids, truth),
    )
