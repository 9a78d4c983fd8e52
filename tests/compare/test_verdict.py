"""Detection and false-alarm rates on tables of known effects."""

import numpy as np
import pytest
from scipy.stats import binom

from nearhit.cells.status import Status
from nearhit.compare import CellPair, SideValues, Thresholds, judge
from nearhit.compare.page import exit_code

N_CELLS = 4


def a_table(random, *, rounds=16, scatter=0.02, slower=(0.0,) * N_CELLS, drift=0.1):
    """Simulate seconds of a shared machine: drift, bursts of other work, heavy-tailed noise."""
    pairs = []
    for share in slower:
        machine = drift * np.linspace(0, random.normal(), rounds)
        machine += 0.5 * (random.random(rounds) < 0.2)  # both of a pair are hit
        a, b = (scatter * random.standard_t(4, (2, rounds)) / np.sqrt(2) + machine) + 1.0
        b += np.log1p(share)
        both = {
            name: (tuple(np.exp(a + more)), tuple(np.exp(b + more)))
            for name, more in (("seconds", 0.0), ("processor_seconds", 0.1))
        }
        sides = [
            SideValues(values={name: one[side] for name, one in both.items()}) for side in (0, 1)
        ]
        pairs.append(CellPair(f"cell {len(pairs)}", *sides))
    return pairs


def share_worse(n, only="", **how):
    random = np.random.default_rng(17)
    found = 0
    for _ in range(n):
        rows = judge(a_table(random, **how), Thresholds())
        found += any(row.verdict == "worse" and row.cell.startswith(only) for row in rows)
    return found / n


@pytest.mark.parametrize("scatter", [0.005, 0.02, 0.1])
def test_no_change_is_no_alarm(scatter):
    n = 600
    assert share_worse(n, "", scatter=scatter) <= binom.ppf(0.999, n, 0.01) / n


def test_a_drift_of_the_threshold_is_an_alarm_no_more_often_than_promised():
    """The worst case under the null hypothesis: every cell has grown by just its threshold."""
    n = 600
    found = share_worse(n, "", slower=(0.01,) * N_CELLS)
    assert found <= binom.ppf(0.999, n, 0.01) / n


def test_without_adjustment_there_would_be_more(monkeypatch):
    """Without Holm's correction the simulation exceeds the family-wise error rate."""
    monkeypatch.setattr("nearhit.compare.verdict.holm", list)
    n = 600
    found = share_worse(n, "", slower=(0.01,) * N_CELLS)
    assert found > binom.ppf(0.999, n, 0.01) / n


@pytest.mark.parametrize(("slower", "least"), [(0.05, 0.95), (0.10, 0.995)])
def test_a_slower_cell_is_found(slower, least):
    slow = (0, 0, slower, 0)
    assert share_worse(300, "cell 2", slower=slow, scatter=0.015, rounds=20) >= least


def test_noise_that_hides_a_change_is_not_called_unchanged():
    random = np.random.default_rng(2)
    rows = judge(a_table(random, scatter=0.5), Thresholds())
    assert {row.verdict for row in rows} == {"unclear"}
    assert "too noisy" in rows[0].reason
    assert exit_code(rows) == 2


def test_a_faster_cell_is_better_and_no_alarm():
    rows = judge(a_table(np.random.default_rng(2), slower=(-0.2, 0, 0, 0)), Thresholds())
    assert [row.verdict for row in rows[:2]] == ["better", "better"]
    assert exit_code(rows) == 0


def test_effect_and_interval_are_of_the_ratio():
    rows = judge(a_table(np.random.default_rng(2), slower=(0.3, 0, 0, 0)), Thresholds())
    assert rows[0].verdict == "worse"
    assert rows[0].change == pytest.approx(0.3, abs=0.03)
    assert 0.2 < rows[0].low < rows[0].change < rows[0].high < 0.4
    assert rows[0].n == (16, 16)


def test_too_few_rounds_are_unclear_and_say_how_many_it_takes():
    rows = judge(a_table(np.random.default_rng(2), rounds=6), Thresholds())
    assert {row.verdict for row in rows} == {"unclear"}
    assert "10 a side are needed" in rows[0].reason  # eight tests: 2⁻¹⁰ is below 0.01 / 8


def counted(a, b, figure="inefficiency", **thresholds):
    pair = CellPair("cell", SideValues(values={figure: a}), SideValues(values={figure: b}))
    (row,) = judge([pair], Thresholds(of=dict(Thresholds().of) | thresholds))
    return row.verdict


def test_counted_figures_are_compared_exactly():
    assert counted((0.5,), (0.5,)) == "same"
    assert counted((0.5,), (0.5 + 1e-9,)) == "worse"
    assert counted((0.5,), (0.498,)) == "better"
    assert counted((0.5,), (0.502,)) == "worse"


def test_thresholds_allow_what_they_say():
    assert counted((0.5,), (0.502,), inefficiency=0.003) == "same"
    assert counted((100.0,), (104.0,), "peak_memory_mb") == "same"
    assert counted((100.0,), (106.0,), "peak_memory_mb") == "worse"
    assert counted((100.0,), (104.0,), "peak_memory_mb", peak_memory_mb=0.01) == "worse"


def test_values_that_overlap_are_the_same():
    assert counted((0.5, 0.51, 0.52), (0.52, 0.53, 0.54)) == "same"
    assert counted((0.5, 0.51, 0.52), (0.53, 0.53, 0.54)) == "worse"


OK = SideValues(values={"recall_loss": (0.0,)})


@pytest.mark.parametrize(
    ("a", "b", "verdict", "code"),
    [
        (OK, SideValues(Status("failed", "it fell")), "failed", 2),
        (SideValues(Status("timeout", "too long")), OK, "failed", 2),
        (OK, SideValues(Status("skipped", "not there")), "unclear", 2),
        (
            SideValues(Status("skipped", "not there")),
            SideValues(Status("skipped", "nor here")),
            "skipped",
            2,
        ),
        (OK, None, "unclear", 2),
        (None, OK, "new", 0),
        (OK, OK, "same", 0),
        (OK, SideValues(values={"recall_loss": (0.1,)}), "worse", 1),
        (OK, SideValues(values={"impurity": (0.1,)}), "unclear", 2),
    ],
)
def test_how_a_cell_ends_decides_the_exit_code(a, b, verdict, code):
    rows = judge([CellPair("cell", a, b)], Thresholds())
    assert rows[0].verdict == verdict
    assert exit_code(rows) == code


def test_worse_outweighs_failed():
    fallen = CellPair("other", OK, SideValues(Status("failed", "it fell")))
    worse = CellPair("cell", OK, SideValues(values={"recall_loss": (0.1,)}))
    assert exit_code(judge([fallen, worse], Thresholds())) == 1


def test_nothing_to_compare_is_not_told():
    assert exit_code(judge([], Thresholds())) == 2
