"""asv's configuration holds only what asv knows, and every benchmark gives asv what it can keep."""

import json
import re
import sys
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from sample_records import FAILED, a_record
from scratch_clone import Clone, clone_into

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _importable(monkeypatch):
    """As asv does it: the suites' folder is a package of the root."""
    monkeypatch.syspath_prepend(ROOT)
    monkeypatch.syspath_prepend(ROOT / "tests")
    yield
    for module in [name for name in sys.modules if name.split(".")[0] == "benchmarks"]:
        del sys.modules[module]


@pytest.fixture(scope="module")
def configuration():
    text = (ROOT / "asv.conf.json").read_text()
    return json.loads(re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE))


def test_every_key_is_one_that_asv_knows(configuration):
    """asv passes over a misspelt key in silence."""
    config = pytest.importorskip("asv.config")
    known = set(vars(config.Config())) | {"version", "dvcs"}
    known |= {"regressions_first_commits", "regressions_thresholds", "default_benchmark_timeout"}
    assert set(configuration) <= known, set(configuration) - known


def test_gated_figures_are_not_excluded_and_their_twins_are(configuration):
    from benchmarks.figures import GATED, GATED_TRACKS, SHOWN

    excluded = [re.compile(key) for key in configuration["regressions_first_commits"]]
    thresholds = [re.compile(key) for key in configuration["regressions_thresholds"]]
    for name in GATED | GATED_TRACKS:
        benchmark = f"suites.Bucketing.track_{name}"
        assert not any(pattern.match(benchmark) for pattern in excluded), name
        assert any(pattern.match(benchmark) for pattern in thresholds), name
    for name in SHOWN:
        benchmark = f"suites.Bucketing.track_{name}"
        assert any(pattern.match(benchmark) for pattern in excluded), name


def test_every_figure_is_a_float_and_smaller_is_better_where_it_gates():
    from benchmarks.figures import GATED, SHOWN, skip_unless_measured
    from nearhit.cells.status import Status
    from nearhit.records.row import row_of

    record = a_record()
    figures = dict.fromkeys(record.quality.figures, 0.25)
    row = row_of(replace(record, quality=replace(record.quality, figures=figures)))
    for unit, value in (GATED | SHOWN).values():
        assert isinstance(float(value(row)), float)
        assert unit
    better = replace(row, particle_efficiency=0.5, bucket_purity=0.5, recall=1.0)
    for name in ("inefficiency", "impurity", "recall_loss"):
        assert GATED[name][1](better) < GATED[name][1](row)
    with pytest.raises(NotImplementedError, match="failed: it fell"):
        skip_unless_measured({(1,): row_of(FAILED)}, (1,))
    no_truth = row_of(replace(record, status=Status("ok"), quality=None))
    with pytest.raises(NotImplementedError, match="no truth"):
        skip_unless_measured({(1,): no_truth}, (1,))


def test_every_benchmark_is_found_and_named():
    pytest.importorskip("asv_runner")
    from benchmarks import default_cell, suites
    from nearhit.cells.suites import SUITES, axes_of
    from nearhit.plugins.registry import adapters, runs_here
    from nearhit.plugins.spec import IndexSpec

    assert [row.suite for row in suites.ROWS] == list(SUITES)
    for row in suites.ROWS:
        name = row.suite.title().replace("-", "")
        assert hasattr(suites, name) == row.available
        if not row.available:
            continue
        suite, axes = getattr(suites, name), axes_of(row.suite, "quick")
        assert suite.__doc__
        assert suite.track_seconds_per_event.unit == "s"
        assert suite.param_names == list(axes)
        shown = dict(zip(suite.param_names, suite.params, strict=True))
        libraries = {IndexSpec.parse(index).name for index in shown.pop("index", ())}
        asked = {IndexSpec.parse(index).name for index in axes.pop("index", ())}
        assert libraries == {library for library in asked if runs_here(adapters()[library])}
        assert shown == {axis: list(values) for axis, values in axes.items()}
    assert default_cell.DefaultCell.time_event.version


