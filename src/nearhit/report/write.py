"""Writes a folder of results from the records in it."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from nearhit.certificate import Certificate
from nearhit.errors import BadInputError
from nearhit.record import Record

from .blocks import insert_tables
from .certificates import broken_by_library, newest_certificates
from .growth import growth_tables
from .markdown import results_page
from .plots import draw_growth, draw_plots
from .section import Section, sections

__all__ = ["insert_tables", "write_report"]


def write_report(
    records: Iterable[Record], folder: Path, certificates: Iterable[Certificate] = ()
) -> list[Section]:
    """Write README.md, records.csv, records.parquet and plots; return the sections, see `sections`.

    The same records give the same tables. Plots of sections that have no records any more stay.

    Raises:
        BadInputError: there are no records, or the folder cannot be written.
    """
    held = newest_certificates(certificates)
    found = sections(records, broken_by_library(held))
    if not found:
        raise BadInputError(f"{folder} holds no records: measure some with 'nearhit run'.")
    try:
        plots = {section.title: _plots(section, folder) for section in found}
        growths = growth_tables(found)
        drawn = draw_growth(growths, folder / "plots" / "growth") if growths else []
        growth_plots = [file.relative_to(folder).as_posix() for file in drawn]
        _write_rows(found, folder)
        page = results_page(found, plots, growths, growth_plots, held)
        (folder / "README.md").write_text(page, encoding="utf-8")
    except OSError as error:
        raise BadInputError(f"{folder} cannot be written ({error.strerror}).") from error
    return found


def _plots(section: Section, folder: Path) -> list[str]:
    """Draw the plots of a section and return the PNG files relative to the folder."""
    cell, provenance = section.first.cell, section.first.provenance
    event = "".join(letter if letter.isalnum() else "-" for letter in cell.event).strip("-")
    place = folder / "plots" / provenance.machine.name / f"{event}-{cell.event_digest[:8]}"
    drawn = draw_plots(section, place / provenance.commit)
    return [file.relative_to(folder).as_posix() for file in drawn]


def _write_rows(found: Sequence[Section], folder: Path) -> None:
    rows = [section.row(record) for section in found for record in section.every]
    frame = pd.DataFrame(rows)
    frame["versions"] = [
        " ".join(f"{k}={v}" for k, v in sorted(row["versions"].items())) for row in rows
    ]
    frame["breaks"] = [", ".join(row["breaks"]) for row in rows]
    frame.to_csv(folder / "records.csv", index=False)
    frame.to_parquet(folder / "records.parquet", index=False)
