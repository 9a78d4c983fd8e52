"""Events in the format of the TrackML challenge: files of hits, truth, particles and cells."""

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
from nearhit.datasets.event_files import EventFile, EventFiles, find_events
from nearhit.datasets.file_table import FileTable, read_table
from nearhit.datasets.reader import Found
from nearhit.datasets.recipe import origin_of
from numpy.typing import NDArray

from nearhit.errors import BadInputError
from nearhit.event import NOISE, UNKNOWN, Cells, Event, Hits, Particles, Truth

_HITS = {
    "hit_id": int,
    "x": float,
    "y": float,
    "z": float,
    "volume_id": int,
    "layer_id": int,
    "module_id": int,
}
_TRUTH = {"hit_id": int, "particle_id": int}
_PARTICLES = {
    "particle_id": int,
    "vx": float,
    "vy": float,
    "vz": float,
    "px": float,
    "py": float,
    "pz": float,
    "q": float,
}
_CELLS = {"hit_id": int, "ch0": int, "ch1": int, "value": float}


class TrackmlReader:
    """The challenge's files: a prefix, directory or zip archive, CSV, gzipped or Parquet."""

    name = "trackml"

    def find(self, source: Path) -> list[Found]:
        """Return the events that stand there."""
        return [
            Found(event.name, tuple(event.files.values()), partial(_event, event))
            for event in find_events(source)
            if "measurements" not in event.files
        ]


READER = TrackmlReader()


def read_event(source: Path | str, *, cells: bool = False) -> Event:
    """Read one event.

    Truth may cover only some of the hits: the others are `UNKNOWN`, which is not noise.

    Args:
        source: a path prefix such as `DIR/event000021000`, or a directory or zip archive that holds
            one event, or a prefix inside one. Files are plain or `.gz`; only hits are needed.
        cells: read the cells too, which are many.

    Raises:
        BadInputError: there is no such event or more than one, or a file is wrong; the sentence
            names the file and the line or the column.
    """
    events = list(find_events(source))
    if len(events) > 1:
        raise BadInputError(
            f"{source} holds {len(events)} events: name one, such as {source}/{events[0].name}."
        )
    return _event(events[0], cells=cells)


def read_events(source: Path | str, *, cells: bool = False) -> Iterator[Event]:
    """Yield the events of a directory or zip archive in order of name, each read when asked for.

    Raises:
        BadInputError: as `read_event`.
    """
    for files in find_events(source):
        yield _event(files, cells=cells)


def _event(found: EventFiles, *, cells: bool) -> Event:
    files = found.files
    hits = _hits(read_table(files["hits"], _HITS))
    rows = _Rows(hits.hit_id)
    truth = None
    if "truth" in files:
        truth = _truth(read_table(files["truth"], _TRUTH, {"weight": float}), rows)
    particles = None
    if "particles" in files:
        particles = _particles(read_table(files["particles"], _PARTICLES, {"nhits": int}), truth)
    fired = None
    if cells and "cells" in files:
        fired = _cells(read_table(files["cells"], _CELLS), rows)
    return Event(found.name, hits, truth, particles, fired, _origin(files))


def _origin(files: dict[str, EventFile]) -> str:
    """Return how an event was made, where nearhit made it."""
    if "recipe" not in files:
        return ""
    try:
        said = json.loads(files["recipe"].content())
        return origin_of(str(said.pop("recipe")), int(said.pop("seed")), said)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInputError(
            f"{files['recipe'].label} does not say how the event was made: remove it."
        ) from error


def _hits(table: FileTable) -> Hits:
    if not len(table["hit_id"]):
        raise BadInputError(f"{table.label} holds no hit below its header.")
    table.refuse(_repeated(table["hit_id"]), "hit_id {hit_id} stands twice; give each hit its own")
    for axis in "xyz":
        too_far = np.abs(table[axis]) > np.finfo(np.float32).max
        table.refuse(too_far, f"{axis} is {{{axis}}}, farther than a float32 reaches")
    x, y, z = (table[axis].astype(np.float32) for axis in "xyz")
    place = (_int32(table, name) for name in ("volume_id", "layer_id", "module_id"))
    return Hits(table["hit_id"], x, y, z, *place)


