"""Writes events in the format of the TrackML challenge."""

import gzip
import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from nearhit.errors import BadInputError
from nearhit.event import UNKNOWN, Cells, Event, Hits, Particles, Truth


def write_event(event: Event, prefix: Path | str) -> None:
    """Write PREFIX-hits.csv.gz and, where the event has them, truth, particles and cells.

    The same event gives the same bytes. Numbers keep six significant digits, as in the challenge.
    Either all files are written or none.

    Raises:
        BadInputError: the folder cannot be written.
    """
    contents = {f"{prefix}-{kind}.csv.gz": _packed(table) for kind, table in _tables(event)}
    parts = {file: Path(f"{file}.{os.getpid()}.part") for file in contents}
    try:
        for file, part in parts.items():
            part.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(contents[file])
        for file, part in parts.items():
            part.replace(file)
    except OSError as error:
        for part in filter(Path.exists, parts.values()):
            part.unlink()
        raise BadInputError(
            f"{prefix} cannot be written ({error.strerror}): choose another folder."
        ) from error


def _tables(event: Event) -> Iterator[tuple[str, dict[str, Any]]]:
    ids = event.hits.hit_id
    yield "hits", _hits(event.hits)
    if event.truth:
        yield "truth", _truth(event.truth, ids)
    if event.particles:
        yield "particles", _particles(event.particles)
    if event.cells:
        yield "cells", _cells(event.cells, ids)


def _hits(hits: Hits) -> dict[str, Any]:
    return {
        "hit_id": hits.hit_id,
        "x": hits.x,
        "y": hits.y,
        "z": hits.z,
        "volume_id": hits.volume,
        "layer_id": hits.layer,
        "module_id": hits.module,
    }


def _truth(truth: Truth, ids: np.ndarray[Any, Any]) -> dict[str, Any]:
    known = truth.particle_id != UNKNOWN
    columns = {"hit_id": ids[known], "particle_id": truth.particle_id[known]}
    return columns if truth.weight is None else columns | {"weight": truth.weight[known]}


def _particles(particles: Particles) -> dict[str, Any]:
    return {
        "particle_id": particles.particle_id,
        **dict(zip(("vx", "vy", "vz"), particles.vertex.T, strict=True)),
        **dict(zip(("px", "py", "pz"), particles.momentum.T, strict=True)),
        "q": particles.charge,
        "nhits": particles.nhits,
    }


def _cells(cells: Cells, ids: np.ndarray[Any, Any]) -> dict[str, Any]:
    return {"hit_id": ids[cells.hit], "ch0": cells.ch0, "ch1": cells.ch1, "value": cells.value}


def _packed(columns: dict[str, Any]) -> bytes:
    text = io.StringIO()
    pd.DataFrame(columns).to_csv(text, index=False, float_format="%.6g", lineterminator="\n")
    return gzip.compress(text.getvalue().encode(), compresslevel=9, mtime=0)
