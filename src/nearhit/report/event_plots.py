"""Plots of one event, and of a sample of events beside another event."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from nearhit.data.event import NOISE, Event
from nearhit.data.spectra import SPECTRA, Spectrum

from .chart import Axis, Chart, Panel, Series
from .compare_samples import Comparison

_NUMBER = Axis("number", limits=(0, None))


def event_charts(event: Event) -> Iterator[Chart]:
    """Yield an event from the front and from the side, and its spectra."""
    yield _views(event)
    panels = tuple(
        Panel(_axis(spectrum), _NUMBER, (_stairs(spectrum, spectrum.histogram(event), "event"),))
        for spectrum in SPECTRA
    )
    yield Chart("spectra", event.name, panels, height=3.4)


def comparison_charts(
    comparison: Comparison, sample: Sequence[Event], reference: Event
) -> Iterator[Chart]:
    """Yield a sample beside the reference that it was held against."""
    statistics = {distance.name: distance.statistic for distance in comparison.distances}
    panels = []
    for spectrum in SPECTRA:
        if spectrum.name in statistics:
            mine = np.mean([spectrum.histogram(event) for event in sample], axis=0)
            series = (
                _stairs(spectrum, spectrum.histogram(reference), reference.name),
                _stairs(spectrum, mine, "sample, mean of an event"),
            )
            title = f"distance {statistics[spectrum.name]:.3f}"
            panels.append(Panel(_axis(spectrum), _NUMBER, series, title=title))
    title = f"{len(sample)} × {sample[0].name} … beside {reference.name}"
    if panels:
        yield Chart("spectra", title, tuple(panels), height=3.4)
    yield _layers(comparison)


def _views(event: Event) -> Chart:
    """Return every hit across the beam and along it."""
    hits, noise = event.hits, _noise(event)
    radius = np.hypot(hits.x, hits.y) * np.where(hits.y < 0, -1, 1)
    kinds = [("hits", ~noise), *([("noise", noise)] if noise.any() else [])]

    def dots(across: NDArray[np.float32], along: NDArray[np.float32]) -> tuple[Series, ...]:
        return tuple(Series(name, across[rows], along[rows], "dots") for name, rows in kinds)

    panels = (
        Panel(Axis("x (mm)"), Axis("y (mm)"), dots(hits.x, hits.y)),
        Panel(Axis("z (mm)"), Axis("radius, with the sign of y (mm)"), dots(hits.z, radius)),
    )
    return Chart("views", f"{event.name}, {len(event):,} hits", panels, equal=True)


def _noise(event: Event) -> NDArray[np.bool_]:
    if event.truth is None:
        return np.zeros(len(event), np.bool_)
    return np.asarray(event.truth.particle_id == NOISE)


def _axis(spectrum: Spectrum) -> Axis:
    return Axis(spectrum.label, log=spectrum.name == "pt")


def _stairs(spectrum: Spectrum, counts: Sequence[float] | NDArray[np.generic], name: str) -> Series:
    return Series(name, spectrum.edges, counts, "stairs")  # type: ignore[arg-type]  # an array is one


def _layers(comparison: Comparison) -> Chart:
    """Return the hits of every layer: the reference as steps, each event of the sample as a dot."""
    layers = comparison.layers
    edges = [place - 0.5 for place in range(len(layers) + 1)]
    sample = [(place, hits) for place, layer in enumerate(layers) for hits in layer.sample]
    series = (
        Series(comparison.reference, edges, [layer.reference for layer in layers], "stairs"),
        Series.of("events of the sample", sample, "points"),
    )
    across = Axis("volume/layer", names=tuple(layer.name for layer in layers))
    panel = Panel(across, Axis("hits", limits=(0, None)), series)
    return Chart("layers", "Hits of every layer", (panel,), height=4)
