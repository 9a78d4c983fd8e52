"""Rank tests agree with SciPy, and intervals invert the tests and have their coverage."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import false_discovery_control, mannwhitneyu, wilcoxon

from nearhit.compare.shift import holm, paired, unpaired

random = np.random.default_rng(3)
SAMPLES = [
    (random.normal(size=n), random.standard_t(2, size=n) + 0.3) for n in (1, 2, 5, 9, 16, 31)
]


@pytest.mark.parametrize(("a", "b"), SAMPLES, ids=[str(len(a)) for a, _ in SAMPLES])
@pytest.mark.parametrize("bound", [-0.4, 0.0, 0.2])
def test_pairs_are_tested_by_signed_ranks(a, b, bound):
    shift, differences = paired(a, b), b - a - bound
    greater = wilcoxon(differences, alternative="greater", method="exact").pvalue
    less = wilcoxon(differences, alternative="less", method="exact").pvalue
    assert shift.p_above(bound) == pytest.approx(greater, rel=1e-9)
    assert shift.p_below(bound) == pytest.approx(less, rel=1e-9)


@pytest.mark.parametrize(("a", "b"), SAMPLES, ids=[str(len(a)) for a, _ in SAMPLES])
def test_others_are_tested_by_rank_sums(a, b):
    shift, shorter = unpaired(a, b[: max(len(b) - 2, 1)]), b[: max(len(b) - 2, 1)]
    greater = mannwhitneyu(shorter - 0.1, a, alternative="greater", method="exact").pvalue
    assert shift.p_above(0.1) == pytest.approx(greater, rel=1e-9)


@given(
    arrays(float, 12, elements=st.floats(-1, 1)),
    st.sampled_from([0.3, 0.05, 0.01, 0.001]),
    st.sampled_from([paired, unpaired]),
)
def test_an_interval_holds_what_is_not_rejected(differences, level, test):
    shift = test(np.zeros(12), differences)
    low, high = shift.interval(level)
    assert low <= shift.estimate <= high
    assert shift.p_above(low) > level
    assert shift.p_below(high) > level
    assert shift.p_above(np.nextafter(low, -9)) <= level
    assert shift.p_below(np.nextafter(high, 9)) <= level


@pytest.mark.parametrize(("test", "n"), [(paired, 7), (unpaired, 5)])
def test_too_few_say_nothing(test, n):
    a, b = np.arange(n) / 1e3, 1 + np.arange(n) / 1e3
    assert test(a, b).fewest(0.01) == n
    assert test(a, b).p_above(0.5) <= 0.01
    assert np.isfinite(test(a, b).interval(0.01)).all()
    fewer = test(a[1:], b[1:])
    assert fewer.p_above(0.5) > 0.01
    assert fewer.interval(0.01) == (-np.inf, np.inf)


def test_holm_is_as_published():
    """Example of Holm's steps: m p(1), (m - 1) p(2) and so on, never falling, at most 1."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.5, 0.6]) == [1.0, 1.0]
    assert holm([]) == []
    p_values = [0.001, 0.2, 0.03, 0.04]
    less_strict = false_discovery_control(p_values)
    assert all(np.asarray(holm(p_values)) >= less_strict - 1e-12)


def test_the_interval_covers_as_often_as_it_says():
    drawn = np.random.default_rng(11).standard_t(2, size=(2000, 12))
    missed = 0
    for differences in drawn:
        low, high = paired(np.zeros(12), differences).interval(0.05)
        missed += not low <= 0 <= high
    assert 0.06 < missed / len(drawn) <= 0.115  # 5 % a side, less what whole ranks leave over
