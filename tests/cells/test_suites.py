import pytest

from nearhit.cells.profiles import PROFILES
from nearhit.cells.suites import SUITES, axes_of, cells_of, grid_of
from nearhit.errors import BadInputError
from nearhit.machine.hardware import cores
from nearhit.plugins.registry import adapters
from nearhit.plugins.spec import WHOLE_EVENT


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("suite", SUITES)
def test_every_suite_has_cells_in_every_profile(toy_event, suite, profile):
    cells = cells_of(suite, profile, toy_event)
    assert {cell.index.name for cell in cells} <= {*adapters(), WHOLE_EVENT.name}
    assert all(cell.queries is None for cell in cells)  # 350 hits: none is too many


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("suite", SUITES)
def test_no_cell_is_twice_in_a_suite(make_event, suite, profile):
    import numpy as np

    event = make_event(np.random.default_rng(0).normal(size=(30_001, 3)))
    cells = cells_of(suite, profile, event)
    assert len(set(cells)) == len(cells)


def test_the_full_profile_has_what_the_quick_one_has(toy_event):
    quick, full = (
        {cell for suite in SUITES for cell in cells_of(suite, profile, toy_event)}
        for profile in PROFILES
    )
    quick = {cell for cell in quick if cell.threads > 1}
    assert quick <= full | {cell for cell in quick if cell.batch}


def test_the_full_profile_sweeps_what_was_asked_for(toy_event):
    axes = axes_of("bucketing", "full")
    assert axes["bucket_size"] == (20, 50, 100)
    assert set(axes["metric"]) == {"angular", "euclidean", "manhattan", "dot", "phi-eta"}
    assert len(axes["index"]) == len(adapters())
    grid = grid_of("annoy", adapters()["annoy"])
    assert grid[0] == "annoy(ntrees=1,search_k=-1)"
    assert "annoy(ntrees=20,search_k=1000)" in grid
    threads = {cell.threads for cell in cells_of("hardware", "full", toy_event)}
    assert threads == {1, cores()}


def test_every_library_that_is_approximate_has_a_dial():
    for name, adapter in adapters().items():
        if not adapter.exact and not adapter.exhaustive:
            assert len(grid_of(name, adapter)) > 1, name


def test_asv_can_show_all_of_it():
    """More combinations than this make its pages slow to load."""
    for suite in SUITES:
        combinations = 1
        for values in axes_of(suite, "full").values():
            combinations *= len(values)
        assert combinations <= 450


def test_exhaustive_libraries_are_asked_less(make_event):
    import numpy as np

    event = make_event(np.random.default_rng(0).normal(size=(10_001, 3)))
    queries = {cell.index.name: cell.queries for cell in cells_of("bucketing", "full", event)}
    assert queries["faiss-flat"] == queries["scann-brute"] == 2_000
    assert queries["annoy"] is None


@pytest.mark.parametrize(
    ("suite", "profile", "offered"),
    [("buckets", "quick", "mean bucketing"), ("bucketing", "fast", "write one of quick")],
)
def test_an_unknown_suite_or_profile(suite, profile, offered):
    with pytest.raises(BadInputError, match=offered):
        axes_of(suite, profile)
