"""Write events in the format of the TrackML challenge, as CSV or Parquet."""

import gzip
import io
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from secrets import token_hex
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet
from numpy.typing import NDArray

from nearhit.data.event import UNKNOWN, Cells, Event, Hits, Particles, Truth
from nearhit.errors import BadInputError, unknown

from .columns import Columns, as_table, plain_csv


def write_event(event: Event, prefix: Path | str, form: str = "csv.gz") -> None:
    """Write PREFIX-hits.csv.gz and, if the event has them, truth, particles and cells.

    The same event gives the same bytes. Real numbers are rounded to six significant digits, as in
    the challenge. Either all files are written or none.

    Args:
        event: the event to write.
        prefix: path prefix of the files.
        form: `csv.gz` or `parquet`.

    Raises:
        BadInputError: the form is unknown, or the folder cannot be written.
    """
    check_form(form)
    pack = FORMS[form]
    write_files((f"{prefix}-{kind}.{form}", pack(columns)) for kind, columns in _tables(event))


def check_form(form: str) -> None:
    """Check that a file form is known.

    Raises:
        BadInputError: it is not.
    """
    if form not in FORMS:
        raise unknown("file form", form, FORMS)


def write_files(contents: Iterable[tuple[str, bytes]]) -> None:
    """Write all files or none; the first one given is the last to appear under its name.

    Raises:
        BadInputError: a file cannot be written.
    """
    parts: dict[str, Path] = {}
    try:
        for file, content in contents:
            parts[file] = Path(f"{file}.{token_hex(4)}.part")
            parts[file].parent.mkdir(parents=True, exist_ok=True)
            parts[file].write_bytes(content)
        for file in reversed(parts):
            parts[file].replace(file)
    except OSError as error:
        raise BadInputError(
            f"{next(reversed(parts))} cannot be written ({error.strerror}): make room there or "
            "choose another folder."
        ) from error
    finally:
        for part in filter(Path.exists, parts.values()):
            part.unlink()


def _tables(event: Event) -> Iterator[tuple[str, Columns]]:
    ids = event.hits.hit_id
    yield "hits", _hits(event.hits)
    if event.truth:
        yield "truth", _truth(event.truth, ids)
    if event.particles:
        yield "particles", _particles(event.particles)
    if event.cells:
        yield "cells", _cells(event.cells, ids)


def _hits(hits: Hits) -> Columns:
    return {
        "hit_id": hits.hit_id,
        "x": hits.x,
        "y": hits.y,
        "z": hits.z,
        "volume_id": hits.volume,
        "layer_id": hits.layer,
        "module_id": hits.module,
    }


def _truth(truth: Truth, ids: NDArray[np.int64]) -> Columns:
    known = truth.particle_id != UNKNOWN
    columns: Columns = {"hit_id": ids[known], "particle_id": truth.particle_id[known]}
    if truth.weight is not None:
        columns["weight"] = truth.weight[known].astype(np.float32)
    return columns


def _particles(particles: Particles) -> Columns:
    return {
        "particle_id": particles.particle_id,
        **dict(zip(("vx", "vy", "vz"), particles.vertex.T, strict=True)),
        **dict(zip(("px", "py", "pz"), particles.momentum.T, strict=True)),
        "q": particles.charge.astype(np.int32),
        "nhits": particles.nhits,
    }


def _cells(cells: Cells, ids: NDArray[np.int64]) -> Columns:
    return {"hit_id": ids[cells.hit], "ch0": cells.ch0, "ch1": cells.ch1, "value": cells.value}


def _rounded(column: NDArray[Any]) -> NDArray[Any]:
    """Return real numbers rounded to six significant digits, as float32; integers unchanged."""
    if column.dtype.kind != "f":
        return column
    size = np.abs(column.astype(float))
    digits = 5 - np.floor(np.log10(np.where(size > 0, size, 1.0)))
    scale = 10.0 ** digits.clip(-30, 30)
    return np.asarray((np.rint(column * scale) / scale).astype(np.float32))


def _all_rounded(columns: Columns) -> Columns:
    return {name: np.ascontiguousarray(_rounded(column)) for name, column in columns.items()}


_LEVEL = 1  # gzip level; level 4 saves a ninth of the size and takes twice as long


def _csv_gz(columns: Columns) -> bytes:
    return gzip.compress(plain_csv(_all_rounded(columns)), compresslevel=_LEVEL, mtime=0)


def _parquet(columns: Columns) -> bytes:
    content = io.BytesIO()
    pa.parquet.write_table(as_table(_all_rounded(columns)), content, compression="zstd")
    return content.getvalue()


FORMS: dict[str, Callable[[Columns], bytes]] = {"csv.gz": _csv_gz, "parquet": _parquet}
"""Functions from columns to the content of a file, by file extension."""
