"""The reference figures on a genuine TrackML event, where a developer has one."""

import pytest
from nearhit.datasets.open_event import open_event

from nearhit.cells.cell import Cell
from nearhit.measure.runner import Protocol, run_cells
from nearhit.quality import Trackable

# volumes, k, minimal pT, metric: trackable, leading particle size, purity, efficiency
FIGURES = [
    ((), 20, 0, "angular", 8405, 4.3478, 0.37791, 0.33528),
    ((), 50, 0, "angular", 8405, 5.7984, 0.20619, 0.48495),
    ((7, 8, 9), 20, 0, "angular", 8405, 6.8555, 0.34278, 0.41404),
    ((7, 8, 9), 50, 0, "angular", 8405, 8.6163, 0.17233, 0.60048),
    ((7, 8, 9), 50, 1, "angular", 1242, 8.6163, 0.17233, 0.63929),
    ((), 50, 0, "euclidean", 8405, None, None, 0.0007),
]


@pytest.mark.parametrize("figures", FIGURES)
def test_reference_figures(trackml, figures):
    volumes, k, min_pt, metric, trackable, size, purity, efficiency = figures
    event = open_event(str(trackml / "event000021000"), volumes)
    assert len(event) == (66_114 if volumes else 125_576)
    cell = Cell.of(
        event,
        index="scipy-kdtree",
        metric=metric,
        bucket_size=k,
        trackable=Trackable(min_pt=min_pt),
    )
    quality = run_cells(event, [cell], protocol=Protocol(1))[0].quality
    assert quality.n_trackable == trackable
    assert quality.recall == 1.0
    assert quality.figures["particle_efficiency"] == pytest.approx(efficiency, abs=5.1e-5)
    if size:
        assert quality.figures["leading_particle_size"] == pytest.approx(size, abs=5.1e-5)
        assert quality.figures["bucket_purity"] == pytest.approx(purity, abs=5.1e-6)


def test_an_event_with_official_weights(trackml):
    event = open_event(str(trackml / "event000000001"))
    assert event.truth.weight.sum() == pytest.approx(0.0513, abs=1e-3)
    assert event.particles is not None


@pytest.mark.slow
def test_simulated_events_are_like_the_genuine_one(trackml, tmp_path):
    """Eight of them, in the pixel layers, where the genuine event has truth."""
    pytest.importorskip("acts")
    pytest.importorskip("pythia8mc")
    from nearhit.datasets.catalogue import recipes
    from nearhit.datasets.open_event import open_events
    from nearhit.datasets.production import Order, produce

    from nearhit.report.compare_samples import compare

    pixel = (7, 8, 9)
    produce(Order(recipes()["ttbar-mu200"], tuple(range(1, 9)), tmp_path), workers=2)
    sample = [event.in_volumes(pixel) for event in open_events(str(tmp_path))]
    found = compare(sample, open_event(str(trackml / "event000021000"), pixel))
    figures = {figure.name: figure.ratio for figure in found.figures}
    for name in ("bucket purity", "particle efficiency"):
        for size in (20, 50):
            assert figures[f"{name}, k={size}"] == pytest.approx(1, abs=0.1), name
    assert figures["hits"] == pytest.approx(1, abs=0.1)
    assert figures["hits per particle"] == pytest.approx(1, abs=0.05)
    assert figures["noise share"] == pytest.approx(1, abs=0.15)
    assert all(distance.statistic < 0.05 for distance in found.distances)
    assert all(layer.ratio == pytest.approx(1, abs=0.15) for layer in found.layers)
