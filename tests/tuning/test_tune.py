"""Tuning from the command line, with a library whose recall is known."""

import os
import subprocess
import sys

import pytest
from nearhit.datasets.open_event import open_event
from typer.testing import CliRunner

from nearhit.cells.tuned import read_tuned
from nearhit.cli.app import app
from nearhit.errors import BadInputError
from nearhit.plugins.registry import adapters
from nearhit.plugins.spec import parameters_of
from nearhit.records.store import Store
from nearhit.tuning.goal import Goal
from nearhit.tuning.space import Space
from nearhit.tuning.tune import other_events

PARTIAL = """
    import os
    import time
    import numpy as np
    from nearhit.adapter import Setting, adapter, parameter

    @adapter
    class Faulty:
        '''Looks at so many of every 20 points, so that about as many are found.'''

        name = "faulty"
        package = "faulty"
        extra = None
        distances = {"euclidean": 2}
        exact = False
        licence = "MIT"
        repeatable = "always"
        threaded = "query"
        setting: Setting
        waste: int = parameter(4, "hundredths of a second", at_least=1, build=(1, 5))
        looks: int = parameter(10, "points of 20", at_least=1, at_most=20, query=(1, 20))

        def build(self, points):
            time.sleep(self.waste / 100)
            self.points = points
            if self.waste == 5:
                os.abort()

        def query(self, points, k):
            rows = np.flatnonzero(np.arange(len(self.points)) % 20 < self.looks)
            found = np.full((len(points), k), -1, np.int32)
            apart = ((points[:, None] - self.points[rows]) ** 2).sum(axis=2)
            near = rows[np.argsort(apart, axis=1)[:, :k]]
            found[:, : near.shape[1]] = near
            return found
"""


@pytest.fixture
def event(tmp_path):
    """Four hundred hits on straight tracks as a table, without a recipe."""
    import numpy as np

    random = np.random.default_rng(3)
    directions = random.normal(size=(50, 1, 3))
    points = (directions * np.arange(1, 9)[:, np.newaxis]).reshape(-1, 3) * 50
    points += random.normal(size=points.shape)
    file = tmp_path / "hits.csv"
    lines = ["x,y,z,particle_id"]
    lines += [f"{x},{y},{z},{row // 8 + 1}" for row, (x, y, z) in enumerate(points)]
    file.write_text("\n".join(lines))
    return file


@pytest.fixture
def tune(install, event, tmp_path, monkeypatch):
    install("faulty", PARTIAL, value="faulty.adapter:Faulty")
    monkeypatch.chdir(tmp_path)

    def run(*options, source=event):
        command = ["tune", str(source), "--library", "faulty", "--metric", "euclidean", "-k", "10"]
        return CliRunner().invoke(app, [*command, "--repeats", "2", "--threads", "1", *options])

    return run


def test_the_best_setting_is_found_kept_and_found_again(tune, tmp_path, strict_json):
    written = tmp_path / "tuned.json"
    done = tune("--min-recall", "0.9", "--json", "--write", str(written))
    assert done.exit_code == 0, done.output
    (found,) = strict_json(done.stdout)
    assert "The final comparison is on hits itself, since no other" in done.stderr
    assert "SIGABRT" in done.stderr  # a setting that crashes costs its trial alone
    best = found["best"]
    assert best["met"]
    assert min(best["shares"]) >= 0.9
    assert "looks=20" not in best["index"]
    assert not found["default"]["met"]
    assert read_tuned(written)["faulty"].index == found["index"]

    records = list(Store(tmp_path / "results" / "tuning"))
    again = tune("--min-recall", "0.9", "--seconds", "0.001", "--json")
    assert again.exit_code == 0, again.output
    (resumed,) = strict_json(again.stdout)
    assert len(list(Store(tmp_path / "results" / "tuning"))) == len(records)
    assert resumed["front"] == found["front"]


