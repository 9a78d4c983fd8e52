"""Events in the format of the TrackML challenge: hits, truth, particles and cells."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
from nearhit.datasets.event_files import EventFile, EventFiles, find_events, several
from nearhit.datasets.file_table import FileTable, Rows, repeated
from nearhit.datasets.parsing import RECIPE, Parsing
from nearhit.datasets.read_table import read_table
from nearhit.datasets.reader import FoundEvent
from nearhit.datasets.recipe import recipe_in

from nearhit.data.event import (
    NOISE,
    UNKNOWN,
    Cells,
    Event,
    Hits,
    Particles,
    Truth,
    hits_of_particles,
)
from nearhit.data.recipe import EventRecipe
from nearhit.errors import BadInputError

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
_TRUE_PLACE: dict[str, type] = dict.fromkeys(("tx", "ty", "tz"), float)
_FARTHEST = 100
"""From a hit to where its particle was, mm. Strips are 10 mm long; the challenge's hits are at most
6 mm away."""

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
    """A prefix, directory or zip archive of files as CSV, gzipped CSV or Parquet."""

    name = "trackml"

    def find(self, source: Path) -> list[FoundEvent]:
        """Return the events at a path."""
        return [
            FoundEvent(
                event.name, _read_of(event), partial(_event, event, cells=False), event.prefix
            )
            for event in find_events(source)
            if "measurements" not in event.files
        ]


READER = TrackmlReader()


def read_event(source: Path | str, *, cells: bool = False) -> Event:
    """Read one event.

    Truth may cover only some of the hits; the others are `UNKNOWN`, which differs from noise.

    Args:
        source: a path prefix such as `DIR/event000021000`, or a directory or zip archive that holds
            one event, or a prefix inside one. Files are plain or `.gz`; only hits are needed.
        cells: whether to read the cells as well, which are many.

    Raises:
        BadInputError: there is no such event or more than one, or a file is wrong; the sentence
            names the file and the line or column.
    """
    events = list(find_events(source))
    if len(events) > 1:
        raise BadInputError(several(source, len(events), events[0].prefix))
    return _event(events[0], cells=cells)


def read_events(source: Path | str, *, cells: bool = False) -> Iterator[Event]:
    """Yield the events of a directory or zip archive in order of name, each read on demand.

    Raises:
        BadInputError: as `read_event`.
    """
    for files in find_events(source):
        yield _event(files, cells=cells)


def _event(found: EventFiles, *, cells: bool) -> Event:
    files = found.files
    hits = _hits(read_table(files["hits"], _HITS))
    rows = Rows(hits.hit_id)
    truth = particles = table = None
    if "truth" in files:
        table = read_table(files["truth"], _TRUTH, {"weight": float} | _TRUE_PLACE)
        truth = _truth(table, rows)
        _check_places(table, hits, rows)
    if "particles" in files:
        particles = _particles(read_table(files["particles"], _PARTICLES, {"nhits": int}), truth)
    if table is not None and particles is not None:
        _check_particles(table, particles)
    fired = None
    if cells and "cells" in files:
        fired = _cells(read_table(files["cells"], _CELLS), rows)
    return Event(found.name, hits, truth, particles, fired, _recipe(files))


def _read_of(found: EventFiles) -> tuple[EventFile, ...]:
    """Return the files that are read for an event without its cells, which are the largest."""
    return tuple(file for kind, file in found.files.items() if kind != "cells")


def _recipe(files: dict[str, EventFile]) -> EventRecipe:
    """Return the recipe of an event that nearhit simulated; empty for others."""
    if "recipe" not in files:
        return {}
    content = files["recipe"].content()
    with Parsing(files["recipe"].label, RECIPE):
        return recipe_in(content)


def _hits(table: FileTable) -> Hits:
    if not len(table["hit_id"]):
        raise BadInputError(f"{table.label} has no hit below its header.")
    table.refuse(repeated(table["hit_id"]), "hit_id {hit_id} occurs twice; give each hit its own")
    x, y, z = (table.float32(axis) for axis in "xyz")
    place = (table.int32(name) for name in ("volume_id", "layer_id", "module_id"))
    return Hits(table["hit_id"], x, y, z, *place)


def _truth(table: FileTable, rows: Rows) -> Truth:
    table.refuse(repeated(table["hit_id"]), "hit_id {hit_id} occurs twice; keep one of its rows")
    row = rows.of(
        table, "hit_id", "truth for hit_id {hit_id}, which is not among the hits; remove the row"
    )
    table.refuse(
        table["particle_id"] < 0, "particle_id {particle_id} is negative; write 0 for noise"
    )
    particle_id = np.full(len(rows), UNKNOWN, np.int64)
    particle_id[row] = table["particle_id"]
    if "weight" not in table.columns:
        return Truth(particle_id)
    table.refuse(table["weight"] < 0, "weight {weight} is negative; it must be 0 or more")
    weight = np.zeros(len(rows))
    weight[row] = table["weight"]
    return Truth(particle_id, weight)


def _check_places(table: FileTable, hits: Hits, rows: Rows) -> None:
    """Raise `BadInputError` if the true positions of particles are not close to their hits."""
    if not _TRUE_PLACE.keys() <= table.columns.keys():
        return
    row = rows.of(table, "hit_id", "")
    true = np.stack([table[name] for name in _TRUE_PLACE], axis=1)
    with np.errstate(over="ignore"):  # what overflows is far, too
        far = np.linalg.norm(hits.positions[row] - true, axis=1) > _FARTHEST
    table.refuse(
        far,
        f"the particle was more than {_FARTHEST} mm from hit_id {{hit_id}}; the files are of two "
        "events",
    )


def _check_particles(table: FileTable, particles: Particles) -> None:
    """Raise `BadInputError` if truth names a particle that is not in the table of particles."""
    ids = table["particle_id"]
    table.refuse(
        ~np.isin(ids, particles.particle_id) & (ids != NOISE),
        "particle_id {particle_id} is not in the file of particles; take all files of one event",
    )


def _particles(table: FileTable, truth: Truth | None) -> Particles:
    ids = table["particle_id"]
    table.refuse(ids <= NOISE, "particle_id {particle_id} must be positive; 0 means noise")
    table.refuse(repeated(ids), "particle_id {particle_id} occurs twice; keep one of its rows")
    return Particles(
        particle_id=ids,
        momentum=table.vectors("px", "py", "pz"),
        vertex=table.vectors("vx", "vy", "vz"),
        charge=table.float32("q"),
        nhits=table.int32("nhits") if "nhits" in table.columns else hits_of_particles(ids, truth),
    )


def _cells(table: FileTable, rows: Rows) -> Cells:
    row = rows.of(
        table, "hit_id", "a cell of hit_id {hit_id}, which is not among the hits; remove the row"
    )
    ch0, ch1 = (table.int32(name) for name in ("ch0", "ch1"))
    return Cells(row.astype(np.int32), ch0, ch1, table.float32("value"))
