"""Every round measures all sides in fresh workers, and a failure on one is its status."""

import os
import sys
from pathlib import Path

import numpy as np
import pytest

from nearhit.compare import COMPARED, Comparison, Thresholds
from nearhit.compare.lockstep import TURN_FILE, Side
from nearhit.compare.page import exit_code
from nearhit.compare.profiles import PROFILES, Plan
from nearhit.compare.rounds import Budget, measure_sides
from nearhit.compare.series import Series
from nearhit.index.index import Index
from nearhit.measure.worker import Limits
from nearhit.plugins.registry import metric_named
from nearhit.plugins.spec import IndexSpec

FAKE = Path(__file__).with_name("fake_turn.py")
CELL = "8 of scipy-kdtree"


@pytest.fixture(scope="module")
def answer(toy_event, tmp_path_factory):
    file = tmp_path_factory.mktemp("answers") / "exact.npy"
    points = metric_named("angular").project(toy_event)
    np.save(file, Index(IndexSpec.parse("scipy-kdtree")).build(points).query(points, 8))
    return file


@pytest.fixture
def fake(answer, tmp_path):
    def side(factor, loses=0):
        file = tmp_path / f"answer-{loses}.npy"
        members = np.load(answer)
        members[:, 8 - loses :] = -1
        np.save(file, members)
        command = (sys.executable, "-I", str(FAKE), str(factor), str(file))
        return Side(f"{factor}, {loses}", command)

    return side


def measure(event, sides, cells=(CELL,), figures=tuple(COMPARED), **budget):
    plan = Plan(event, PROFILES["quick"], cells, figures=figures)
    said = []
    series = measure_sides(sides, plan.compared(), plan, Budget(**budget), said.append)
    return series, said


def judged(series, figures=tuple(COMPARED)):
    return {row.figure: row for row in Comparison.of_series(series).judged(figures, Thresholds())}


def test_every_round_takes_all_sides(toy_event, fake, tmp_path):
    series, said = measure(toy_event, [fake(1.0), fake(1.2)], rounds=3)
    order = (tmp_path / "answer-0.order").read_text().split()
    assert [set(order[at : at + 2]) for at in (0, 2, 4, 6)] == [{"1.0", "1.2"}] * 4
    assert [len(arm.turns) for arm in series.cells[0].arms] == [3, 3]
    assert said[0] == "first turns of 2 sides"
    assert said[-1].startswith("round 3")
    assert series.cells[0].arms[0].turns[0].spent_seconds > 0


def test_one_slow_pass_does_not_set_the_number_of_passes(toy_event, fake):
    series, _ = measure(toy_event, [fake(0.1), fake(0.11)], rounds=1)
    assert [len(arm.turns[0].seconds) for arm in series.cells[0].arms] == [5, 5]


def test_a_slower_side_is_worse_and_kept_as_a_record(toy_event, fake):
    series, _ = measure(toy_event, [fake(1.0), fake(1.05)], rounds=10)
    assert Series.from_json(series.to_json()) == series
    rows = judged(series)
    assert rows["seconds"].verdict == "worse"
    assert rows["seconds"].change == pytest.approx(0.05, abs=0.01)
    assert rows["inefficiency"].verdict == rows["recall_loss"].verdict == "same"
    assert exit_code(list(rows.values())) == 1
    rows = judged(series, ("inefficiency",))
    assert list(rows) == ["inefficiency"]
    assert exit_code(list(rows.values())) == 0


def test_the_same_is_the_same(toy_event, fake):
    series, _ = measure(toy_event, [fake(1.0), fake(1.0001)], rounds=10)
    assert {row.verdict for row in judged(series).values()} == {"same"}


def test_lost_hits_are_worse_and_take_no_rounds(toy_event, fake):
    figures = ("inefficiency", "recall_loss")
    series, _ = measure(toy_event, [fake(1.0), fake(1.1, loses=2)], figures=figures)
    rows = judged(series, figures)
    assert not series.cells[0].arms[0].turns
    assert {row.verdict for row in rows.values()} == {"worse"}
    assert rows["recall_loss"].a == 0.0
    assert rows["recall_loss"].b == pytest.approx(0.25)


