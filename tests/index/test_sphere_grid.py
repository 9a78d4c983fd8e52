"""sphere-grid against brute force, where directions are hard to divide."""

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nearhit.index.sphere_grid import build, query
from nearhit.plugins.registry import metric_named


def unit(points):
    points = np.asarray(points, np.float64)
    return (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32)


def from_angles(eta, phi):
    radius = 1 / np.cosh(eta)
    return unit(np.column_stack((radius * np.cos(phi), radius * np.sin(phi), np.tanh(eta))))


def squares(points, queries, found):
    differences = points[found].astype(np.float64) - queries[:, np.newaxis]
    return (differences**2).sum(axis=2)


def check(points, queries, k):
    found = query(build(points), queries, k)
    everyone = np.broadcast_to(np.arange(len(points)), (len(queries), len(points)))
    expected = np.sort(squares(points, queries, everyone), axis=1)[:, :k]
    assert found.shape == (len(queries), k)
    assert all(len(set(row)) == k for row in found.tolist())
    # Of two that are a hair of float32 apart either may come first.
    assert np.allclose(squares(points, queries, found), expected, rtol=1e-5, atol=1e-13)


@settings(max_examples=100, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    n=st.integers(1, 400),
    k=st.integers(1, 60),
    spread=st.sampled_from([1e-6, 0.01, 1.0, 3.0, 9.0, 20.0]),
    sector=st.sampled_from([1e-6, 1e-3, 1.0, np.pi]),
    around=st.sampled_from([0.0, 2.0, 8.0]),
)
def test_against_brute_force(seed, n, k, spread, sector, around):
    random = np.random.default_rng(seed)
    eta = random.normal(around, spread, n)
    points = from_angles(eta, random.uniform(-sector, sector, n))
    others = unit(random.normal(size=(20, 3)))
    check(points, np.concatenate((points, others)), min(k, n))


@pytest.mark.parametrize(
    "points",
    [
        [[0, 0, 1]] * 70,
        [[0, 0, 1]] * 40 + [[0, 0, -1]] * 40,
        [[1, 0, 0]] * 70,
        [[-1, 0.0, 0], [-1, -0.0, 0], [-1, 1e-9, 0], [-1, -1e-9, 0]] * 20,
        [[np.cos(a), np.sin(a), 1e4] for a in np.linspace(0, 6, 80)],
        [[np.cos(a), np.sin(a), 0] for a in np.linspace(-np.pi, np.pi, 200)],
        [[0, np.sin(a), np.cos(a)] for a in np.linspace(0, np.pi, 200)],
        [[1, 0, 0]] * 300 + [[0, 1, 0]] * 5 + [[1, 1e-4 * i, 0] for i in range(100)],
    ],
    ids=["pole", "both poles", "one", "seam", "around a pole", "equator", "meridian", "crowd"],
)
def test_hard_places(points):
    check(unit(points), unit(points), 60)


@pytest.mark.parametrize("k", [1, 299, 300])
def test_as_many_as_there_are(k):
    points = unit(np.random.default_rng(0).normal(size=(300, 3)))
    check(points, points, k)


def test_ties_go_to_the_smaller_row():
    points = unit([[0, 0, 1]] * 30)
    assert query(build(points), points, 5).tolist() == [[0, 1, 2, 3, 4]] * 30
    square = unit([[1, 1, 3], [-1, 1, 3], [1, -1, 3], [-1, -1, 3]])
    assert query(build(square), unit([[0, 0, 1]]), 4).tolist() == [[0, 1, 2, 3]]


def test_the_length_of_a_vector_does_not_matter():
    points = np.random.default_rng(1).normal(size=(500, 3))
    lengths = 10.0 ** np.random.default_rng(2).uniform(-15, 15, (500, 1))
    given = (points * lengths).astype(np.float32)
    directions = unit(given.astype(np.float64))
    found = query(build(given), given, 20)
    expected = query(build(directions), directions, 20)
    assert np.allclose(
        squares(directions, directions, found), squares(directions, directions, expected), atol=1e-7
    )


def test_many_hits_of_one_direction_are_searched_for_once():
    """A hundred thousand times a hundred thousand would not end."""
    points = np.tile(unit([[0.3, 0.4, 0.5]]), (100_000, 1))
    assert np.array_equal(query(build(points), points, 50), np.tile(np.arange(50), (100_000, 1)))


def test_the_answer_does_not_depend_on_threads(toy_event):
    points = metric_named("angular").project(toy_event)
    answers = []
    for threads in (1, numba.config.NUMBA_NUM_THREADS):
        numba.set_num_threads(threads)
        answers.append(query(build(points), points, 20))
    assert np.array_equal(*answers)
