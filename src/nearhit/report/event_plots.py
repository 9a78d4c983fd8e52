"""Plots of one event, and of a sample of events beside another event."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from nearhit.data.event import NOISE, Event
from nearhit.data.spectra import SPECTRA, Spectrum
from nearhit.report.compare_samples import Comparison

from .drawing import Named, save_figures

_NOISE_COLOR, _HIT_COLOR, _REFERENCE_COLOR = "tab:red", "tab:blue", "black"
_LOGARITHMIC = {"pt"}


def draw_event(event: Event, folder: Path) -> list[Path]:
    """Draw an event from the front and from the side, and its spectra; return the PNG files.

    Raises:
        BadInputError: the folder cannot be written.
    """
    return save_figures(lambda: _event_figures(event), folder)


def draw_comparison(
    comparison: Comparison, sample: Sequence[Event], reference: Event, folder: Path
) -> list[Path]:
    """Draw a sample beside the reference that it was held against; return the PNG files.

    Raises:
        BadInputError: the folder cannot be written.
    """
    return save_figures(lambda: _comparison_figures(comparison, sample, reference), folder)


def _event_figures(event: Event) -> Iterator[Named]:
    yield "views", _views(event)
    figure, panels = _panels(event.name)
    for axes, spectrum in zip(panels, SPECTRA, strict=False):
        _stairs(axes, spectrum, spectrum.histogram(event).astype(float), _HIT_COLOR, "")
        axes.set(ylabel="number")
    yield "spectra", figure


def _comparison_figures(
    comparison: Comparison, sample: Sequence[Event], reference: Event
) -> Iterator[Named]:
    figure, panels = _panels(f"{len(sample)} × {sample[0].name} … beside {reference.name}")
    statistics = {distance.name: distance.statistic for distance in comparison.distances}
    for axes, spectrum in zip(panels, SPECTRA, strict=False):
        if spectrum.name in statistics:
            mine = np.mean([spectrum.histogram(event) for event in sample], axis=0)
            theirs = spectrum.histogram(reference).astype(float)
            _stairs(axes, spectrum, theirs, _REFERENCE_COLOR, reference.name)
            _stairs(axes, spectrum, mine, _HIT_COLOR, "sample, mean of an event")
            axes.set(title=f"distance {statistics[spectrum.name]:.3f}", ylabel="number")
    panels[0].legend()
    yield "spectra", figure
    yield "layers", _layers(comparison)


def _views(event: Event) -> Figure:
    """Draw every hit across the beam and along it."""
    figure = Figure(figsize=(13, 5), layout="constrained")
    across, along = figure.subplots(1, 2, width_ratios=(1, 1.6))
    hits = event.hits
    radius = np.hypot(hits.x, hits.y) * np.where(hits.y < 0, -1, 1)
    noise = _noise(event)
    kinds = [("noise", noise, _NOISE_COLOR)] if noise.any() else []
    kinds += [("hits", ~noise, _HIT_COLOR)]
    for name, rows, color in kinds:
        style = {"s": 0.3, "color": color, "linewidths": 0, "rasterized": True, "label": name}
        across.scatter(hits.x[rows], hits.y[rows], **style)
        along.scatter(hits.z[rows], radius[rows], **style)
    across.set(xlabel="x (mm)", ylabel="y (mm)")
    across.set_aspect("equal")
    figure.suptitle(f"{event.name}, {len(event):,} hits")
    along.set(xlabel="z (mm)", ylabel="radius, with the sign of y (mm)")
    along.legend(loc="upper right", markerscale=20)
    return figure


def _noise(event: Event) -> NDArray[np.bool_]:
    if event.truth is None:
        return np.zeros(len(event), np.bool_)
    return np.asarray(event.truth.particle_id == NOISE)


def _panels(title: str) -> tuple[Figure, list[Axes]]:
    figure = Figure(figsize=(13, 7), layout="constrained")
    figure.suptitle(title)
    panels = list(figure.subplots(2, 3).flat)
    for axes in panels[len(SPECTRA) :]:
        axes.set_axis_off()
    return figure, panels


def _stairs(
    axes: Axes, spectrum: Spectrum, counts: NDArray[np.float64], color: str, label: str
) -> None:
    axes.stairs(counts, spectrum.edges, color=color, label=label)
    axes.set(xlabel=spectrum.label, xscale="log" if spectrum.name in _LOGARITHMIC else "linear")
    axes.set_ylim(bottom=0)


def _layers(comparison: Comparison) -> Figure:
    """Draw the hits of every layer: the reference as a line, each event of the sample as a dot."""
    figure = Figure(figsize=(13, 4.5), layout="constrained")
    axes = figure.subplots()
    places = range(len(comparison.layers))
    theirs = [layer.reference for layer in comparison.layers]
    axes.step(places, theirs, _REFERENCE_COLOR, where="mid", label=comparison.reference)
    for place, layer in zip(places, comparison.layers, strict=True):
        label = "events of the sample" if place == 0 else None
        axes.plot([place] * len(layer.sample), layer.sample, ".", color=_HIT_COLOR, label=label)
    axes.set_xticks(list(places), [layer.name for layer in comparison.layers], rotation=90)
    axes.set(xlabel="volume/layer", ylabel="hits")
    axes.set_ylim(bottom=0)
    axes.legend()
    return figure
