"""The files of a site that are no pages: rows as CSV and JSON, raw records, scripts and styles."""

import csv
import gzip
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from nearhit.records.record import Record
from nearhit.records.row import Row
from nearhit.report.columns import flat

from .links import ASSETS, DATA, section_slug
from .site import Site

RAW = f"{DATA}/records.jsonl.gz"


def data_files(site: Site) -> Iterator[tuple[str, bytes]]:
    """Yield names and contents: the rows of every section, of all together, and raw records."""
    every: list[Row] = []
    for section in site.sections:
        every += section.rows
        yield from _both(section_slug(section), section.rows)
    yield from _both("records", every)
    yield RAW, raw_records(row.record for section in site.sections for row in section.rows)


def copy_assets(folder: Path) -> None:
    """Copy scripts, styles and their licences."""
    (folder / ASSETS).mkdir()
    for file in files(__package__).joinpath(ASSETS).iterdir():
        (folder / ASSETS / file.name).write_bytes(file.read_bytes())


def csv_of(rows: Sequence[dict[str, Any]]) -> str:
    """Return rows as CSV; what was not measured is empty."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def raw_records(records: Iterable[Record]) -> bytes:
    """Return records with every repetition, a line each; the same records give the same bytes."""
    lines = "".join(f"{record.to_json()}\n" for record in records)
    return gzip.compress(lines.encode(), mtime=0)


def _both(name: str, rows: Iterable[Row]) -> Iterator[tuple[str, bytes]]:
    content = [flat(row) for row in rows]
    yield f"{DATA}/{name}.csv", csv_of(content).encode()
    text = json.dumps(content, allow_nan=False, ensure_ascii=False, indent=1)
    yield f"{DATA}/{name}.json", text.encode()