def _truth(table: FileTable, rows: "_Rows") -> Truth:
    table.refuse(_repeated(table["hit_id"]), "hit_id {hit_id} stands twice; keep one of its rows")
    row = rows.of(table, "truth for hit_id {hit_id}, which is not among the hits; remove the row")
    table.refuse(table["particle_id"] < 0, "particle_id {particle_id} is negative; 0 is for noise")
    particle_id = np.full(len(rows), UNKNOWN, np.int64)
    particle_id[row] = table["particle_id"]
    if "weight" not in table.columns:
        return Truth(particle_id)
    table.refuse(table["weight"] < 0, "weight {weight} is negative; it must be 0 or more")
    weight = np.zeros(len(rows))
    weight[row] = table["weight"]
    return Truth(particle_id, weight)


def _particles(table: FileTable, truth: Truth | None) -> Particles:
    ids = table["particle_id"]
    table.refuse(ids <= NOISE, "particle_id {particle_id} must be positive; 0 is for noise")
    table.refuse(_repeated(ids), "particle_id {particle_id} stands twice; keep one of its rows")
    return Particles(
        particle_id=ids,
        momentum=_vectors(table, "px", "py", "pz"),
        vertex=_vectors(table, "vx", "vy", "vz"),
        charge=table["q"].astype(np.float32),
        nhits=_int32(table, "nhits") if "nhits" in table.columns else _count(ids, truth),
    )


def _cells(table: FileTable, rows: "_Rows") -> Cells:
    row = rows.of(table, "a cell of hit_id {hit_id}, which is not among the hits; remove the row")
    ch0, ch1 = (_int32(table, name) for name in ("ch0", "ch1"))
    return Cells(row.astype(np.int32), ch0, ch1, table["value"].astype(np.float32))


class _Rows:
    """Finds the rows of hits by their ids, in whole numbers throughout: ids pass 2^53."""

    def __init__(self, hit_id: NDArray[np.int64]) -> None:
        self._order = np.argsort(hit_id, kind="stable")
        self._sorted = hit_id[self._order]

    def __len__(self) -> int:
        return len(self._sorted)

    def of(self, table: FileTable, complaint: str) -> NDArray[np.int64]:
        """Return the row of each `hit_id` of a table, or refuse the first that is not there."""
        wanted = table["hit_id"]
        place = np.searchsorted(self._sorted, wanted).clip(max=len(self) - 1)
        table.refuse(self._sorted[place] != wanted, complaint)
        rows: NDArray[np.int64] = self._order[place]
        return rows


def _repeated(ids: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return where an id stands that stood before."""
    repeated = np.ones(len(ids), np.bool_)
    repeated[np.unique(ids, return_index=True)[1]] = False
    return repeated


def _vectors(table: FileTable, *names: str) -> NDArray[np.float32]:
    with np.errstate(over="ignore"):  # what overflows is refused just below
        vectors = np.stack(
            [table[name] for name in names], axis=1, dtype=np.float32, casting="same_kind"
        )
    finite = np.asarray(np.isfinite(vectors).all(axis=1))
    table.refuse(~finite, f"{', '.join(names)} must fit a float32")
    return vectors


def _int32(table: FileTable, name: str) -> NDArray[np.int32]:
    wrong = (table[name] < 0) | (table[name] > np.iinfo(np.int32).max)
    table.refuse(wrong, f"{name} is {{{name}}}; it must be from 0 to 2147483647")
    return table[name].astype(np.int32)


def _count(ids: NDArray[np.int64], truth: Truth | None) -> NDArray[np.int32]:
    """Return the hits of each particle that truth knows of; 0 without truth."""
    known = np.sort(truth.particle_id) if truth else np.empty(0, np.int64)
    first, last = (np.searchsorted(known, ids, side=side) for side in ("left", "right"))
    return (last - first).astype(np.int32)
