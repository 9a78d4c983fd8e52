"""What several test files need."""

import fcntl
import json
import os
import sys
import textwrap
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from nearhit.datasets import catalogue, open_event

from nearhit.data.detector import GEV_PER_CURVATURE
from nearhit.data.event import Event, Hits, Particles, Truth
from nearhit.plugins import registry

_TRACKML = Path(os.environ.get("NEARHIT_TRACKML", Path(__file__).parents[2] / "shared" / "trackml"))

_SLOW_SECONDS = 1800
"""After so many seconds a test that is marked as slow hangs."""

_DOOR, _ROOM = Path(__file__), Path(__file__).with_name("test_house.py")
"""Any two files that every worker can lock."""

settings.register_profile("quick", max_examples=30)


def pytest_collection_modifyitems(items):
    """Give tests that are slow by design more time before they count as hanging."""
    for item in items:
        if item.get_closest_marker("slow") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(_SLOW_SECONDS))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item):
    """Run a test marked `alone` while no other worker has a test under way.

    Others hold the room together; whoever waits for it holds the door, so that nobody overtakes.
    """
    with ExitStack() as stack:
        if hasattr(item.config, "workerinput"):
            kind = fcntl.LOCK_EX if item.get_closest_marker("alone") else fcntl.LOCK_SH
            with _locked(_DOOR, fcntl.LOCK_EX):
                stack.enter_context(_locked(_ROOM, kind))
        return (yield)


@contextmanager
def _locked(path, kind):
    with path.open() as file:
        fcntl.flock(file, kind)
        try:
            yield
        finally:  # closing the file would not do where a forked process has it, too
            fcntl.flock(file, fcntl.LOCK_UN)


@pytest.fixture(scope="session")
def trackml():
    """The folder of genuine TrackML events, where a developer has them beside the checkout."""
    if not _TRACKML.is_dir():
        pytest.skip("no genuine TrackML events: set NEARHIT_TRACKML to a folder that has them")
    return _TRACKML


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory, worker_id):
    """Keep no event where a user's are, and share those of this run between its workers."""
    own = tmp_path_factory.getbasetemp()
    shared = own if worker_id == "master" else own.parent
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NEARHIT_CACHE", str(shared / "cache"))
        yield


@pytest.fixture(scope="session")
def make_event():
    """Make an event of positions (n, 3) and, if given, particle ids (n,)."""

    def make(positions, particle_id=None, *, particles=None, name="toy", volume=8):
        positions = np.asarray(positions, np.float32)
        n = len(positions)
        hits = Hits(
            np.arange(1, n + 1),
            *np.ascontiguousarray(positions.T),
            volume=np.broadcast_to(np.asarray(volume, np.int32), n).copy(),
            layer=np.full(n, 2, np.int32),
            module=np.arange(n, dtype=np.int32),
        )
        truth = None if particle_id is None else Truth(np.asarray(particle_id, np.int64))
        return Event(name, hits, truth, particles)

    return make


@pytest.fixture(scope="session")
def make_particles():
    """Make particles of ids and transverse momenta in GeV."""

    def make(particle_id, pt):
        n = len(particle_id)
        momentum = np.zeros((n, 3), np.float32)
        momentum[:, 0] = pt
        return Particles(
            np.asarray(particle_id, np.int64),
            momentum,
            np.zeros((n, 3), np.float32),
            np.ones(n, np.float32),
            np.zeros(n, np.int32),
        )

    return make


@pytest.fixture(scope="session")
def toy_event(make_event):
    """Forty straight tracks of eight hits each from the origin, and thirty hits of noise."""
    random = np.random.default_rng(5)
    directions = random.normal(size=(40, 3))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    radii = np.arange(1, 9) * 100.0
    tracks = (directions[:, np.newaxis] * radii[:, np.newaxis]).reshape(-1, 3)
    tracks += random.normal(scale=0.5, size=tracks.shape)
    noise = random.normal(scale=300.0, size=(30, 3))
    ids = np.concatenate((np.repeat(np.arange(1, 41) + 2**60, 8), np.zeros(30, np.int64)))
    return make_event(np.concatenate((tracks, noise)), ids)


@pytest.fixture(scope="session")
def make_helices(make_event):
    """Make particles far apart from the beam line in 2 T, with hits in TrackML's ten barrel layers.

    Each layer is crossed at its radius and so many mm farther out, on modules of their own.
    """
    radii = np.array([32.0, 72.0, 116.0, 172.0, 260.0, 360.0, 500.0, 660.0, 820.0, 1020.0])
    volume, layer = [8] * 4 + [13] * 4 + [17] * 2, [2, 4, 6, 8, 2, 4, 6, 8, 2, 4]

    def make(*farther, n=30):
        random = np.random.default_rng(7)
        radius = np.concatenate([radii + more for more in (0.0, *farther)])
        pt, charge = random.uniform(0.5, 5.0, n), random.choice([-1.0, 1.0], n)
        curvature = (charge * GEV_PER_CURVATURE / pt)[:, np.newaxis]
        turned = np.arcsin(curvature * radius / 2)
        phi = random.uniform(-np.pi, np.pi, (n, 1)) + turned
        cotangent = random.uniform(-0.5, 0.5, (n, 1))
        z = random.normal(0, 50, (n, 1)) + cotangent * 2 * turned / curvature
        positions = np.stack((radius * np.cos(phi), radius * np.sin(phi), z), axis=-1)
        ids, times = np.repeat(np.arange(1, n + 1), len(radius)), n * (1 + len(farther))
        event = make_event(
            positions.reshape(-1, 3), ids, volume=np.tile(volume, times), name="helices"
        )
        hits = replace(event.hits, layer=np.tile(layer, times).astype(np.int32))
        truth = replace(event.truth, weight=np.full(len(ids), 1 / len(ids)))
        return replace(event, hits=hits, truth=truth)

    return make


@pytest.fixture(scope="session")
def helical_event(make_helices):
    """Ten hits of each of thirty particles, without noise."""
    return make_helices()


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Install a distribution that brings a plug-in: a package of one module, given as text."""
    found = (registry.found, catalogue._plug_ins, catalogue.recipes, open_event.readers)

    def put(name, source, group="nearhit.adapters", value=None):
        package = tmp_path / "site" / name
        package.mkdir(parents=True)
        (package / "__init__.py").write_text("")
        (package / "adapter.py").write_text(textwrap.dedent(source))
        about = tmp_path / "site" / f"{name}-1.0.dist-info"
        about.mkdir()
        (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (about / "entry_points.txt").write_text(f"[{group}]\n{name} = {value or name}\n")
        monkeypatch.syspath_prepend(tmp_path / "site")
        for lookup in found:
            lookup.cache_clear()

    yield put
    for module in [name for name in sys.modules if name.startswith(("faulty", "brought"))]:
        del sys.modules[module]
    for lookup in found:
        lookup.cache_clear()


@pytest.fixture
def write_csv(tmp_path):
    """Write the files of one event from lines of text and return its prefix."""

    def write(**kinds):
        for kind, lines in kinds.items():
            (tmp_path / f"event000000001-{kind}.csv").write_text("\n".join(lines) + "\n")
        return tmp_path / "event000000001"

    return write


@pytest.fixture
def strict_json():
    """Read JSON that has no NaN."""

    def refuse(constant):
        raise ValueError(constant)

    return lambda text: json.loads(text, parse_constant=refuse)
