"""What is simulated: the bundled event, noise, nuclear interactions, clusters, and their seeds."""

import importlib.util
import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from nearhit.datasets.bundled import bundled_event
from nearhit.datasets.catalogue import catalogue_event, recipes
from nearhit.datasets.production import Order, produce
from nearhit.datasets.readers.trackml import read_event
from nearhit.datasets.simulation.cells import cross_channels
from nearhit.datasets.simulation.noise import noise_hits

from nearhit.cli.messages import INTERRUPTED
from nearhit.data.detector import Modules
from nearhit.data.weights import formula_weights
from nearhit.errors import BadInputError
from nearhit.report.describe import describe

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
    assert about["origin"].startswith("ttbar-mu200, seed 3: process=ttbar, pile_up=200.0")
    assert 80_000 < about["hits"] < 120_000
    assert about["hits_with_truth"] == about["hits"]
    assert about["noise_share"] == pytest.approx(0.15, abs=0.001)
    assert set(about["hits_per_volume"]) == {"7", "8", "9", "12", "13", "14", "16", "17", "18"}
    assert 5_000 < about["trackable_particles"] <= about["particles_with_hits"]
    assert about["sum_of_weights"] == pytest.approx(1)


def test_its_noise_is_alike_in_every_module(bundled):
    """So that a layer's share of noise falls with its occupancy, as in the challenge."""
    noise = bundled.truth.particle_id == 0
    inner, outer = (
        noise[(bundled.hits.volume == 8) & (bundled.hits.layer == layer)] for layer in (2, 8)
    )
    modules = {2: 224, 8: 1092}  # of the two layers of the pixel barrel
    assert inner.sum() / modules[2] == pytest.approx(outer.sum() / modules[8], rel=0.25)
    assert inner.mean() < 0.05
    assert outer.mean() > 0.1


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


def test_noise_by_layer_lies_on_its_modules_evenly(modules):
    hits = np.repeat([0, 1], [3_000, 60_000])
    rows, local = noise_hits(modules, hits, 0.25, "layer", np.random.default_rng(0))
    assert np.bincount(rows)[0] == 1_000
    assert (rows > 0).sum() == 20_000
    u, v = local[rows == 2].T
    assert (np.abs(v) <= 2).all()
    assert (np.abs(u) <= 2 + v / 2).all()
    # A trapezoid of half widths 1 and 3 holds 5/8 of its area above the middle.
    assert (v > 0).mean() == pytest.approx(5 / 8, abs=0.02)
    assert modules.to_global(rows[:1], local[:1])[0, 2] == 5


def test_noise_by_module_does_not_ask_where_hits_are(modules):
    hits = np.repeat([0, 1], [3_000, 60_000])
    rows, _ = noise_hits(modules, hits, 0.25, "module", np.random.default_rng(0))
    assert len(rows) == 21_000
    assert np.bincount(rows) == pytest.approx(7_000, rel=0.05)
    with pytest.raises(BadInputError, match="no spread 'ring' of noise; write module, layer"):
        noise_hits(modules, hits, 0.25, "ring", np.random.default_rng(0))


def test_positions_on_a_module_go_there_and_back(modules):
    rows = np.array([0, 1, 2])
    local = np.array([[0.5, -1], [0, 0], [2, 1.5]])
    assert np.allclose(modules.to_local(rows, modules.to_global(rows, local)), local)
    assert modules.rows_of(np.array([30, 10])).tolist() == [2, 0]
    assert modules.normal.tolist() == [[0, 0, 1]] * 3


def cross(entry, way, channels=(10, 10)):
    n = len(entry)
    return cross_channels(
        np.array(entry, float), np.array(way, float), np.ones((n, 2)), np.tile(channels, (n, 1))
    )


