"""Writes a folder of results from the records in it."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from nearhit.contract.certificate import Certificate
from nearhit.errors import BadInputError
from nearhit.records import atomic_writes
from nearhit.records.record import Record

from .blocks import insert_tables
from .chart import Chart
from .columns import flat
from .drawing import save_charts
from .growth import growth_tables
from .markdown import tables_page
from .notes import Stale, abridged, never_stale
from .overview import overview
from .plots import growth, section_charts
from .section import Section, found_in
from .speed_map import speed_maps

__all__ = ["insert_tables", "write_report"]


def write_report(
    records: Iterable[Record],
    folder: Path,
    certificates: Iterable[Certificate] = (),
    stale: Stale = never_stale,
    left_out: Sequence[str] = (),
) -> Sequence[Section]:
    """Write README.md, tables.md, records.csv, records.parquet and plots; return the sections.

    The same records give the same tables. Plots of sections that have no records any more stay.

    Args:
        records: of any number of events, machines and commits.
        folder: of results.
        certificates: what libraries do with the contract.
        stale: says why a record is stale.
        left_out: a sentence for each file that could not be read; both pages have them, too.

    Raises:
        BadInputError: there are no records, or the folder cannot be written.
    """
    every = found_in(records, certificates, stale)
    found = every.sections
    if not found:
        raise BadInputError(f"{folder} holds no records: measure some with 'nearhit run'.")
    try:
        plots = {section.title: _plots(section, folder) for section in found}
        growths = growth_tables(found)
        maps = _drawn(speed_maps(found), folder, "speed-map")
        growth_plots = _drawn(map(growth, growths), folder, "growth")
        _write_rows(found, folder)
        notes = [line.replace(f"{folder}/", "") for line in abridged(left_out)]
        notes += every.machines.sentences
        tables = tables_page(found, plots, maps, growths, growth_plots, every.certificates, notes)
        atomic_writes.replace(folder / "tables.md", tables)
        atomic_writes.replace(folder / "README.md", overview(found, notes))
    except OSError as error:
        raise BadInputError(f"{folder} cannot be written ({error.strerror}).") from error
    return found


def _plots(section: Section, folder: Path) -> list[str]:
    """Draw the plots of a section and return the PNG files relative to the folder."""
    cell, provenance = section.first.cell, section.first.provenance
    event = "".join(letter if letter.isalnum() else "-" for letter in cell.event).strip("-")
    place = (provenance.machine.name, f"{event}-{cell.event_digest[:8]}", provenance.commit)
    return _drawn(section_charts(section), folder, *place)


def _drawn(charts: Iterable[Chart], folder: Path, *place: str) -> list[str]:
    drawn = save_charts(charts, folder.joinpath("plots", *place))
    return [file.relative_to(folder).as_posix() for file in drawn]


def _write_rows(found: Sequence[Section], folder: Path) -> None:
    frame = pd.DataFrame([flat(row) for section in found for row in section.rows])
    atomic_writes.replace(folder / "records.csv", frame.to_csv(index=False))
    atomic_writes.replace(folder / "records.parquet", frame.to_parquet(index=False))
