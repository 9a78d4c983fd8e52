import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from nearhit.errors import BadInputError, SkippedError
from nearhit.plugins.registry import adapters, metric_named, metrics

positions = arrays(np.float32, (6, 3), elements=st.floats(1, 3000, width=32))


def test_the_five_metrics_are_there():
    assert {metric.name for metric in metrics().values() if metric.physical} == {
        "angular",
        "euclidean",
        "manhattan",
        "dot",
        "phi-eta",
    }


@pytest.mark.parametrize("name", ["euclidean", "manhattan", "dot"])
def test_plain_metrics_project_to_positions(name, toy_event):
    points = metric_named(name).project(toy_event)
    assert points.dtype == np.float32
    assert np.array_equal(points, toy_event.hits.positions)


@given(positions)
def test_angular_projects_to_unit_vectors(make_event, given_positions):
    points = metric_named("angular").project(make_event(given_positions))
    exact = given_positions.astype(np.float64)
    exact /= np.linalg.norm(exact, axis=1, keepdims=True)
    assert np.allclose(points, exact, rtol=0, atol=1e-7)


@given(positions)
def test_phi_eta_is_the_textbook_pseudorapidity(make_event, given_positions):
    points = metric_named("phi-eta").project(make_event(given_positions))
    x, y, z = given_positions.astype(np.float64).T
    theta = np.arctan2(np.hypot(x, y), z)
    phi = np.arctan2(y, x)
    expected = np.column_stack((np.cos(phi), np.sin(phi), -np.log(np.tan(theta / 2))))
    assert np.allclose(points, expected, atol=1e-5)


def test_distances_that_stand_in_for_angular_order_the_points_alike(toy_event):
    points = metric_named("angular").project(toy_event).astype(np.float64)
    dots = points @ points.T
    squares = ((points[:, np.newaxis] - points) ** 2).sum(axis=2)
    angles = np.arccos(np.clip(dots, -1, 1))
    assert np.allclose(squares, 2 - 2 * dots, atol=1e-6)
    assert np.allclose(np.cos(angles), dots, atol=1e-6)


@pytest.mark.parametrize(
    ("name", "place", "complaint"),
    [("angular", (0, 0, 0), "origin"), ("phi-eta", (0, 0, 5), "beam axis")],
)
def test_a_hit_that_cannot_be_projected_is_named(make_event, name, place, complaint):
    with pytest.raises(BadInputError, match=f"Hit 2 lies on the {complaint}"):
        metric_named(name).project(make_event([(1, 2, 3), place]))


def test_a_tiny_and_a_far_hit_still_have_directions(make_event):
    event = make_event([(1e-30, 0, 0), (0, 1e30, 1e30)])
    points = metric_named("angular").project(event)
    assert np.allclose(points, [(1, 0, 0), (0, 0.5**0.5, 0.5**0.5)])


def test_an_unknown_metric_is_refused_with_similar_names():
    with pytest.raises(BadInputError, match=r"no metric 'euclid' \(did you mean euclidean"):
        metric_named("euclid")


def test_a_distance_that_a_library_lacks_is_skipped_not_replaced():
    assert metric_named("angular").distance_in(adapters()["faiss-flat"]) == "euclidean"
    with pytest.raises(SkippedError, match="hnswlib has no manhattan distance"):
        metric_named("manhattan").distance_in(adapters()["hnswlib"])
