"""Bucket quality by hand, and compared with a plain Python reference."""

from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nearhit.data.buckets import Buckets
from nearhit.data.event import NOISE, UNKNOWN
from nearhit.errors import BadInputError
from nearhit.quality import (
    FIGURES,
    Trackable,
    count_buckets,
    defect_of,
    label_hits,
    leading_size_histogram,
    leading_sizes_with_noise,
    noise_share,
)

BIG = 2**60  # ids pass 2^53, where floats no longer tell neighbours apart


def judged(event, members, trackable=None):
    trackable = trackable or Trackable()
    members = np.asarray(members, np.int32)
    buckets = Buckets(np.arange(len(members), dtype=np.int32), members)
    counts = count_buckets(buckets, label_hits(event, trackable))
    return {name: row.value(counts, trackable) for name, row in FIGURES.items()}, counts


@pytest.fixture(scope="module")
def event(make_event):
    # rows:          0    1    2    3    4        5        6      7      8        9
    ids = [BIG, BIG, BIG, BIG, BIG + 1, BIG + 1, NOISE, NOISE, UNKNOWN, UNKNOWN]
    return make_event(np.arange(30).reshape(10, 3), ids)


def test_by_hand(event):
    members = [
        [0, 1, 2, 4],  # leading 3 of 4 with truth
        [4, 5, 6, 8],  # leading 2 of 3 with truth: the unknown hit does not count
        [6, 7, 8, 9],  # noise alone: leading 0 of 2
        [8, 9, -1, -1],  # nothing with truth: no figure
        [0, 1, -1, -1],  # leading 2 of 2
    ]
    figures, counts = judged(event, members, Trackable(min_hits=2))
    assert counts.leading.tolist() == [3, 2, 0, 0, 2]
    assert counts.known.tolist() == [4, 3, 2, 0, 2]
    assert figures["bucket_purity"] == pytest.approx((3 / 4 + 2 / 3 + 0 + 1) / 4)
    assert figures["leading_particle_size"] == pytest.approx((3 + 2 + 0 + 2) / 4)
    # 3 of 4 hits is not 80 %; 2 of 2 is.
    assert figures["particle_efficiency"] == 0.5
    assert leading_size_histogram(counts) == [1, 0, 2, 1]
    assert counts.noise.tolist() == [0, 1, 2, 0, 0]
    assert leading_sizes_with_noise(counts) == [0, 0, 3, 1]  # two hits of noise are as a particle


@pytest.mark.parametrize(
    ("min_hits", "n_trackable", "efficiency"), [(1, 2, 0.5), (3, 1, 0.0), (4, 1, 0.0)]
)
def test_the_cut_on_hits_selects_trackable_particles(event, min_hits, n_trackable, efficiency):
    figures, counts = judged(event, [[0, 1, 2, 4], [4, 5, 6, 8]], Trackable(min_hits=min_hits))
    assert counts.labels.n_trackable == n_trackable
    assert figures["particle_efficiency"] == efficiency


@pytest.mark.parametrize(("held", "found"), [(4, 1.0), (3, 0.0)])
def test_four_of_five_hits_are_eighty_percent(make_event, held, found):
    """0.8 × 5 is more than 4 in floating point; in whole numbers it is 4."""
    event = make_event(np.arange(15).reshape(5, 3), [1] * 5)
    figures, _ = judged(event, [list(range(held)) + [-1] * (5 - held)])
    assert figures["particle_efficiency"] == found


@example(share=Fraction(2**62 - 1, 2**62), size=40, held=40)  # past what 64 bits hold
@given(share=st.fractions(Fraction(1, 100), 1), size=st.integers(4, 40), held=st.integers(0, 40))
def test_any_share_is_exact(make_event, share, size, held):
    held = min(size, held)
    event = make_event(np.arange(3 * size).reshape(size, 3), [3] * size)
    bucket = [*range(held), *[-1] * (size - held)]
    figures, _ = judged(event, [bucket], Trackable(min_share=share))
    assert figures["particle_efficiency"] == float(Fraction(held, size) >= share)


def test_hits_of_one_particle_in_two_buckets_do_not_add_up(make_event):
    event = make_event(np.arange(30).reshape(10, 3), [5] * 10)
    figures, _ = judged(event, [[0, 1, 2, 3, 4], [5, 6, 7, 8, 9]])
    assert figures["particle_efficiency"] == 0.0


def test_the_cut_on_momentum_needs_particles(event):
    with pytest.raises(BadInputError, match="no particles"):
        label_hits(event, Trackable(min_pt=1))


