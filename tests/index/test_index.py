import time

import numpy as np
import pytest

from nearhit.data.buckets import MISSING
from nearhit.errors import BadInputError, SkippedError
from nearhit.index.index import Index
from nearhit.machine.cuda import copying, copying_seconds, require_memory
from nearhit.plugins.spec import IndexSpec


@pytest.fixture
def index():
    return Index(IndexSpec.parse("scipy-kdtree")).build([[0.0, 0.0], [1.0, 0.0], [5.0, 0.0]])


def test_the_nearest_come_first(index):
    found = index.query([[0.9, 0.0], [4.0, 0.0]], 2)
    assert found.dtype == np.int32
    assert found.tolist() == [[1, 0], [2, 1]]


def test_what_is_not_there_is_missing(index):
    assert index.query([[0.0, 0.0]], 5).tolist() == [[0, 1, 2, MISSING, MISSING]]


@pytest.mark.parametrize("points", [[], [[]], [1.0, 2.0], np.zeros((0, 3))])
def test_points_that_are_no_table_are_refused(points):
    with pytest.raises(BadInputError, match="rows and columns"):
        Index(IndexSpec.parse("scipy-kdtree")).build(points)


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e300])
def test_points_that_are_not_finite_never_reach_a_library(index, value):
    with pytest.raises(BadInputError, match="finite"), np.errstate(over="ignore"):
        index.query(np.array([[value, 0.0]]), 1)


def test_queries_of_another_dimension_are_refused(index):
    with pytest.raises(BadInputError, match="2 dimensions, the queries have 3"):
        index.query([[0.0, 0.0, 0.0]], 1)


@pytest.mark.parametrize("k", [0, -1])
def test_a_bucket_of_nothing_is_refused(index, k):
    with pytest.raises(BadInputError, match="at least 1 hit"):
        index.query([[0.0, 0.0]], k)


def test_a_distance_that_the_library_lacks_is_skipped():
    with pytest.raises(SkippedError, match="scipy-kdtree has no dot distance"):
        Index(IndexSpec.parse("scipy-kdtree"), "dot")


def test_a_library_that_is_not_installed_is_skipped_with_the_mend(install):
    install(
        "brought",
        """
        from nearhit.adapter import Setting, adapter
        @adapter
        class Absent:
            name = "absent"
            package = "no-such-distribution"
            extra = None
            licence = "MIT"
            distances = {"euclidean": 2}
            exact = True
            repeatable = "always"
            threaded = "nothing"
            setting: Setting
            def build(self, points): ...
            def query(self, points, k): ...
        """,
    )
    with pytest.raises(SkippedError, match="not installed: pip install 'no-such-distribution'"):
        Index(IndexSpec.parse("absent"))


def test_without_a_cuda_device_the_reason_is_that(monkeypatch):
    monkeypatch.setattr("nearhit.index.index.device_name", lambda: "")
    for name in ("cuvs-cagra", "torch-brute", "annoy"):
        with pytest.raises(SkippedError, match=r"^no CUDA device$"):
            Index(IndexSpec.parse(name), device="cuda")


def test_a_library_that_lacks_the_device_is_skipped(monkeypatch):
    monkeypatch.setattr("nearhit.index.index.device_name", lambda: "A GPU")
    with pytest.raises(SkippedError, match="scipy-kdtree runs on cpu, not on cuda"):
        Index(IndexSpec.parse("scipy-kdtree"), device="cuda")


def test_what_does_not_fit_on_a_device_is_refused_before_it_is_allocated():
    require_memory(2**30, 2**30)
    with pytest.raises(SkippedError, match=r"needs 2,048 MiB of device memory, 1,024 MiB are free"):
        require_memory(2**31, 2**30)


def test_copying_is_counted_once():
    copying_seconds()
    for _ in range(2):
        with copying():
            time.sleep(0.01)
    assert copying_seconds() >= 0.02
    assert copying_seconds() == 0
