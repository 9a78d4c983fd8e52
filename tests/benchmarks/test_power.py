"""The power study on series of known effects, and its page."""

import numpy as np
import pytest
import slowed_turn
from page import draw_power, power_page
from power import NO_CHANGE, SCENARIOS, longest, power, scatter

from nearhit.compare.series import CellSeries, Series, SideSeries, Turn
from nearhit.machine.hardware import Machine
from nearhit.records.record import Provenance

FAST, SLOW = "50 of sphere-grid", "20 of scipy-kdtree"
MACHINE = Machine("box", "A CPU", 2, 1024, "An OS", "3.11.0")
FROM = Provenance(MACHINE, "abc", "nearhit", {"nearhit": "1"}, "2026-01-01T00:00:00", 0.5)


def a_series(noise, rounds=60, effects=(1.0, 1.0, 1.05, 1.1)):
    random = np.random.default_rng(23)
    cells = []
    for cell, seconds in ((FAST, 0.1), (SLOW, 1.0)):
        machine = 0.2 * np.sin(np.arange(rounds) / 9)
        arms = []
        for effect in effects:
            taken = seconds * effect * np.exp(machine + noise * random.standard_normal(rounds))
            turns = tuple(Turn((one, 2 * one), (one,), 5.0, 6.0) for one in taken.tolist())
            arms.append(
                SideSeries(turns=turns, losses={"inefficiency": (0.5,), "impurity": (0.25,)})
            )
        cells.append(CellSeries(cell, tuple(arms)))
    return Series(("A", "A again", "5 %", "10 %"), "toy", "d" * 16, 1, tuple(cells), FROM)


def test_a_quiet_machine_finds_all_and_nothing_else():
    series = a_series(0.01)
    nothing, five, ten, lost = (
        power(series, one, [] if one == NO_CHANGE else [FAST], 20, 200) for one in SCENARIOS
    )
    assert nothing.share <= 0.01
    assert five.share >= 0.95
    assert ten.share == lost.share == 1.0
    assert five.interval.low < five.share <= five.interval.high
    assert five.minutes == pytest.approx(20 * 4 * 6.0 / 60)


def test_a_noisy_machine_finds_less_and_more_with_more_rounds():
    series = a_series(0.06)
    few, many = (power(series, SCENARIOS[1], [SLOW], n, 200) for n in (12, 30))
    assert few.share < many.share < 1.0
    assert power(series, NO_CHANGE, [], 30, 200).share <= 0.02


def test_a_change_that_is_not_there_is_an_alarm():
    """A second side that differs from the first is detected."""
    series = a_series(0.01, effects=(1.0, 1.04, 1.05, 1.1))
    assert power(series, NO_CHANGE, [], 20, 100).share > 0.9


def test_too_few_rounds_are_unclear():
    found = power(a_series(0.01), SCENARIOS[1], [FAST], 4, 20)
    assert (found.share, found.unclear) == (0.0, 20)


def test_half_of_the_rounds_is_the_longest():
    assert longest(a_series(0.01, rounds=31)) == 15


def test_a_series_is_read_back_and_published(tmp_path):
    series = a_series(0.02, rounds=24)
    again = Series.from_json(series.to_json())
    assert again == series
    powers = [power(series, one, [FAST], rounds, 50) for one in SCENARIOS for rounds in (8, 12)]
    noise = scatter(series)
    assert noise[FAST, "seconds"][0] == pytest.approx(0.02 * np.sqrt(2), rel=0.6)
    assert noise[SLOW, "seconds"][1] == pytest.approx(0.05, abs=0.03)
    page = power_page(series, powers, noise, "power.svg")
    assert page.count("| one library 5 % slower | 50 of sphere-grid |") == 2
    assert f"{powers[0].share:.1%}" in page
    draw_power(powers, tmp_path / "power.svg")
    assert (tmp_path / "power.svg").read_text().count("one library 5 % slower") >= 1


def test_slowed_calls_spend_the_time(monkeypatch):
    """With a clock that advances at each reading: the call takes 1,000, then its share is spent."""
    now = {"at": 0}

    def clock():
        now["at"] += 1
        return now["at"]

    def call(answer):
        now["at"] += 1000
        return answer

    monkeypatch.setattr(slowed_turn, "process_time_ns", clock)
    assert slowed_turn.slowed(call, 0.05)("found") == "found"
    assert 1050 <= now["at"] <= 1060
