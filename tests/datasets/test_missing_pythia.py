"""Simulation where Pythia lacks its data, or makes no collision: one sentence, and no file."""

import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from nearhit.datasets.catalogue import catalogue_event

from nearhit.errors import BadInputError

pytest.importorskip("acts")
pythia8mc = pytest.importorskip("pythia8mc")

from nearhit.datasets.simulation import hadron, nuclear, pythia  # noqa: E402 - needs the extra

BAD_INPUT = 2

XMLDOC = Path(sys.prefix) / "share" / "Pythia8" / "xmldoc"


@pytest.mark.parametrize(
    ("recipe", "data"), [("muons", "no particles"), ("ttbar-mu200(pile_up=2)", "nothing")]
)
def test_without_its_data_nothing_is_simulated_and_nothing_written(tmp_path, recipe, data):
    missing, out = tmp_path / "xmldoc", tmp_path / "events"
    missing.mkdir()
    for file in XMLDOC.iterdir() if data == "no particles" else ():
        if file.name != "ParticleData.xml":
            (missing / file.name).symlink_to(file)
    done = subprocess.run(
        [sys.executable, "-m", "nearhit", "data", "simulate", recipe, "--out", str(out)],
        env=os.environ | {"PYTHIA8DATA": str(missing)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == BAD_INPUT
    assert done.stdout == ""
    assert "PYTHIA" not in done.stderr.replace("PYTHIA8DATA", "")
    assert done.stderr.splitlines()[-1] == f"nearhit: {pythia.INCOMPLETE}"
    assert not out.exists()


@pytest.fixture
def starts_anew():
    """Forget the generators that are started, before and after."""
    caches = (hadron._cascade, hadron._collider, nuclear._cross_sections)
    for one in caches:
        one.cache_clear()
    yield
    for one in caches:
        one.cache_clear()


@pytest.mark.usefixtures("starts_anew")
def test_nuclear_interactions_are_not_left_out_in_silence(monkeypatch, tmp_path):
    """Not where the file is missing, nor where Pythia refuses it."""
    (tmp_path / "xmldoc").symlink_to(XMLDOC)
    monkeypatch.setenv("PYTHIA8DATA", str(tmp_path / "xmldoc"))
    for start in (
        nuclear.prepare_cross_sections,
        partial(hadron.HadronCollisions, np.random.default_rng(1)),
    ):
        with pytest.raises(BadInputError, match="Pythia 8 does not find all of its data"):
            start()
    monkeypatch.setattr(hadron, "_tables", lambda: "/nowhere/InitDefaultMPI.cmnd")
    with pytest.raises(BadInputError, match="Pythia 8 does not find all of its data"):
        nuclear.prepare_cross_sections()


def test_the_tables_are_beside_the_data_that_pythia_reads(monkeypatch, tmp_path):
    """Not in the environment that runs, which may take Pythia from another one."""
    (tmp_path / "share").symlink_to(XMLDOC.parent)
    monkeypatch.setenv("PYTHIA8DATA", str(tmp_path / "share" / "xmldoc"))
    assert Path(hadron._tables()) == tmp_path / "share" / "setups" / "InitDefaultMPI.cmnd"


def test_a_cross_section_of_nothing_is_refused(monkeypatch):
    """It would be divided by, and no hadron would interact."""
    monkeypatch.setattr(nuclear, "cross_section", lambda *_: 0.0)
    with pytest.raises(BadInputError, match="Pythia 8 does not find all of its data"):
        nuclear.prepare_cross_sections()


def test_a_process_that_the_energy_does_not_allow_is_refused():
    recipe = catalogue_event("ttbar-mu20(energy=0.1)").recipe
    with pytest.raises(BadInputError, match="raise the energy if it is too low for the process"):
        pythia.start_generators(recipe)


class _Barren:
    """A generator that makes no collision."""

    rndm = type("Random", (), {"init": staticmethod(lambda _: True)})

    def next(self):
        return False


def test_a_generator_that_makes_no_collision_is_given_up(monkeypatch):
    monkeypatch.setattr(pythia, "_started", lambda *_: _Barren())
    with pytest.raises(BadInputError, match=r"makes no collision with .* at 14 TeV: change the en"):
        pythia.collide(catalogue_event("minbias").recipe, 1)


def test_cuts_that_no_particle_passes_are_refused(monkeypatch):
    monkeypatch.setattr(pythia, "_collisions", lambda *_: [[(211, 1, 0.14, *[0.0] * 3, 1, 1, 1)]])
    recipe = catalogue_event("minbias(min_pt=100.0)").recipe
    with pytest.raises(BadInputError, match="of 10,000 collisions no particle passes the cuts"):
        pythia.collide(recipe, 1)
