"""The reference figures on a genuine TrackML event, where a developer has one."""

import pytest
from nearhit.datasets.open_event import open_event

from nearhit.cell import Cell
from nearhit.quality import Trackable
from nearhit.runner import Protocol, run_cells

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
