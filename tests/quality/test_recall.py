"""Recall and its exact reference, compared with brute force."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nearhit.data.buckets import Buckets
from nearhit.quality import kth_neighbours, recall


def brute_force(points, distance):
    a = points.astype(np.float64)
    if distance == "dot":
        return -a @ a.T
    if distance == "manhattan":
        return np.abs(a[:, np.newaxis] - a).sum(axis=2)
    if distance == "angular":
        a /= np.linalg.norm(a, axis=1, keepdims=True)
    return np.sqrt(((a[:, np.newaxis] - a) ** 2).sum(axis=2))


def points_for(distance, seed=0, n=200):
    points = np.random.default_rng(seed).normal(size=(n, 3)) * (1 if distance == "angular" else 100)
    if distance == "angular":
        points /= np.linalg.norm(points, axis=1, keepdims=True)
    return points.astype(np.float32)


DISTANCES = ["angular", "euclidean", "manhattan", "dot"]


@pytest.mark.parametrize("distance", DISTANCES)
@given(seed=st.integers(0, 1000), k=st.integers(1, 30))
def test_the_reference_equals_brute_force(distance, seed, k):
    points = points_for(distance, seed)
    queries = np.arange(0, 200, 7, dtype=np.int32)
    kth = kth_neighbours(points, queries, k, distance)
    distances = brute_force(points, distance)[queries]
    expected = np.sort(distances, axis=1)[:, k - 1]
    assert np.allclose(distances[np.arange(len(queries)), kth], expected, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("distance", DISTANCES)
def test_the_exact_answer_has_recall_one_and_half_of_it_a_half(distance):
    points = points_for(distance)
    order = np.argsort(brute_force(points, distance), axis=1).astype(np.int32)
    queries = np.arange(200, dtype=np.int32)
    kth = kth_neighbours(points, queries, 10, distance)
    exact = order[:, :10]
    assert recall(points, Buckets(queries, exact), kth, distance) == 1.0
    half = np.concatenate((exact[:, :5], order[:, -5:]), axis=1)
    assert recall(points, Buckets(queries, half), kth, distance) == pytest.approx(0.5)
    missing = exact.copy()
    missing[:, 8:] = -1
    assert recall(points, Buckets(queries, missing), kth, distance) == pytest.approx(0.8)


def test_ties_count_by_distance():
    """Of four points at one distance, any may be the third of three."""
    points = np.array([[0, 0], [1, 0], [0, 1], [-1, 0], [0, -1]], np.float32)
    queries = np.array([0], np.int32)
    kth = kth_neighbours(points, queries, 3, "euclidean")
    for pair in [(1, 2), (3, 4), (1, 4)]:
        found = np.array([[0, *pair]], np.int32)
        assert recall(points, Buckets(queries, found), kth, "euclidean") == 1.0


def test_recall_with_more_ties_than_places_is_at_most_one():
    points = np.zeros((6, 3), np.float32)
    queries = np.array([0, 3], np.int32)
    kth = kth_neighbours(points, queries, 2, "euclidean")
    found = np.array([[4, 5], [0, 1]], np.int32)
    assert recall(points, Buckets(queries, found), kth, "euclidean") == 1.0


def test_recall_of_a_bucket_larger_than_the_event_is_one():
    points = points_for("euclidean", n=3)
    queries = np.arange(3, dtype=np.int32)
    kth = kth_neighbours(points, queries, 5, "euclidean")
    found = np.tile(np.array([0, 1, 2, -1, -1], np.int32), (3, 1))
    assert recall(points, Buckets(queries, found), kth, "euclidean") == 1.0


@pytest.mark.parametrize("distance", ["euclidean", "manhattan", "dot"])
def test_points_on_the_origin_have_neighbours(distance):
    points = np.array([[0, 0, 0], [1, 0, 0], [0, 2, 0]], np.float32)
    kth = kth_neighbours(points, np.arange(3, dtype=np.int32), 3, distance)
    assert kth.shape == (3,)