def test_a_way_crosses_the_channels_that_it_should():
    """Worked by hand, with channels of 1 mm: straight through, along u, and along the diagonal."""
    rows, channel, length = cross(
        [(2.5, 3.5), (0.5, 0.5), (0.5, 0.25)], [(0, 0, 1), (2, 0, 0), (2, 2, 0)]
    )
    assert rows.tolist() == [0, 1, 1, 1, 2, 2, 2, 2, 2]
    assert channel[rows == 0].tolist() == [[2, 3]]
    assert channel[rows == 1].tolist() == [[0, 0], [1, 0], [2, 0]]
    assert channel[rows == 2].tolist() == [[0, 0], [1, 0], [1, 1], [2, 1], [2, 2]]
    assert length[rows < 2] == pytest.approx([1, 0.5, 1, 0.5])
    assert length[rows == 2] == pytest.approx(np.array([2, 1, 3, 1, 1.0]) / 4 * np.sqrt(2))


def test_what_leaves_the_module_is_lost_and_nothing_else():
    random = np.random.default_rng(0)
    entry, way = random.uniform(-3, 13, (500, 2)), random.normal(size=(500, 3)) * (4, 4, 1)
    rows, channel, length = cross(entry, way)
    assert (channel >= 0).all()
    assert (channel < 10).all()
    inside = np.minimum(entry, entry + way[:, :2]).min(1) >= 0
    inside &= np.maximum(entry, entry + way[:, :2]).max(1) < 10
    whole = np.bincount(rows, length, minlength=500)
    assert whole[inside] == pytest.approx(np.linalg.norm(way, axis=1)[inside])
    assert (whole <= np.linalg.norm(way, axis=1) + 1e-9).all()


@pytest.fixture(scope="module")
def produced(tmp_path_factory):
    """Events of 0 and of 30 collisions around, by one worker and by two."""
    pytest.importorskip("acts")
    pytest.importorskip("pythia8mc")
    root = tmp_path_factory.mktemp("produced")
    recipe = catalogue_event("ttbar-mu200(pile_up=30)").recipe
    for workers in (1, 2):
        produce(Order(recipe, (4, 5, 6), root / str(workers), acts=True), workers)
    return root


def _files(folder):
    return {path.relative_to(folder): path.read_bytes() for path in sorted(folder.rglob("*.*"))}


@pytest.mark.slow
def test_events_are_the_same_by_any_number_of_workers_and_whatever_came_before(produced, tmp_path):
    one, two = _files(produced / "1"), _files(produced / "2")
    assert len(one) == 3 * (5 + 5)
    assert one == two
    recipe = catalogue_event("ttbar-mu200(pile_up=30)").recipe
    produce(Order(recipe, (6,), tmp_path))  # alone, without the two before it
    for name, content in _files(tmp_path).items():
        assert content == one[name], name


@pytest.mark.slow
def test_a_simulated_event_has_what_the_challenge_has(produced):
    event = read_event(produced / "1" / "event000000004", cells=True)
    about = describe(event)
    assert about["noise_share"] == pytest.approx(0.15, abs=0.002)
    assert event.truth.weight.sum() == pytest.approx(1, abs=1e-4)
    bare = type(event.truth)(event.truth.particle_id)
    again = formula_weights(type(event)(event.name, event.hits, bare, event.particles))
    assert again == pytest.approx(event.truth.weight, abs=1e-6)
    fired = np.bincount(event.cells.hit, minlength=len(event))
    assert (fired >= 1).all()
    barrel = fired[event.hits.volume == 8]
    assert barrel.mean() == pytest.approx(8, rel=0.4)  # 7.4 in the genuine event
    assert (event.cells.value[event.hits.volume[event.cells.hit] > 9] == 1).all()  # strips


@pytest.mark.slow
def test_overlapping_modules_measure_twice(produced):
    """A fifth of the barrel's crossings, as in the genuine event."""
    event = read_event(produced / "1" / "event000000004")
    rows = (event.hits.volume == 8) & (event.truth.particle_id > 0)
    pairs = np.stack((event.truth.particle_id[rows], event.hits.layer[rows]))
    counts = np.unique(pairs, axis=1, return_counts=True)[1]
    assert (counts == 2).mean() == pytest.approx(0.22, abs=0.05)


