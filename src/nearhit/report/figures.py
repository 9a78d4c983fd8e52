"""The few figures that README and docs show, as SVG files whose names stay."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from .blocks import ageless, tracks_section, usual_tracks
from .chart import Chart
from .drawing import save_charts
from .growth import growth_tables
from .headline import headline_of, headline_section
from .plots import growth, track_fronts
from .section import Section
from .speed_bars import speed_bars


def draw_figures(found: Sequence[Section], folder: Path) -> list[Path]:
    """Draw `FIGURES`, those alone that the records allow, and return the files.

    They are of the same sections as the tables that `insert_tables` puts into pages.

    Raises:
        BadInputError: the folder cannot be written.
    """
    drawn = ((name, next(charts(found), None)) for name, charts in FIGURES.items())
    named = (replace(chart, name=name) for name, chart in drawn if chart)
    return save_charts(named, folder, png=False)


def _speed(found: Sequence[Section]) -> Iterator[Chart]:
    section = headline_section(found)
    rows = headline_of(section).rows if section else ()
    if timed := [row for row in rows if row.seconds_per_event]:
        yield speed_bars(timed)


def _score(found: Sequence[Section]) -> Iterator[Chart]:
    section = tracks_section(found)
    if section is not None:
        yield from track_fronts(Section(tuple(usual_tracks(section))))


def _growth(found: Sequence[Section]) -> Iterator[Chart]:
    tables = growth_tables(map(ageless, found))
    yield from (growth(table) for table in tables if table.every[0].tracker)


FIGURES: dict[str, Callable[[Sequence[Section]], Iterator[Chart]]] = {
    "speed": _speed,
    "score": _score,
    "growth": _growth,
}
"""Seconds of every library, score against seconds per event, and seconds against hits; of each the
first chart that there is."""