def test_no_two_suites_share_what_was_measured():
    """asv keeps one cache for all `setup_cache` that are written on one line."""
    discovery = pytest.importorskip("asv_runner.discovery")
    caches = {}
    for benchmark in discovery.disc_benchmarks(str(ROOT / "benchmarks")):
        if benchmark.setup_cache_key:
            caches.setdefault(benchmark.setup_cache_key, set()).add(benchmark.name.split(".")[1])
    assert len(caches) > 3
    assert all(len(suites) == 1 for suites in caches.values()), caches


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """A clone with a small event and few libraries; its last two commits measure alike."""
    if not (ROOT / ".git").exists():
        pytest.skip("asv measures commits, and this is no repository")
    folder = tmp_path_factory.mktemp("asv")
    made = clone_into(folder / "nearhit")
    for adapter in (made.folder / "adapters").glob("[a-z]*.py"):
        if adapter.stem not in {"annoy", "scipy_kdtree"}:
            adapter.unlink()
    made.commit("Two libraries")
    (made.folder / "note").write_text("nothing that is measured\n")
    made.commit("A note")
    made = Clone(made.folder, dict(made.environment) | {"HOME": str(folder)})
    made.run(".venv/bin/asv", "machine", "--yes", "--machine", "box")
    return made


TIMED = r"DefaultCell.time_event\(.*scipy-kdtree"


def test_asv_checks_runs_compares_and_publishes(clone):
    existing = ("--environment", f"existing:{clone.folder}/.venv/bin/python")
    clone.run(".venv/bin/asv", "check", *existing)
    before, after = clone.run("git", "rev-parse", "HEAD~1", "HEAD").split()
    for commit, *more in ((before,), (after, "--bench", "suites.Hardware.track_recall_loss")):
        clone.run(
            ".venv/bin/asv", "run", *existing, "--machine", "box", "--set-commit-hash", commit,
            "--bench", TIMED, *more,
        )  # fmt: skip
    (kept,) = (clone.folder / "results" / "asv" / "box").glob(f"{after[:8]}-*.json")
    columns = json.loads(kept.read_text())
    losses, axes = columns["results"]["suites.Hardware.track_recall_loss"][:2]
    combinations = zip(product(*axes), losses, strict=True)
    exact = {loss for (index, *_), loss in combinations if "scipy-kdtree" in index}
    assert exact == {0.0}
    compared = clone.run(".venv/bin/asv", "compare", before, after, "--machine", "box")
    assert "default_cell.DefaultCell.time_event('scipy-kdtree')" in compared
    clone.run(".venv/bin/asv", "publish")
    published = json.loads((clone.folder / "results" / "html" / "index.json").read_text())
    assert "suites.Hardware.track_recall_loss" in published["benchmarks"]


@pytest.mark.slow
def test_asv_measures_two_commits_each_in_an_environment_of_its_own(clone, configuration):
    """As configured, but for the libraries: they are those of the running tests."""
    file = clone.folder / "asv.conf.json"
    site = next((clone.folder / ".venv").glob("lib/python*/site-packages/libraries.pth"))
    here = f"lib/{site.parents[1].name}/site-packages/libraries.pth"
    copy = f"import shutil; shutil.copy('{site}', '{here}')"
    link = f'in-dir={{env_dir}} python -c "{copy}"'
    install = "in-dir={env_dir} python -m pip install --no-deps {wheel_file}"
    file.write_text(json.dumps(configuration | {"install_command": [link, install]}))
    said = clone.run(
        ".venv/bin/asv", "continuous", "HEAD~1", "HEAD", "--machine", "box", "--bench", TIMED,
        "--factor", "1000",
    )  # fmt: skip
    assert "BENCHMARKS NOT SIGNIFICANTLY CHANGED" in said
