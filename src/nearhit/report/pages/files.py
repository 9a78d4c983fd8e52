"""The files of a site that are no pages: rows as CSV, raw records, scripts and styles."""

import csv
import gzip
import io
from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from nearhit.records.record import Record
from nearhit.report.columns import flat

from .links import ASSETS, DATA
from .site import Site

RAW = f"{DATA}/records.jsonl.gz"
ROWS = f"{DATA}/records.csv"


def data_files(site: Site) -> Iterator[tuple[str, bytes]]:
    """Yield names and contents: the rows of all sections, and their raw records."""
    rows = [row for section in site.sections for row in section.rows]
    yield ROWS, csv_of([flat(row) for row in rows]).encode()
    yield RAW, raw_records(row.record for row in rows)


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
