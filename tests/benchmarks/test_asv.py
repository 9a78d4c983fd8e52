"""asv's configuration holds only what asv knows, and every benchmark gives asv what it can keep."""

import json
import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from sample_records import FAILED, a_record

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
        benchmark = f"bucketing.Bucketing.track_{name}"
        assert not any(pattern.match(benchmark) for pattern in excluded), name
        assert any(pattern.match(benchmark) for pattern in thresholds), name
    for name in SHOWN:
        benchmark = f"bucketing.Bucketing.track_{name}"
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
    better = row | {"particle_efficiency": 0.5, "bucket_purity": 0.5, "recall": 1.0}
    for name in ("inefficiency", "impurity", "recall_loss"):
        assert GATED[name][1](better) < GATED[name][1](row)
    with pytest.raises(NotImplementedError, match="failed: it fell"):
        skip_unless_measured({(1,): row_of(FAILED)}, (1,))
    no_truth = row_of(replace(record, status=Status("ok"), quality=None))
    with pytest.raises(NotImplementedError, match="no truth"):
        skip_unless_measured({(1,): no_truth}, (1,))


def test_every_benchmark_is_found_and_named():
    pytest.importorskip("asv_runner")
    from benchmarks import bucketing, default_cell, grids, hardware, pile_up
    from nearhit.cells.suites import axes_of
    from nearhit.plugins.registry import adapters, runs_here
    from nearhit.plugins.spec import IndexSpec

    suites = {
        "bucketing": bucketing.Bucketing,
        "grids": grids.Grids,
        "hardware": hardware.Hardware,
    }
    if hasattr(pile_up, "PileUp"):  # its events need the extra 'simulate'
        suites["pile-up"] = pile_up.PileUp
    for name, suite in suites.items():
        axes = axes_of(name, "quick")
        assert suite.param_names == list(axes)
        shown = dict(zip(suite.param_names, suite.params, strict=True))
        libraries = {IndexSpec.parse(index).name for index in shown.pop("index")}
        asked = {IndexSpec.parse(index).name for index in axes.pop("index")}
        assert libraries == {library for library in asked if runs_here(adapters()[library])}
        assert shown == {axis: list(values) for axis, values in axes.items()}
        assert suite.track_inefficiency.unit == "share"
    assert default_cell.DefaultCell.time_event.version
