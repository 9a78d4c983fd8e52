import numpy as np
import pytest

from nearhit.data.event import Cells, Truth
from nearhit.errors import BadInputError


@pytest.fixture
def event(make_event):
    return make_event(np.eye(4, 3), [7, 7, 0, 9], volume=[7, 8, 8, 9])


def test_a_coordinate_that_is_not_finite_is_refused(make_event):
    with pytest.raises(BadInputError, match="finite"):
        make_event([[0, 0, np.nan]])


def test_a_hit_id_that_stands_twice_is_refused(event):
    from dataclasses import replace

    doubled = replace(event.hits, hit_id=np.array([1, 2, 2, 3]))
    with pytest.raises(BadInputError, match="hit_id of its own"):
        replace(event, hits=doubled)


def test_truth_of_another_length_is_refused(event):
    from dataclasses import replace

    with pytest.raises(BadInputError, match="one row per hit"):
        replace(event, truth=Truth(np.array([1])))


def test_columns_of_unequal_length_are_refused():
    with pytest.raises(BadInputError, match="equal length"):
        Truth(np.array([1, 2]), np.array([0.5]))


def test_volumes_restrict_hits_truth_and_cells_alike(event):
    from dataclasses import replace

    cells = Cells(
        np.array([0, 1, 2, 3, 3], np.int32),
        np.arange(5, dtype=np.int32),
        np.arange(5, dtype=np.int32),
        np.ones(5, np.float32),
    )
    chosen = replace(event, cells=cells).in_volumes((8, 9))
    assert chosen.hits.hit_id.tolist() == [2, 3, 4]
    assert chosen.truth.particle_id.tolist() == [7, 0, 9]
    assert chosen.cells.hit.tolist() == [0, 1, 2, 2]
    assert chosen.cells.ch0.tolist() == [1, 2, 3, 4]
    assert chosen.name == "toy[8,9]"


def test_a_volume_without_hits_is_refused(event):
    with pytest.raises(BadInputError, match="no hit in volume 3; it has volumes 7, 8, 9"):
        event.in_volumes((7, 3))


def test_what_an_index_sees_has_no_truth(event):
    assert event.without_truth().truth is None
    assert event.without_truth().particles is None
    assert event.truth is not None


def test_the_digest_names_the_content(event, make_event):
    same = make_event(np.eye(4, 3), [7, 7, 0, 9], volume=[7, 8, 8, 9], name="another name")
    other = make_event(np.eye(4, 3), [7, 7, 0, 8], volume=[7, 8, 8, 9])
    assert event.digest == same.digest
    assert event.digest != other.digest
