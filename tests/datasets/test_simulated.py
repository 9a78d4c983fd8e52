"""The bundled event is what its recipe makes, and the same seed makes the same event."""

import importlib.util
import subprocess
import sys

import numpy as np
import pytest
from nearhit.datasets.bundled import bundled_event
from nearhit.datasets.detector import Modules
from nearhit.datasets.noise import noise_hits

from nearhit.description import describe
from nearhit.errors import BadInputError

with_simulation = pytest.mark.skipif(
    not (importlib.util.find_spec("acts") and importlib.util.find_spec("pythia8mc")),
    reason="the extra 'simulate' is not installed",
)


@pytest.fixture(scope="module")
def bundled():
    return bundled_event()


def test_the_bundled_event_is_what_it_says(bundled):
    about = describe(bundled)
    assert about["name"] == "bundled"
    assert 80_000 < about["hits"] < 120_000
    assert about["hits_with_truth"] == about["hits"]
    assert about["noise_share"] == pytest.approx(0.15, abs=0.001)
    assert set(about["hits_per_volume"]) == {"7", "8", "9", "12", "13", "14", "16", "17", "18"}
    assert 5_000 < about["trackable_particles"] <= about["particles_with_hits"]


def test_noise_has_its_share_of_every_layer(bundled):
    layer = bundled.hits.volume * 100 + bundled.hits.layer
    noise = bundled.truth.particle_id == 0
    for one in np.unique(layer):
        assert noise[layer == one].mean() == pytest.approx(0.15, abs=0.002)


def test_the_order_of_hits_does_not_tell_their_particles(bundled):
    """Hits in order of particle would give truth away to anything that reads their rows."""
    ids = bundled.truth.particle_id
    assert (ids[1:] == ids[:-1])[ids[1:] > 0].mean() < 0.02


def test_particles_of_hits_are_listed_with_their_hits(bundled):
    seen, counts = np.unique(bundled.truth.particle_id, return_counts=True)
    listed = dict(zip(bundled.particles.particle_id, bundled.particles.nhits, strict=True))
    assert all(listed[one] == count for one, count in zip(seen[1:], counts[1:], strict=True))


@pytest.fixture
def modules():
    """Two layers: a rectangle in one, a rectangle and a trapezoid in the other."""
    axes = np.tile(np.eye(3)[:, :2], (3, 1, 1))
    return Modules(
        geometry_id=np.array([10, 20, 30]),
        volume=np.array([7, 8, 8], np.int32),
        layer=np.array([2, 2, 2], np.int32),
        module=np.array([1, 1, 2], np.int32),
        centre=np.array([[0, 0, 5], [100, 0, 5], [200, 0, 5.0]]),
        axes=axes,
        half_widths=np.array([[1, 1], [1, 1], [1, 3.0]]),
        half_height=np.array([2, 2, 2.0]),
    )


def test_noise_lies_on_its_modules_evenly(modules):
    hits = np.repeat([0, 1], [3_000, 60_000])
    rows, local = noise_hits(modules, hits, 0.25, np.random.default_rng(0))
    assert np.bincount(rows)[0] == 1_000
    assert (rows > 0).sum() == 20_000
    u, v = local[rows == 2].T
    assert (np.abs(v) <= 2).all()
    assert (np.abs(u) <= 2 + v / 2).all()
    # A trapezoid of half widths 1 and 3 holds 5/8 of its area above the middle.
    assert (v > 0).mean() == pytest.approx(5 / 8, abs=0.02)
    assert modules.to_global(rows[:1], local[:1])[0, 2] == 5


def test_positions_on_a_module_go_there_and_back(modules):
    rows = np.array([0, 1, 2])
    local = np.array([[0.5, -1], [0, 0], [2, 1.5]])
    assert np.allclose(modules.to_local(rows, modules.to_global(rows, local)), local)
    assert modules.rows_of(np.array([30, 10])).tolist() == [2, 0]


@with_simulation
def test_the_recipe_makes_the_bundled_event_in_any_process(bundled, tmp_path):
    command = [sys.executable, "-m", "nearhit", "data", "simulate", "ttbar-mu200", "--seed", "3"]
    for folder in ("a", "b"):
        subprocess.run([*command, "--out", str(tmp_path / folder)], check=True, capture_output=True)
    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert names == [f"event000000003-{kind}.csv.gz" for kind in ("hits", "particles", "truth")]
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    from nearhit.datasets.readers.trackml import read_event

    again = read_event(tmp_path / "a")
    # Processors round differently; that changes a few hits of 100,000.
    assert len(again) == pytest.approx(len(bundled), rel=0.01)


def test_an_unknown_recipe_is_answered_with_those_there_are(tmp_path):
    from nearhit.datasets.simulate import simulate_to

    with pytest.raises(BadInputError, match="no recipe 'ttbar'; write one of ttbar-mu200"):
        simulate_to("ttbar", 1, tmp_path)


def test_without_the_extra_the_answer_is_how_to_install_it(monkeypatch, tmp_path):
    from nearhit.datasets import pythia, simulate

    monkeypatch.setitem(sys.modules, "pythia8mc", None)
    with pytest.raises(BadInputError, match=r"pip install 'nearhit\[simulate\]'"):
        simulate.simulate_to("ttbar-mu200", 1, tmp_path)
    with pytest.raises(BadInputError, match="no hard process"):
        pythia.collide("higgs", 0, pythia.Beam(), 1)
    assert list(tmp_path.iterdir()) == []
