"""What several test files need."""

import json
import os
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest
from nearhit.datasets import catalogue, open_event

from nearhit import registry
from nearhit.event import Event, Hits, Particles, Truth

_TRACKML = Path(os.environ.get("NEARHIT_TRACKML", Path(__file__).parents[2] / "shared" / "trackml"))


@pytest.fixture(scope="session")
def trackml():
    """The folder of genuine TrackML events, where a developer has them beside the checkout."""
    if not _TRACKML.is_dir():
        pytest.skip("no genuine TrackML events: set NEARHIT_TRACKML to a folder that has them")
    return _TRACKML


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory):
    """Keep no event where a user's are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NEARHIT_CACHE", str(tmp_path_factory.mktemp("cache")))
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


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Install a distribution that brings a plug-in: a package of one module, given as text."""
    found = (registry.adapters, catalogue.recipes, open_event.readers)

    def put(name, source, group="nearhit.adapters"):
        package = tmp_path / "site" / name
        package.mkdir(parents=True)
        (package / "__init__.py").write_text("")
        (package / "adapter.py").write_text(textwrap.dedent(source))
        about = tmp_path / "site" / f"{name}-1.0.dist-info"
        about.mkdir()
        (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (about / "entry_points.txt").write_text(f"[{group}]\n{name} = {name}\n")
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
