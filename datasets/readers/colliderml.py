"""Events of ColliderML: Parquet files of the OpenDataDetector with one row of lists per event.

Source: the layout of release 1, `{channel}_{pileup}_tracker_hits` beside `…_particles`.
"""

import re
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet
from nearhit.datasets.event_files import EventFile, label_of
from nearhit.datasets.file_table import FileTable, repeated, wanted_types
from nearhit.datasets.parquet_table import check_number, numbers
from nearhit.datasets.parsing import PARQUET, Parsing, refuse_bomb
from nearhit.datasets.reader import FoundEvent
from numpy.typing import NDArray

from nearhit.data.event import Event, Hits, Particles, Truth, hits_of_particles
from nearhit.errors import BadInputError

HITS, PARTICLES = "tracker_hits", "particles"

_EVENT = re.compile(r"event\d{9,}")

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
        # Files of other formats lie beside files of this one that may be damaged.
        if not _EVENT.fullmatch(source.name) or source.exists():
            return []
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
    shards.update(path for path in named if path.suffix == ".parquet")
    return sorted(shard for shard in shards if shard.is_file())


def _numbers(shard: Path) -> list[int]:
    label = label_of(shard)
    with Parsing(label, PARQUET):
        opened = pa.parquet.ParquetFile(shard)
        names = _wanted(label, opened, {"event_id": int})
        check_number(label, "event_id", opened.schema_arrow.field("event_id").type)
        refuse_bomb(label, shard.stat().st_size, 8 * opened.metadata.num_rows)
        column = opened.read(columns=names)["event_id"]
        return list(numbers(label, "event_id", column, int))


def _wanted(label: str, opened: Any, wanted: dict[str, type]) -> list[str]:
    return list(wanted_types(label, opened.schema_arrow.names, wanted, {}))


def _row(place: _Place, wanted: dict[str, type]) -> FileTable:
    """Return the wanted columns of one event."""
    shard, row = place
    label = label_of(shard)
    with Parsing(label, PARQUET):
        opened = pa.parquet.ParquetFile(shard)
        names = _wanted(label, opened, wanted)
        for name in names:
            _check_list(label, name, opened.schema_arrow.field(name).type)
        _scan(shard, tuple(names), shard.stat().st_mtime_ns)
        group, before = _group_of(opened.metadata, row)
        size = _bytes_of(opened.metadata.row_group(group), wanted)
        refuse_bomb(label, shard.stat().st_size, size)
        one = opened.read_row_group(group, columns=names).slice(row - before, 1)
        columns = {
            name: numbers(label, name, pa.compute.list_flatten(one[name]), kind)
            for name, kind in wanted.items()
        }
    lengths = {name: len(column) for name, column in columns.items()}
    if len(set(lengths.values())) > 1:
        shortest, longest = (pick(lengths, key=lengths.__getitem__) for pick in (min, max))
        raise BadInputError(
            f"{label} row {row}: lists of unequal length, {lengths[shortest]} in {shortest} and "
            f"{lengths[longest]} in {longest}."
        )
    return FileTable(label, columns)


@lru_cache
def _scan(shard: Path, names: tuple[str, ...], _changed: int) -> None:
    """Decode columns once without keeping them, since PyArrow dies of some damage in metadata.

    `RowGroupMetaData.column`, which tells the size of a column, ends the process where the column
    does not fit its schema; here the same fault is an exception.
    """
    pa.parquet.ParquetFile(shard).scan_contents(columns=list(names))


def _group_of(metadata: Any, row: int) -> tuple[int, int]:
    """Return the row group that holds a row, and the number of rows before it."""
    group, before = 0, 0
    while row >= before + metadata.row_group(group).num_rows:
        before += metadata.row_group(group).num_rows
        group += 1
    return group, before


def _bytes_of(group: Any, wanted: dict[str, type]) -> int:
    """Return the size of the wanted columns of a row group in memory."""
    columns = map(group.column, range(group.num_columns))
    return sum(
        8 * column.num_values
        for column in columns
        if column.path_in_schema.partition(".")[0] in wanted
    )


def _check_list(label: str, name: str, kind: pa.DataType) -> None:
    if not (pa.types.is_list(kind) or pa.types.is_large_list(kind)):
        raise BadInputError(f"{label}: column {name} must hold a list in each row.")
    check_number(label, name, kind.value_type)


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
    truth = Truth(_ids(table) + shift)
    return Event(name, measured, truth, None if made is None else _particles(made, truth, shift))


def _particles(table: FileTable, truth: Truth, shift: int) -> Particles:
    ids = _ids(table) + shift
    table.refuse(repeated(ids), "particle_id {particle_id} occurs twice; keep one of its rows")
    return Particles(
        particle_id=ids,
        momentum=table.vectors("px", "py", "pz"),
        vertex=table.vectors("vx", "vy", "vz"),
        charge=table.float32("charge"),
        nhits=hits_of_particles(ids, truth),
    )


def _ids(table: FileTable) -> NDArray[np.int64]:
    ids = table["particle_id"]
    wrong = (ids < 0) | (ids == np.iinfo(np.int64).max)
    table.refuse(wrong, "particle_id is {particle_id}; it must be 0 or more and below 2^63 - 1")
    return ids