def test_a_search_that_is_killed_loses_no_full_measurement(tune, event, tmp_path):
    script = (
        "import os, sys\n"
        "from nearhit.tuning import tune as room\n"
        "from nearhit.cli.app import app\n"
        "words = room._in_words\n"
        "def kill_after_two(trial, seen=[]):\n"
        "    seen.append(trial)\n"
        "    return os._exit(9) if len(seen) == 2 else words(trial)\n"
        "room._in_words = kill_after_two\n"
        "if __name__ == '__main__':\n"
        "    app(sys.argv[1:])\n"
    )
    (tmp_path / "killed.py").write_text(script)
    options = ("tune", event, "--library", "faulty", "--metric", "euclidean", "-k", "10")
    options += ("--min-recall", "0.9", "--seconds", "30", "--threads", "1")
    environment = os.environ | {"PYTHONPATH": str(tmp_path / "site")}
    command = [sys.executable, "killed.py", *map(str, options)]
    done = subprocess.run(command, cwd=tmp_path, env=environment, check=False)
    assert done.returncode == 9
    kept = list(Store(tmp_path / "results" / "tuning"))
    assert kept
    again = tune("--min-recall", "0.9")
    assert again.exit_code == 0, again.output
    assert list(Store(tmp_path / "results" / "tuning"))[: len(kept)] == kept


def test_a_demand_that_nothing_meets_ends_with_1(tune):
    done = tune("--max-seconds", "0.000001")
    assert done.exit_code == 1, done.output
    assert "no setting meets the demand" in done.stdout


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--min-recall", "2"), "--min-recall takes a share"),
        (("--within", "much"), "--within takes a share such as 0.5%"),
        (("--within", "1%", "--min-recall", "0.9"), "Demand one thing"),
        (("--max-seconds", "0"), "--max-seconds takes a number above 0"),
        (("--library", "anoy"), "there is no index 'anoy'"),
        (("--library", "annoy(ntrees=5)"), "--library takes a name such as annoy"),
        (("--write", "absent/tuned.json"), "absent/tuned.json cannot be written"),
        (("--held-out", "ttbar-mu7"), "ttbar-mu7"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(tune, tmp_path, options, said):
    done = tune("--seconds", "1", *options)
    assert isinstance(done.exception, BadInputError)
    assert said in str(done.exception)
    assert not (tmp_path / "results").exists()


def test_without_optuna_one_sentence_says_how_to_install_it(tune, monkeypatch):
    monkeypatch.setitem(sys.modules, "optuna", None)
    done = tune("--seconds", "1")
    assert isinstance(done.exception, BadInputError)
    assert "pip install 'nearhit[tune]'" in str(done.exception)


def test_the_usual_demand_and_its_words():
    assert str(Goal.of()) == "particle efficiency within 0.5 % of exact search"
    assert str(Goal.of(within=0.01)) == "particle efficiency within 1 % of exact search"
    assert str(Goal.of(min_recall=0.99)) == "recall ≥ 0.99"
    assert str(Goal.of(min_efficiency=0.25)) == "particle efficiency ≥ 0.25"
    assert str(Goal.of(max_seconds=0.5)) == "most particle efficiency within 0.5 s"
    assert Goal.of(min_efficiency=0.2).on(0.25).least == pytest.approx(0.8)


def test_another_seed_of_the_recipe_is_held_out():
    assert other_events(open_event("bundled")) == ["ttbar-mu200@4"]


def test_every_range_lies_within_limits_and_holds_the_default():
    for name, adapter in adapters().items():
        space = Space.of(name, 50)
        for field in parameters_of(adapter):
            low, high = (field.metadata[limit] for limit in ("at_least", "at_most"))
            for end in field.metadata["build"] or field.metadata["query"] or ():
                assert end == "k" or low is None or end >= low, (name, field.name)
                assert end == "k" or high is None or end <= high, (name, field.name)
            if field.metadata["build"]:
                first, last = field.metadata["build"]
                assert first <= field.default <= last, (name, field.name)
        assert len(set(space.ladder)) == len(space.ladder)


def test_every_approximate_library_can_be_tuned():
    for name, adapter in adapters().items():
        assert adapter.exact or adapter.exhaustive or not Space.of(name, 50).empty, name


def test_a_ladder_starts_at_the_bucket_size_where_the_library_wants_as_many():
    assert Space.of("hnswlib", 50).ladder[:3] == (50, 54, 58)
    assert Space.of("hnswlib", 2_000).ladder == (2_000,)
    assert Space.of("faiss-ivf", 50).ladder[:3] == (1, 2, 3)
    assert Space.of("pynndescent", 50).ladder[:2] == (0.0, 0.02)
    assert Space.of("scipy-kdtree", 50).ladder == (None,)
