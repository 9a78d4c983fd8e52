"""Plots of three ways to use buckets: tracks against pT, hits on track, seconds by stage."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nearhit.plugins.tracker import STAGES
from nearhit.records.row import row_of

from .chains import Measured
from .drawing import Named, save_figures


def draw_chains(measured: Sequence[Measured], folder: Path) -> list[Path]:
    """Draw what the records allow and return the PNG files.

    Raises:
        BadInputError: the folder cannot be written.
    """
    return save_figures(lambda: _figures(measured), folder)


def _figures(measured: Sequence[Measured]) -> Iterator[Named]:
    found = [one for one in measured if one[1].tracking is not None]
    judged = [one for one in found if one[1].tracking and one[1].tracking.profiles]
    if judged:
        yield "tracks-against-pt", _panels(judged, _against_pt)
        yield "hits-on-track", _panels(judged, _hits_on_track)
    if found:
        yield "seconds-by-stage", _seconds(found)


_Drawing = Callable[[Axes, Measured, str], None]


def _panels(measured: Sequence[Measured], draw: _Drawing) -> Figure:
    """Draw a panel for each chain and cut on seeds."""
    panels = list(dict.fromkeys((step.way.chain, step.seed_pt) for step, _ in measured))
    figure = Figure(figsize=(5.2 * len(panels), 4.6), layout="constrained")
    for axes, (chain, seed_pt) in zip(
        np.atleast_1d(figure.subplots(1, len(panels))), panels, strict=True
    ):
        rows = [one for one in measured if (one[0].way.chain, one[0].seed_pt) == (chain, seed_pt)]
        for place, one in enumerate(rows):
            draw(axes, one, f"C{place}")
        cut = "" if seed_pt is None else f", seeds from {seed_pt:g} GeV"
        axes.set(title=f"{chain}{cut}")
        axes.legend(fontsize=7, loc="upper center", bbox_to_anchor=(0.5, -0.14))
    figure.suptitle(measured[0][1].cell.event)
    return figure


def _against_pt(axes: Axes, one: Measured, color: str) -> None:
    tracking = one[1].tracking
    if tracking is None:
        return
    counts = tracking.profiles["pt"]
    if not axes.patches:
        axes.stairs(counts["trackable"], counts["edges"], color="0.6", label="trackable particles")
    axes.stairs(counts["double_majority_found"], counts["edges"], color=color, label=one[0].label)
    axes.set(xscale="log", xlabel="pT (GeV)", ylabel="particles found", ylim=(0, None))


def _hits_on_track(axes: Axes, one: Measured, color: str) -> None:
    tracking = one[1].tracking
    if tracking is None:
        return
    sizes = tracking.track_sizes
    axes.stairs(sizes, np.arange(len(sizes) + 1) - 0.5, color=color, label=one[0].label)
    axes.set(xlabel="hits on track", ylabel="tracks", ylim=(0, None))


def _seconds(measured: Sequence[Measured]) -> Figure:
    """Draw a bar for each way, in parts by stage."""
    stages = [row_of(record).seconds_per_stage or {} for _, record in measured]
    figure = Figure(figsize=(10, 1.2 + 0.42 * len(stages)), layout="constrained")
    axes = figure.subplots()
    begin = np.zeros(len(stages))
    for place, stage in enumerate(STAGES):
        width = np.array([one.get(stage, 0.0) for one in stages])
        axes.barh(range(len(stages)), width, left=begin, color=f"C{place}", label=stage)
        begin += width
    names = [f"{one[0].way.chain}{_cut(one[0].seed_pt)}: {one[0].label}" for one in measured]
    axes.set_yticks(range(len(stages)), names, fontsize=7)
    axes.invert_yaxis()
    axes.set(xlabel="seconds per event", title=measured[0][1].cell.event)
    figure.legend(ncols=len(STAGES), loc="outside lower center")
    return figure


def _cut(seed_pt: float | None) -> str:
    return "" if seed_pt is None else f", {seed_pt:g} GeV"
