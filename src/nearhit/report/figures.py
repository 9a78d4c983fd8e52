"""The few figures that README and docs show, as SVG files whose names stay."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from matplotlib.figure import Figure

from .blocks import ageless, tracks_section, usual_tracks
from .drawing import Named, save_figures
from .growth import growth_tables
from .headline import headline_section, is_default
from .plots import front, growth
from .section import Section
from .track_plots import track_front


def draw_figures(found: Sequence[Section], folder: Path) -> list[Path]:
    """Draw `FIGURES`, those alone that the records allow, and return the files.

    They are of the same sections as the tables that `insert_tables` puts into pages.

    Raises:
        BadInputError: the folder cannot be written.
    """
    return save_figures(lambda: _drawn(found), folder, png=False)


def _drawn(found: Sequence[Section]) -> Iterator[Named]:
    for name, draw in FIGURES.items():
        if (figure := draw(found)) is not None:
            yield name, figure


def _efficiency(found: Sequence[Section]) -> Figure | None:
    section = headline_section(found)
    if section is None:
        return None
    table = next(filter(is_default, section.tables))
    return dict(front(ageless(section))).get(f"front-{table.slug}")


def _score(found: Sequence[Section]) -> Figure | None:
    section = tracks_section(found)
    if section is None:
        return None
    shown = Section(tuple(usual_tracks(section)))
    return next((figure for _, figure in track_front(shown)), None)


def _growth(found: Sequence[Section]) -> Figure | None:
    tables = growth_tables(map(ageless, found))
    of_tracks = (table for table in tables if table.every[0].tracker)
    return next((growth(table)[1] for table in of_tracks), None)


FIGURES: dict[str, Callable[[Sequence[Section]], Figure | None]] = {
    "efficiency": _efficiency,
    "score": _score,
    "growth": _growth,
}
"""Efficiency and score against seconds per event, and seconds per event against hits."""