@pytest.mark.slow
def test_nuclei_make_particles_at_the_material(produced):
    event = read_event(produced / "1" / "event000000004")
    made = event.particles.select(event.particles.particle_id & 0xFFFFFF > 0)
    radius = np.hypot(made.vertex[:, 0], made.vertex[:, 1])
    assert 0.1 < len(made) / len(event.particles) < 0.4
    assert np.isclose(radius, 19.0, atol=1).sum() > 3  # the beam pipe
    assert (made.charge > 0).mean() > 0.5  # protons are knocked out, antiprotons are not


@pytest.mark.slow
def test_acts_reads_what_is_written_for_it(produced, tmp_path):
    """Its own readers take the files, and find as many measurements as the event has hits."""
    acts = pytest.importorskip("acts.examples") and sys.modules["acts"]
    for file in (produced / "1" / "acts").glob("event000000004-*"):
        (tmp_path / file.name.replace("004", "000")).write_bytes(file.read_bytes())
    quiet, found = acts.logging.ERROR, []

    class Count(acts.examples.IAlgorithm):
        def __init__(self):
            super().__init__(name="Count", level=quiet)
            kind = acts.examples.MeasurementContainer
            self.read = acts.examples.ReadDataHandle(self, kind, "measurements")
            self.read.initialize("measurements")

        def execute(self, context):
            found.append(len(self.read(context.eventStore)))
            return acts.examples.ProcessCode.SUCCESS

    chain = acts.examples.Sequencer(events=1, numThreads=1, trackFpes=False, logLevel=quiet)
    where = {"level": quiet, "inputDir": str(tmp_path)}
    chain.addReader(
        acts.examples.CsvParticleReader(
            **where, inputStem="particles_simulated", outputParticles="particles"
        )
    )
    chain.addReader(
        acts.examples.CsvSimHitReader(**where, inputStem="hits", outputSimHits="simhits")
    )
    chain.addReader(
        acts.examples.CsvMeasurementReader(
            **where,
            inputSimHits="simhits",
            outputMeasurements="measurements",
            outputMeasurementSimHitsMap="measurement_simhits",
            outputMeasurementParticlesMap="measurement_particles",
        )
    )
    chain.addAlgorithm(Count())
    chain.run()
    assert found == [len(read_event(produced / "1" / "event000000004"))]


@pytest.mark.slow
def test_what_is_there_already_is_not_made_again(produced, monkeypatch):
    from nearhit.datasets import production

    def refuse(*_):
        raise AssertionError

    monkeypatch.setattr(production, "start", refuse)
    order = Order(catalogue_event("ttbar-mu200(pile_up=30)").recipe, (4, 5, 6), produced / "1")
    told = []
    assert len(produce(order, notice=told.append)) == 3
    assert sorted(told) == [4, 5, 6]


@pytest.mark.slow
def test_an_interrupted_order_goes_on(produced, tmp_path):
    """What a killed process left half written is made anew, and nothing of it stays."""
    recipe = catalogue_event("ttbar-mu200(pile_up=30)").recipe
    for file in (produced / "1").glob("event000000005-*"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "event000000005-recipe.json").unlink()
    (tmp_path / "event000000005-hits.csv.gz").write_bytes(b"half")
    (tmp_path / "event000000005-cells.csv.gz.123.part").write_bytes(b"half")
    produce(Order(recipe, (5,), tmp_path))
    for name, content in _files(tmp_path).items():
        assert content == (produced / "1" / name).read_bytes(), name