def test_time_ends_the_rounds(toy_event, fake):
    series, _ = measure(toy_event, [fake(1.0), fake(1.1)], minutes=0.0)
    assert not series.cells[0].arms[0].turns
    rows = judged(series)
    assert "seconds" not in rows
    assert rows["inefficiency"].verdict == "same"


def test_a_worker_that_falls_fails_its_cells_and_those_alone(toy_event, fake):
    cells = (CELL, "8 of scipy-kdtree(leafsize=8)", "8 of sklearn-kdtree")
    series, _ = measure(toy_event, [fake(1.0), fake(-1.0)], cells, rounds=2)
    rows = Comparison.of_series(series).judged(tuple(COMPARED), Thresholds())
    failed = {row.cell: row.reason for row in rows if row.verdict == "failed"}
    assert list(failed) == list(cells[1:])  # scikit-learn's worker came first and said nothing
    assert "exit code 3; the end of its stderr: it fell down" in failed[cells[1]]
    assert [len(arm.turns) for arm in series.cells[0].arms] == [2, 2]
    assert exit_code(rows) == 2


def test_rows_that_do_not_exist_are_a_failure(toy_event, fake, tmp_path):
    side = fake(1.0)
    members = np.full((len(toy_event), 8), len(toy_event), np.int32)
    np.save(tmp_path / "answer-0.npy", members)
    series, _ = measure(toy_event, [side, side], rounds=2)
    (row,) = judged(series).values()
    assert row.verdict == "failed"
    assert "scipy-kdtree returned" in row.reason


def test_a_hang_is_a_timeout(toy_event, fake):
    hang = Side("hangs", (sys.executable, "-I", "-c", "import time; time.sleep(600)"))
    series, _ = measure(toy_event, [hang, fake(1.0)], limits=Limits(0.3))
    (row,) = judged(series).values()
    assert row.verdict == "failed"
    assert "timeout: not done after 0.3 s" in row.reason


REAL = (sys.executable, "-I", str(TURN_FILE))


@pytest.fixture(scope="module")
def really(toy_event, tmp_path_factory):
    """Two real sides: this nearhit, and one whose library loses its last neighbour."""
    worse = tmp_path_factory.mktemp("worse") / "turn.py"
    worse.write_text(
        "import json, runpy, sys\n"
        "from pathlib import Path\n"
        "from nearhit.plugins.registry import adapters\n"
        "whole = adapters()['scipy-kdtree'].query\n"
        "def query(self, points, k):\n"
        "    found = whole(self, points, k)\n"
        "    found[:, -1] = -1\n"
        "    return found\n"
        "adapters()['scipy-kdtree'].query = query\n"
        f"turn = runpy.run_path({os.fspath(TURN_FILE)!r})\n"
        "turn['run'](json.loads(Path(sys.argv[1]).read_text()))\n"
    )
    sides = [Side("A", REAL), Side("B", (sys.executable, "-I", str(worse)))]
    cells = (CELL, "8 of scipy-kdtree around 50", "dbscan in 8 of sklearn-kdtree", "8 of svs")
    series, _ = measure(toy_event, sides, cells, rounds=1)
    return series


def test_a_real_worker_measures_what_is_asked(really):
    arm = really.cells[0].arms[0]
    assert arm.about == "scipy-kdtree(leafsize=16), scipy " + arm.about.split()[-1]
    (turn,) = arm.turns
    assert len(turn.seconds) == len(turn.processor_seconds) == 5
    assert 0 < min(turn.seconds) <= turn.spent_seconds
    assert arm.losses["recall_loss"] == (0.0,)


def test_a_real_loss_is_found(really):
    rows = Comparison.of_series(really).judged(tuple(COMPARED), Thresholds())
    worse = {(row.cell, row.figure) for row in rows if row.verdict == "worse"}
    assert {(CELL, "recall_loss"), ("8 of scipy-kdtree around 50", "recall_loss")} <= worse
    assert exit_code(rows) == 1


def test_trackers_and_what_is_missing_have_their_rows(really):
    tracked, missing = really.cells[2], really.cells[3]
    assert {"track_inefficiency", "fake_share"} <= set(tracked.arms[0].losses)
    assert tracked.arms[0].losses == tracked.arms[1].losses
    if missing.arms[0].status.outcome != "ok":
        assert missing.arms[0].status.outcome == "skipped"
        assert "scalable-vs is not installed" in missing.arms[0].status.reason