def test_the_cut_on_momentum(make_event, make_particles):
    particles = make_particles([BIG + 1, BIG], [0.5, 1.0])
    event = make_event(
        np.arange(27).reshape(9, 3), [BIG] * 4 + [BIG + 1] * 4 + [7], particles=particles
    )
    labels = label_hits(event, Trackable(min_pt=1))
    # Particle 7 is not listed: it has no momentum and passes no cut.
    assert labels.trackable.tolist() == [False, True, False]
    assert label_hits(event, Trackable(min_pt=1.5)).n_trackable == 0


def test_an_event_without_truth_is_refused(make_event):
    with pytest.raises(BadInputError, match="no truth"):
        label_hits(make_event(np.eye(3)), Trackable())


@pytest.mark.parametrize(
    "cuts", [{"min_hits": 0}, {"min_pt": -1}, {"min_pt": float("nan")}, {"min_share": Fraction(0)}]
)
def test_invalid_cuts_are_refused(cuts):
    with pytest.raises(BadInputError):
        Trackable(**cuts)


@pytest.mark.parametrize(("min_hits", "noise"), [(1, 2), (3, 4), (5, 8)])
def test_hits_of_short_particles_count_as_noise(event, min_hits, noise):
    trackable = Trackable(min_hits=min_hits)
    assert noise_share(label_hits(event, trackable), trackable) == pytest.approx(noise / 8)


def test_noise_share_without_truth_is_undefined(make_event):
    event = make_event(np.eye(3), [UNKNOWN] * 3)
    assert np.isnan(noise_share(label_hits(event, Trackable()), Trackable()))


def test_efficiency_without_trackable_particles_is_undefined(make_event):
    figures, _ = judged(make_event(np.eye(3), [0, 0, 0]), [[0, 1, 2]])
    assert np.isnan(figures["particle_efficiency"])
    assert figures["bucket_purity"] == 0.0


@given(data=st.data())
def test_figures_equal_those_of_a_plain_python_reference(make_event, data):
    ids = data.draw(
        st.lists(st.sampled_from([UNKNOWN, NOISE, 1, 2, BIG, BIG + 1]), min_size=1, max_size=30)
    )
    n = len(ids)
    rows = st.lists(st.integers(0, n - 1), unique=True, max_size=8)
    found = data.draw(st.lists(rows, min_size=1, max_size=10))
    members = [row + [-1] * (8 - len(row)) for row in found]
    min_hits = data.draw(st.integers(1, 5))
    event = make_event(np.arange(3 * n).reshape(n, 3), ids)
    figures, counts = judged(event, members, Trackable(min_hits=min_hits))

    leading, known, most = [], [], Counter()
    for row in found:
        inside = Counter(ids[hit] for hit in row if ids[hit] not in (NOISE, UNKNOWN))
        leading.append(max(inside.values(), default=0))
        known.append(sum(ids[hit] != UNKNOWN for hit in row))
        for particle, hits in inside.items():
            most[particle] = max(most[particle], hits)
    sizes = Counter(i for i in ids if i not in (NOISE, UNKNOWN))
    wanted = [particle for particle, size in sizes.items() if size >= min_hits]
    assert counts.leading.tolist() == leading
    assert counts.known.tolist() == known
    counted = [Counter(ids[hit] for hit in row if ids[hit] != UNKNOWN) for row in found]
    sizes_with_noise = Counter(max(one.values()) for one in counted if one)
    histogram = dict(enumerate(leading_sizes_with_noise(counts)))
    assert {size: n for size, n in histogram.items() if n} == sizes_with_noise
    if wanted:
        share = sum(5 * most[p] >= 4 * sizes[p] for p in wanted) / len(wanted)
        assert figures["particle_efficiency"] == pytest.approx(share)
    pure = [a / b for a, b in zip(leading, known, strict=True) if b]
    if pure:
        assert figures["bucket_purity"] == pytest.approx(sum(pure) / len(pure))


@pytest.mark.parametrize(
    ("members", "defect"),
    [
        ([[0, 1, 2], [2, 1, -1]], ""),
        ([[0, 1, 2], [2, 2, -1]], "one hit twice in a bucket (query 1)"),
        ([[0, 1, 3]], "a row number outside of the event (query 0)"),
        ([[0, 1, -2]], "a row number outside of the event (query 0)"),
        ([[-1, -1, -1]], ""),
    ],
)
def test_defective_buckets_are_found(members, defect):
    assert defect_of(np.array(members, np.int32), 3) == defect
