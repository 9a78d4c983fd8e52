"""A sample beside a reference: equal ones are at no distance, others at the one by definition."""

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.image import imread

from nearhit.data.event import Truth
from nearhit.data.spectra import SPECTRA
from nearhit.report.compare_samples import compare
from nearhit.report.drawing import save_charts
from nearhit.report.event_plots import comparison_charts, event_charts


@pytest.fixture
def event(toy_event, make_particles):
    ids = np.unique(toy_event.truth.particle_id[toy_event.truth.particle_id > 0])
    return replace(toy_event, particles=make_particles(ids, np.linspace(0.2, 4, len(ids))))


def test_an_event_is_at_no_distance_from_itself(event):
    found = compare([event, event], event)
    assert all(distance.statistic == 0 for distance in found.distances)
    assert {distance.n_sample for distance in found.distances} == {2 * 40, 2 * 350}
    assert all(figure.ratio == pytest.approx(1) for figure in (*found.figures, *found.layers))
    figures = {figure.name: figure for figure in found.figures}
    assert figures["noise share"].reference == pytest.approx(30 / 350)
    assert figures["hits per particle"].reference == 8
    assert {"bucket purity, k=20", "particle efficiency, k=50"} <= set(figures)


@pytest.fixture
def fewer(event):
    """The event without the hits of the softer half of its particles."""
    ids = event.truth.particle_id
    return event.select(~np.isin(ids, np.unique(ids)[1:21]))


def test_distances_and_ratios_are_those_of_the_definition(event, fewer):
    found = compare([fewer], event)
    figures = {figure.name: figure for figure in found.figures}
    assert figures["hits"].ratio == pytest.approx(190 / 350)
    assert figures["particles with hits"].ratio == 0.5
    distances = {distance.name: distance.statistic for distance in found.distances}
    assert distances["pt"] == pytest.approx(0.5)
    assert distances["hits_per_particle"] == 0
    layer = found.layers[0]
    assert (layer.name, layer.reference, layer.sample) == ("8/2", 350, (190,))


def test_without_truth_only_hits_are_compared(event):
    bare = replace(event, truth=None, particles=None)
    found = compare([bare], bare)
    assert [figure.name for figure in found.figures] == ["hits"]
    assert {distance.name for distance in found.distances} == {"radius", "z"}
    nothing_known = replace(bare, truth=Truth(np.full(350, -1)))
    assert [figure.name for figure in compare([nothing_known], bare).figures] == ["hits"]


def test_it_becomes_strict_json(event, strict_json):
    import json

    content = strict_json(json.dumps(compare([event], event).to_json(), allow_nan=False))
    assert content["figures"][0] == {
        "name": "hits",
        "sample": [350.0],
        "reference": 350.0,
        "mean": 350.0,
        "ratio": 1.0,
    }


def test_every_value_of_a_spectrum_is_in_a_bin(event):
    for spectrum in SPECTRA:
        assert spectrum.histogram(event).sum() == len(spectrum.values(event)) > 0


def test_events_and_samples_are_drawn(event, fewer, tmp_path):
    """The same event gives the same pictures, and another one others."""

    def draw(sample, folder):
        drawn = save_charts(event_charts(sample), folder)
        beside = comparison_charts(compare([sample], event), [sample], event)
        drawn += save_charts(beside, folder / "beside")
        assert [file.stem for file in drawn] == ["views", "spectra", "spectra", "layers"]
        return [imread(file) for file in drawn]

    first, again, other = (
        draw(event, tmp_path / "a"),
        draw(event, tmp_path / "b"),
        draw(fewer, tmp_path / "c"),
    )
    assert all(map(np.array_equal, first, again))
    assert not any(map(np.array_equal, first, other))
    bare = replace(event, truth=None, particles=None)
    assert len(save_charts(event_charts(bare), tmp_path / "bare")) == 2