@pytest.fixture
def interruptible():
    """Let processes be interrupted, even if this one is in the background of a shell."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@with_simulation
@pytest.mark.usefixtures("interruptible")
def test_the_command_says_how_far_it_came_and_goes_on(tmp_path):
    """Of so many events that it is interrupted before the last, however slow this test is."""

    def command(events):
        named = ("muons", "--events", str(events), "--workers", "1", "--out", os.fspath(tmp_path))
        return [sys.executable, "-m", "nearhit", "data", "simulate", *named]

    made = subprocess.Popen(command(9_999), stderr=subprocess.PIPE, text=True)
    while not list(tmp_path.glob("*-recipe.json")):
        assert made.poll() is None
        time.sleep(0.01)
    made.send_signal(signal.SIGINT)
    _, said = made.communicate()
    there = len(list(tmp_path.glob("*-recipe.json")))
    assert made.returncode == INTERRUPTED
    assert f"interrupted: {there} of 9999 events are in {tmp_path}; to go on, run it again" in said
    assert "Traceback" not in said
    assert not list(tmp_path.glob("*.part"))
    subprocess.run(command(there + 2), check=True, capture_output=True)
    assert len(list(tmp_path.glob("*-recipe.json"))) == there + 2


@pytest.mark.slow
def test_another_recipe_in_the_folder_is_not_overwritten(produced):
    order = Order(recipes()["ttbar-mu200"], (4,), produced / "1")
    with pytest.raises(BadInputError, match=r"event000000004-recipe.json .* choose another folder"):
        produce(order)


@with_simulation
@pytest.mark.slow
def test_the_recipe_makes_the_bundled_event(bundled, tmp_path):
    """Processors round differently; that changes a few hits of 100,000."""
    made = read_event(produce(Order(recipes()["ttbar-mu200"], (3,), tmp_path))[0])
    assert len(made) == pytest.approx(len(bundled), rel=0.01)
    assert made.origin == bundled.origin


@with_simulation
def test_guns_shoot_what_the_recipe_says(tmp_path):
    order = Order(catalogue_event("muons(gun_particles=40)").recipe, (1,), tmp_path, "parquet")
    event = read_event(produce(order)[0])
    assert len(event.particles) == 40
    assert set(event.particles.charge.tolist()) == {-1, 1}
    assert ((event.particles.pt >= 0.49) & (event.particles.pt <= 10.1)).all()
    assert (event.truth.particle_id > 0).all()  # no noise
    assert (event.particles.nhits > 6).mean() > 0.9
    said = json.loads((tmp_path / "event000000001-recipe.json").read_text())
    assert said["gun_particles"] == 40


@with_simulation
@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("muons(gun_particles=0)", "muons(gun_particles=0)@1 has no hit in the detector"),
        ("pions(gun_particles=0)", "has no hit in the detector: use another seed, or more"),
        ("muons(gun_kind=22)", "gun_kind must be the PDG code of a charged particle"),
        ("muons(gun_kind=123456)", "gun_kind must be the PDG code of a charged particle"),
    ],
)
def test_an_event_that_cannot_be_is_said_in_one_sentence(tmp_path, text, answer):
    with pytest.raises(BadInputError) as error:
        produce(Order(catalogue_event(text).recipe, (1,), tmp_path))
    assert answer in str(error.value)
    assert list(tmp_path.iterdir()) == []


@with_simulation
@pytest.mark.slow
def test_a_collision_of_which_nothing_is_followed_is_drawn_again(tmp_path):
    """Seed 2 begins with one; the steps of a few particles may be none at all, too."""
    prefixes = produce(Order(recipes()["minbias"], (2, 3, 4, 5, 6, 7), tmp_path), 2)
    assert all(len(read_event(prefix).particles) for prefix in prefixes)


@with_simulation
@pytest.mark.parametrize("seed", range(4))
def test_a_hadron_that_is_only_ever_scattered_elastically_comes_to_an_end(seed):
    """Out comes no more energy than went in, in at most one pion and one proton."""
    from nearhit.datasets.simulation.hadron import Hadron, HadronCollisions

    slow = Hadron(211, 0.0, 0.0, 0.15, 0.13957)  # below what makes a resonance or a pion
    made = HadronCollisions(np.random.default_rng(seed)).on_nucleus(slow, 28)
    kinds = [row[0] for row in made]
    assert kinds in ([2212], [2212, 211])
    masses = np.array([0.93827, 0.13957])[: len(made)]
    energies = np.hypot(masses, np.linalg.norm([row[6:] for row in made], axis=1))
    freed = 0.93957 - 0.93827  # where a neutron becomes a proton
    assert energies.sum() - 0.93827 <= slow.energy + freed


@with_simulation
def test_smeared_hits_lie_near_the_clusters_of_the_same_particles(tmp_path):
    events = []
    for kind in ("geometric", "smeared"):
        recipe = catalogue_event(f"muons(gun_particles=40,read_out='{kind}')").recipe
        prefix = produce(Order(recipe, (1,), tmp_path / kind))[0]
        events.append(read_event(prefix, cells=True))
    clusters, smeared = events
    assert smeared.cells is None
    assert len(clusters) == pytest.approx(len(smeared), rel=0.01)
    places = [_pixel_positions(event) for event in events]
    both = places[0].keys() & places[1].keys()
    assert len(both) > 100
    assert all(np.linalg.norm(places[0][key] - places[1][key]) < 0.2 for key in both)


def _pixel_positions(event):
    """Return the positions of pixel hits by particle and module."""
    hits = event.hits
    keys = zip(event.truth.particle_id, hits.volume, hits.layer, hits.module, strict=True)
    placed = zip(keys, hits.positions, strict=True)
    return {key: position for key, position in placed if key[1] < 10}


@with_simulation
def test_clusters_are_those_of_acts_own_digitisation(tmp_path):
    """An oracle: the same steps through ACTS' geometric digitisation fire the same channels."""
    from acts_digitisation import digitise
    from nearhit.datasets.simulation.fatras import Steps
    from nearhit.datasets.simulation.read_out import read_out

    from nearhit.data.detector import modules

    random = np.random.default_rng(7)
    detector = modules()
    rows = np.sort(random.integers(len(detector), size=3_000))
    half = np.column_stack((detector.half_widths.min(axis=1), detector.half_height))[rows]
    position = detector.to_global(rows, random.uniform(-0.9, 0.9, (3_000, 2)) * half)
    steps = Steps(
        particle_id=np.full(3_000, 1 << 52 | 1 << 24, np.int64),
        geometry_id=detector.geometry_id[rows],
        position=position,
        momentum=position - random.normal(scale=(0, 0, 55), size=(3_000, 3)),
        number=np.arange(3_000),
    )
    measured, fired = read_out(steps, "geometric", random)
    theirs, channels = digitise(steps, tmp_path)
    assert len(measured) == 3_000
    mine = np.column_stack((measured.step[fired.measured], fired.channel))
    both = {tuple(row) for row in mine.tolist()} & {tuple(row) for row in channels.tolist()}
    assert len(both) >= 0.999 * max(len(mine), len(channels))
    apart = np.linalg.norm(measured.position - theirs, axis=1)
    # Of channels that only say yes or no ACTS counts each row and column once, nearhit each cell.
    pixel = detector.volume[measured.module] < 10
    assert np.quantile(apart[pixel], 0.999) < 0.001
    assert np.median(apart) < 0.001


@with_simulation
def test_an_unknown_process_read_out_or_range_is_named(tmp_path):
    for text, answer in (
        ("ttbar-mu200(process='higgs')", "no process 'higgs'; write one of ttbar, minbias, gun"),
        ("muons(read_out='film')", "no read-out 'film'; write one of geometric, smeared"),
    ):
        with pytest.raises(BadInputError, match=answer):
            produce(Order(catalogue_event(text).recipe, (1,), tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_without_the_extra_the_answer_is_how_to_install_it(monkeypatch, tmp_path):
    from nearhit.datasets.simulation import pythia

    from nearhit.data import detector

    for module, load in (
        ("pythia8mc", pythia.installed_pythia),
        ("acts", detector.installed_acts),
    ):
        monkeypatch.setitem(sys.modules, module, None)
        with pytest.raises(BadInputError, match=r"pip install 'nearhit\[simulate\]'"):
            load()
    assert list(tmp_path.iterdir()) == []
