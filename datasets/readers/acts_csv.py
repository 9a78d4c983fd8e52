"""Events in the CSV files of the ACTS examples: measurements, simulated hits and particles."""

from functools import partial
from pathlib import Path

import numpy as np
from nearhit.datasets.barcode import FIELDS, MOST, Barcode
from nearhit.datasets.event_files import EventFile, EventFiles, events_at
from nearhit.datasets.file_table import FileTable, Rows, repeated
from nearhit.datasets.read_table import read_table
from nearhit.datasets.reader import FoundEvent
from numpy.typing import NDArray

from nearhit.data.event import NOISE, UNKNOWN, Event, Hits, Particles, Truth, hits_of_particles
from nearhit.errors import BadInputError

_PLACES = ("global_x", "global_y", "global_z")
_MEASUREMENTS = {"measurement_id": int, "geometry_id": int, **dict.fromkeys(_PLACES, float)}
_WHERE: dict[str, type] = {"geometry_id": int}
_MAP: dict[str, type] = {"measurement_id": int, "hit_id": int}
_ID: dict[str, type] = {f"particle_id_{name}": int for name in FIELDS}
_MOTION: dict[str, type] = dict.fromkeys(("vx", "vy", "vz", "px", "py", "pz", "q"), float)


class ActsReader:
    """Files of `CsvMeasurementWriter`, and for truth of `CsvSimHitWriter` and of particles."""

    name = "acts"

    def find(self, source: Path) -> list[FoundEvent]:
        """Return the events at a path."""
        return [
            FoundEvent(
                event.name, tuple(event.files.values()), partial(_event, event), event.prefix
            )
            for event in events_at(source)
            if "measurements" in event.files
        ]


READER = ActsReader()


def _event(found: EventFiles) -> Event:
    table = read_table(found.files["measurements"], _MEASUREMENTS)
    if not len(table["measurement_id"]):
        raise BadInputError(f"{table.label} has no measurement below its header.")
    truth = _truth(found.files, table)
    particles = None if truth is None else _particles(found.files, truth)
    return Event(found.name, _hits(table), truth, particles)


def _hits(table: FileTable) -> Hits:
    geometry, ids = table["geometry_id"], table["measurement_id"]
    table.refuse(
        (ids < 0) | (ids == np.iinfo(np.int64).max),
        "measurement_id is {measurement_id}; it must be 0 or more and below 2^63 - 1",
    )
    table.refuse(repeated(ids), "measurement {measurement_id} occurs twice; keep one of its rows")
    table.refuse(geometry < 0, "geometry_id {geometry_id} is negative")
    x, y, z = (table.float32(name) for name in _PLACES)
    return Hits(
        hit_id=ids + 1,
        x=x,
        y=y,
        z=z,
        volume=_bits(geometry, 56, 8),
        layer=_bits(geometry, 36, 12),
        module=_bits(geometry, 8, 20),
    )


def _bits(geometry_id: NDArray[np.int64], shift: int, width: int) -> NDArray[np.int32]:
    """Return a field of ACTS geometry ids: volume, layer or sensitive surface."""
    return ((geometry_id >> shift) & ((1 << width) - 1)).astype(np.int32)


def _truth(files: dict[str, EventFile], measured: FileTable) -> Truth | None:
    if "measurement-simhit-map" not in files or "hits" not in files:
        return None
    made_by = read_table(files["measurement-simhit-map"], _MAP)
    hits = read_table(files["hits"], _ID, _WHERE)
    simulated = _particle_id(hits)
    made_by.refuse(
        (made_by["hit_id"] < 0) | (made_by["hit_id"] >= len(simulated)),
        "simulated hit {hit_id} is not in the file of hits; the files are of two events",
    )
    row = Rows(measured["measurement_id"]).of(
        made_by,
        "measurement_id",
        "measurement {measurement_id} is not in the file of measurements, that of another event",
    )
    if "geometry_id" in hits.columns:
        made_by.refuse(
            hits["geometry_id"][made_by["hit_id"]] != measured["geometry_id"][row],
            "simulated hit {hit_id} lies in another module than measurement {measurement_id}; the "
            "files are of two events",
        )
    particle_id = np.full(len(measured["measurement_id"]), UNKNOWN, np.int64)
    # If several particles made a measurement, the first one counts.
    particle_id[row[::-1]] = simulated[made_by["hit_id"]][::-1]
    return Truth(particle_id)


def _particles(files: dict[str, EventFile], truth: Truth) -> Particles | None:
    kinds = ("particles_simulated", "particles_initial", "particles")
    file = next((files[kind] for kind in kinds if kind in files), None)
    if file is None:
        return None
    table = read_table(file, _ID | _MOTION)
    ids = _particle_id(table)
    table.refuse(ids <= NOISE, "the ids of a particle must not all be 0, which means noise")
    table.refuse(repeated(ids), "a particle occurs twice; keep one of its rows")
    return Particles(
        particle_id=ids,
        momentum=table.vectors("px", "py", "pz"),
        vertex=table.vectors("vx", "vy", "vz"),
        charge=table.float32("q"),
        nhits=hits_of_particles(ids, truth),
    )


def _particle_id(table: FileTable) -> NDArray[np.int64]:
    for name, most in zip(_ID, MOST, strict=True):
        table.refuse(
            (table[name] < 0) | (table[name] > most),
            f"{name} is {{{name}}}; it must be from 0 to {most}",
        )
    return Barcode(tuple(table[name] for name in _ID)).particle_id
