"""Plots of what trackers find: against pT and η, and of what size."""

from collections.abc import Iterator, Sequence

import numpy as np

from nearhit.cells.words import pipeline_in_words
from nearhit.records.results import Tracking
from nearhit.scoring import AXES
from nearhit.scoring.profiles import ProfileAxis

from .chart import Axis, Chart, Heat, Panel, Series
from .section import Section
from .tables import Table

_MOST = 7  # lines that can be told apart
_PT_TICKS = (0.1, 0.2, 0.5, 1, 2, 5, 10)

Named = tuple[str, Tracking]


def track_profiles(section: Section) -> Iterator[Chart]:
    """Yield efficiency and fakes of the front, and of all in the whole event, by pT and η."""
    for table in section.track_tables:
        if drawn := _drawn(table):
            title = f"{section.title_over(table.rows)}: {table.title}"
            panels = tuple(_shares(drawn, axis, figure) for figure in _FIGURES for axis in AXES)
            name = f"against-pt-and-eta-{table.slug}"
            yield Chart(name, title, panels, columns=len(AXES), height=3.6)


_FIGURES = (
    ("double_majority_found", "trackable", "track efficiency", "{}"),
    ("fakes", "tracks", "share of fakes", "{} of the track's own hits"),
)
"""Counts of the part and of the whole, labels of their share and of what it is against."""


def _shares(drawn: Sequence[Named], axis: ProfileAxis, figure: tuple[str, str, str, str]) -> Panel:
    part, whole, label, against = figure
    series = (_share(name, tracking, axis.name, part, whole) for name, tracking in drawn)
    log = axis.name == "pt"
    across = Axis(against.format(axis.label), log=log, ticks=_PT_TICKS if log else ())
    return Panel(across, Axis(label, limits=(0, 1.02)), tuple(one for one in series if len(one.x)))


def _share(name: str, tracking: Tracking, axis: str, part: str, whole: str) -> Series:
    """Return a share in each bin that has any, with its binomial error."""
    counts = {key: np.array(row, float) for key, row in tracking.profiles[axis].items()}
    all_of = counts[whole]
    held, edges = all_of > 0, counts["edges"]
    share = counts[part][held] / all_of[held]
    middle = ((edges[1:] + edges[:-1]) / 2)[held]
    return Series(name, middle, share, "line", error=np.sqrt(share * (1 - share) / all_of[held]))


def found_sizes(section: Section) -> Iterator[Chart]:
    """Yield hits on a particle's best track against hits of the particle, of the best pipeline."""
    for table in section.track_tables:
        for name, tracking in _drawn(table)[-1:]:
            title = f"{section.title_over(table.rows)}: {name}"
            yield Chart(f"sizes-{table.slug}", title, (sizes_panel(tracking.found_sizes),))


def sizes_panel(counts: Sequence[Sequence[int]], title: str = "") -> Panel:
    """Return counts of particles by their hits and by those of them that were found together."""
    sizes = np.array(counts, float).T
    places = [place - 0.5 for place in range(len(sizes) + 1)]
    return Panel(
        Axis("hits of the particle", limits=(-0.5, len(sizes[0]) - 0.5)),
        Axis("of those on its best track", limits=(-0.5, len(sizes) - 0.5)),
        (Series("all of them", places, places, "steps", faint=True),),
        Heat(sizes.tolist(), "trackable particles"),
        title,
    )


def _drawn(table: Table) -> list[Named]:
    """Return the front, and what else looks in the whole event, the highest score last."""
    named = [
        (row.trackml_score or 0.0, pipeline_in_words(row.cell), row.record.tracking)
        for row in table.rows
        if (row.front or row.cell.takes_whole_event) and row.record.tracking
    ]
    drawn = [one for one in named if one[2].profiles]
    return [(name, tracking) for _, name, tracking in sorted(drawn, key=lambda one: one[:2])][
        -_MOST:
    ]
