"""The search finds the known best setting of a toy library, and wastes no time on others."""

from statistics import median

import pytest
from toy import SPACE, ToyBench, best_seconds, build_seconds, share

from nearhit.tuning.goal import Demand
from nearhit.tuning.ladder import first_true
from nearhit.tuning.search import Search

ENOUGH = Demand(0.995)


def searched(seconds, *, seed=0, demand=ENOUGH, bench=None, sampler=None, remembered=()):
    bench, search = bench or ToyBench(), Search(SPACE, demand, seed, sampler)
    search.remember(remembered)
    list(search.run(bench, lambda: bench.clock < seconds))
    return search, bench


@pytest.mark.parametrize("length", [1, 2, 3, 7, 40])
def test_bisection_finds_the_first_that_holds_and_asks_none_twice(length):
    for first in range(length + 1):
        for start in range(length):
            asked = []

            def holds(at, first=first, asked=asked):
                asked.append(at)
                return at >= first

            assert first_true(length, start, holds) == first
            assert len(set(asked)) == len(asked) <= 2 * length.bit_length() + 1


@pytest.mark.parametrize("seed", range(5))
def test_the_best_setting_is_found(seed):
    search, _ = searched(40, seed=seed)
    best = search.met[0]
    assert share(search.space.build_of(best.spec), dict(best.spec.parameters)["probes"]) >= 0.995
    assert best.seconds <= 1.05 * best_seconds(0.995)


def test_it_is_ahead_of_random_search_in_four_of_five_seeds():
    from optuna.samplers import RandomSampler

    ahead = 0
    for seed in range(5):
        ours, theirs = (
            searched(30, seed=seed, sampler=sampler)[0].met[0].seconds
            for sampler in (None, lambda number: RandomSampler(seed=number))
        )
        ahead += ours <= theirs
    assert ahead >= 4


def test_the_query_value_is_the_least_that_is_enough():
    search, _ = searched(10)
    for trial in search.trials:
        if not trial.stopped:
            enough = [one for one in trial.measured if one.share >= 0.995]
            probes = min(dict(one.spec.parameters)["probes"] for one in enough)
            assert share(trial.values, probes - 1) < 0.995 <= share(trial.values, probes)


def test_what_cannot_win_is_stopped_before_all_queries_are_asked():
    search, bench = searched(40)
    whole = {str(values) for values, _ in bench.asked}
    assert len(whole) < len(bench.builds) / 2
    reasons = {trial.stopped for trial in search.trials}
    assert "the build alone is slower than the best" in reasons
    assert "a sample promises less than the best" in reasons
    for trial in search.trials:
        if trial.stopped.startswith("the build alone"):
            assert not trial.measured


def test_most_of_the_figure_within_seconds():
    search, _ = searched(40, demand=Demand(0.0, max_seconds=0.5))
    best = search.met[0]
    assert best.seconds <= 0.5
    assert best.share >= 0.99


def test_a_demand_that_nothing_meets():
    search, bench = searched(5, demand=Demand(1.01))
    assert search.met == []
    assert bench.asked == []
    assert {trial.stopped for trial in search.trials} == {"a sample misses the demand"}


def test_a_search_continues_from_what_was_measured():
    whole, _ = searched(20)
    before, _ = searched(8)
    remembered = sorted(before.measured, key=lambda one: str(one.spec))
    after, bench = searched(12, remembered=remembered)
    known = [before.space.build_of(one.spec) for one in remembered]
    assert all(values not in known for values in bench.builds)
    assert median([after.met[0].seconds, whole.met[0].seconds]) <= before.met[0].seconds
    assert len(after.trials) > len(known)


def test_the_same_seed_proposes_the_same():
    assert searched(10)[1].builds == searched(10)[1].builds
    assert searched(10, seed=1)[1].builds != searched(10)[1].builds


def test_a_setting_that_fails_costs_its_trial_alone():
    bench = ToyBench(fails=lambda values: values["trees"] > 10)
    search, _ = searched(30, bench=bench)
    assert any(trial.failed and "SIGSEGV" in trial.stopped for trial in search.trials)
    assert search.met[0].seconds <= 1.2 * min(build_seconds(one) for one in bench.builds) + 1


def test_the_default_is_tried_first():
    assert searched(5)[1].builds[0] == SPACE.build_of(SPACE.default)


def test_a_parameter_at_a_movable_end_is_said():
    assert SPACE.at_edge(SPACE.spec({"trees": 64, "width": 60, "storage": "fine"}, 100)) == [
        "trees",
        "probes",
    ]
    assert SPACE.at_edge(SPACE.spec({"trees": 1, "width": 60, "storage": "fine"}, 1)) == []
