"""Small valid files of every format that is read, as bytes by name."""

import gzip
import io
import json
import zipfile
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

ID = "particle_id_pv,particle_id_sv,particle_id_part,particle_id_gen,particle_id_subpart"

TRACKML = {
    "hits": [
        "hit_id,x,y,z,volume_id,layer_id,module_id",
        "1,10.5,-2,300,7,2,1",
        "2,1e1,0.25,-1500,8,4,99",
        "5,-7,8,9,8,4,100",
    ],
    "truth": [
        "hit_id,particle_id,tx,ty,tz,weight",
        "1,4503668346847232,10,-2,300,0.5",
        "2,4503668346847232,10,0,-1500,0.25",
        "5,0,-7,8,9,0",
    ],
    "particles": [
        "particle_id,vx,vy,vz,px,py,pz,q,nhits",
        "4503668346847232,0,0,1,3,4,0,-1,2",
        "7,0,0,0,1,0,0,1,0",
    ],
    "cells": ["hit_id,ch0,ch1,value", "5,1,2,0.5", "1,3,4,0.25"],
}
ACTS = {
    "measurements": [
        "measurement_id,geometry_id,local0,global_x,global_y,global_z",
        f"0,{8 << 56 | 2 << 36 | 7 << 8},0.5,1,2,3",
        f"1,{8 << 56 | 4 << 36 | 9 << 8},0.5,4,5,6",
        f"2,{9 << 56 | 2 << 36 | 1 << 8},0.5,7,8,9",
    ],
    "measurement-simhit-map": ["measurement_id,hit_id", "0,1", "0,0", "1,2"],
    "hits": [
        ID + ",tx",
        "1,0,3,0,0,0.5",
        "1,0,2,0,0,0.5",
        "0,0,0,0,0,0.5",
    ],
    "particles_simulated": [
        ID + ",vx,vy,vz,px,py,pz,q",
        "1,0,2,0,0,0,0,1,3,4,5,-1",
    ],
}
COLLIDERML = {
    "tracker_hits": {
        "event_id": [7, 8],
        **{axis: [[1.0, 2.0], [3.0, 4.0, 5.0]] for axis in "xyz"},
        "particle_id": [[0, 1], [2, 2, 0]],
        **{name: [[1, 2], [1, 1, 2]] for name in ("volume_id", "layer_id", "surface_id")},
    },
    "particles": {
        "event_id": [7, 8],
        "particle_id": [[0, 1], [0, 2]],
        **{name: [[3.0, 0.3], [1.0, 2.0]] for name in ("px", "py", "pz", "vx", "vy", "vz")},
        "charge": [[1.0, -1.0], [1.0, 1.0]],
    },
}
TABLE = {"gx": [1.0, 2.0, 3.0], "gy": [0.0, 1.0, 0.0], "gz": [5.0, 6.0, 7.0], "pid": [3, 0, -1]}
NAMES = {"x": "gx", "y": "gy", "z": "gz", "particle_id": "pid"}
RECIPE = {"recipe": "muons", "seed": 3, "process": "gun", "gun_pt": [0.5, 10.0], "nuclear": True}


@dataclass(frozen=True)
class SmallSource:
    """Files by their path in a folder, what to open in it, and how its columns are called."""

    files: dict[str, bytes]
    opened: str
    columns: dict[str, str] = field(default_factory=dict)


def csv_of(lines):
    return ("\n".join(lines) + "\n").encode()


def packed_by(method, members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def parquet_of(table, **options):
    buffer = io.BytesIO()
    table = table if isinstance(table, pa.Table) else pa.table(table)
    pa.parquet.write_table(table, buffer, **options)
    return buffer.getvalue()


def npy_of(array):
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def npz_of(arrays, save=np.savez):
    buffer = io.BytesIO()
    save(buffer, **arrays)
    return buffer.getvalue()


def structured(table):
    kinds = [(name, np.asarray(column).dtype) for name, column in table.items()]
    return np.array(list(zip(*table.values(), strict=True)), dtype=kinds)


def table_as(form, table):
    """Return columns as the content of a CSV, Parquet or NumPy file."""
    if form == "parquet":
        return parquet_of(table)
    if form == "npz":
        return npz_of({name: np.array(column) for name, column in table.items()})
    if form == "npy":
        return npy_of(structured(table))
    rows = zip(*table.values(), strict=True)
    text = csv_of([",".join(table), *(",".join(map(str, row)) for row in rows)])
    return gzip.compress(text, mtime=0) if form == "csv.gz" else text


def _event(kinds, form, pack):
    return {f"event000000001-{kind}.{form}": pack(lines) for kind, lines in kinds.items()}


def _as_parquet(lines):
    return parquet_of(pa.csv.read_csv(io.BytesIO(csv_of(lines))))


def _zip(method):
    name = "events.zip"
    members = _event(TRACKML, "csv", csv_of)
    return SmallSource({name: packed_by(method, members)}, name)


def _table(form, **columns):
    return SmallSource({f"hits.{form}": table_as(form, TABLE | columns)}, f"hits.{form}", NAMES)


_COLLIDERML = {
    f"{kind}/one.parquet": parquet_of(table, row_group_size=1) for kind, table in COLLIDERML.items()
}
_RECIPE = {"event000000001-recipe.json": json.dumps(RECIPE).encode()}

SOURCES = {
    "trackml": SmallSource(_event(TRACKML, "csv", csv_of), "."),
    "trackml-recipe": SmallSource(_event({"hits": TRACKML["hits"]}, "csv", csv_of) | _RECIPE, "."),
    "trackml-gz": SmallSource(
        _event(TRACKML, "csv.gz", lambda lines: gzip.compress(csv_of(lines), mtime=0)), "."
    ),
    "trackml-parquet": SmallSource(_event(TRACKML, "parquet", _as_parquet), "event000000001"),
    "zip-stored": _zip(zipfile.ZIP_STORED),
    "zip-deflated": _zip(zipfile.ZIP_DEFLATED),
    "zip-bzip2": _zip(zipfile.ZIP_BZIP2),
    "zip-lzma": _zip(zipfile.ZIP_LZMA),
    "acts": SmallSource(_event(ACTS, "csv", csv_of), "."),
    "colliderml": SmallSource(_COLLIDERML, "."),
    "colliderml-event": SmallSource(_COLLIDERML, "event000000008"),
    "csv": _table("csv"),
    "csv.gz": _table("csv.gz"),
    "csv-events": _table("csv", event=[1, 1, 2], weight=[0.5, 0.5, 0], volume=[7, 8, 9]),
    "parquet": _table("parquet"),
    "npz": _table("npz"),
    "npz-compressed": SmallSource(
        {"hits.npz": npz_of({axis: np.arange(9.0) for axis in "xyz"}, np.savez_compressed)},
        "hits.npz",
    ),
    "npy": _table("npy"),
    "npy-matrix": SmallSource({"hits.npy": npy_of(np.eye(3))}, "hits.npy"),
}
"""A source of each format, and of each way to pack it."""
