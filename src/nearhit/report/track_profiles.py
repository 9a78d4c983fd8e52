"""Plots of what trackers find: against pT and η, and of what size."""

from collections.abc import Iterator

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from nearhit.cells.words import pipeline_in_words
from nearhit.records.results import Tracking
from nearhit.scoring import AXES

from .section import Section
from .tables import Table

_MOST = 7  # lines that can be told apart


def track_profiles(section: Section) -> Iterator[tuple[str, Figure]]:
    """Efficiency and fakes of the front, and of all in the whole event, against pT and η."""
    for table in section.track_tables:
        drawn = _drawn(table)
        if not drawn:
            continue
        figure = Figure(figsize=(11, 8), layout="constrained")
        panels = figure.subplots(2, len(AXES))
        for place, (name, tracking) in enumerate(drawn):
            for axis, (upper, lower) in zip(AXES, panels.T, strict=True):
                counts = {key: np.array(row) for key, row in tracking.profiles[axis.name].items()}
                style = {"color": f"C{place}", "label": name}
                found, fakes = counts["double_majority_found"], counts["fakes"]
                _shares(upper, counts["edges"], found, counts["trackable"], style)
                _shares(lower, counts["edges"], fakes, counts["tracks"], style)
                upper.set(ylabel="track efficiency", xlabel=axis.label)
                lower.set(ylabel="share of fakes", xlabel=f"{axis.label} of the track's own hits")
        for axes in panels[:, 0]:
            if axes.has_data():  # events without particles have no pT to show
                axes.set_xscale("log")
        handles, labels = panels[1, -1].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower center", fontsize=7)
        figure.suptitle(f"{section.title_over(table.rows)}\n{table.title}")
        yield f"against-pt-and-eta-{table.slug}", figure


def found_sizes(section: Section) -> Iterator[tuple[str, Figure]]:
    """Hits on a particle's best track against hits of the particle, for the best pipeline."""
    for table in section.track_tables:
        drawn = _drawn(table)[-1:]
        for name, tracking in drawn:
            sizes = np.array(tracking.found_sizes, float)
            figure = Figure(figsize=(6, 5), layout="constrained")
            axes = figure.subplots()
            shown = axes.pcolormesh(np.where(sizes.T > 0, sizes.T, np.nan), cmap="viridis")
            axes.plot([0, len(sizes)], [0, len(sizes)], "k-", linewidth=0.5)
            figure.colorbar(shown, label="trackable particles")
            axes.set(
                xlabel="hits of the particle",
                ylabel="of those on its best track",
                title=f"{section.title_over(table.rows)}\n{name}",
            )
            yield f"sizes-{table.slug}", figure


def _drawn(table: Table) -> list[tuple[str, Tracking]]:
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


def _shares(
    axes: Axes,
    edges: NDArray[np.float64],
    part: NDArray[np.float64],
    whole: NDArray[np.float64],
    style: dict[str, str],
) -> None:
    """Draw a share in each bin that has enough, with its binomial error."""
    there = whole > 0
    if not there.any():
        return
    share = part[there] / whole[there]
    error = np.sqrt(share * (1 - share) / whole[there])
    middle = ((edges[1:] + edges[:-1]) / 2)[there]
    axes.errorbar(middle, share, error, fmt=".-", linewidth=1, **style)  # type: ignore[arg-type]
    axes.set_ylim(0, 1.02)
