"""Cells as people write them."""

import pytest

from nearhit.cells.pipeline import pipeline_coordinates
from nearhit.compare.profiles import PROFILES, ComparedCell, Plan
from nearhit.errors import BadInputError
from nearhit.plugins.registry import adapters


@pytest.mark.parametrize(
    ("text", "coordinates"),
    [
        ("50 of sphere-grid", {"bucket_size": 50, "index": "sphere-grid"}),
        (
            "20 of annoy(ntrees=2,search_k=9) by phi-eta around 100",
            {
                "bucket_size": 20,
                "index": "annoy(ntrees=2,search_k=9)",
                "metric": "phi-eta",
                "queries": 100,
            },
        ),
        ("kalman", {"tracker": "kalman", "index": "whole-event"}),
        (
            "helix in 50 of sphere-grid",
            {"tracker": "helix", "index": "sphere-grid", "bucket_size": 50},
        ),
    ],
)
def test_a_cell_is_read(text, coordinates):
    assert pipeline_coordinates(text) == coordinates


@pytest.mark.parametrize("profile", PROFILES)
def test_the_cells_of_every_profile_can_be_asked(profile, toy_event):
    profile = PROFILES[profile]
    libraries = profile.cells_of_index("annoy"), profile.cells_of_index("faiss-flat")
    texts = (*profile.cells, *libraries[0], *libraries[1])
    cells = Plan(toy_event, profile, texts).compared()
    assert [one.text for one in cells] == list(dict.fromkeys(texts))
    assert all(one.cell.threads == 1 for one in cells)
    assert all(one.repeatable for one in cells if one.text in profile.cells)


def test_the_packages_of_a_cell(toy_event):
    def packages(text):
        return ComparedCell.of(toy_event, text).packages

    assert packages("50 of annoy(ntrees=2)") == ("annoy",)
    assert packages("kalman") == ("nearhit",)
    assert packages("helix in 50 of scipy-kdtree") == ("scipy", "nearhit")


def test_a_library_brings_the_cells_of_all_its_indexes():
    cells = PROFILES["quick"].cells_of_package("Scikit_Learn")
    names = [name for name, one in adapters().items() if one.package == "scikit-learn"]
    assert len(names) >= 3
    assert all(any(f"of {name} " in cell for cell in cells) for name in names)
    with pytest.raises(BadInputError, match="No index is of requests; write one of annoy"):
        PROFILES["quick"].cells_of_package("requests")


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("50 of anoy", "there is no index 'anoy'"),
        ("50 of annoy by cosine", "no metric 'cosine'"),
        ("fifty of annoy", "cannot be read"),
        ("oracle in 50 of annoy", "reads the truth"),
        ("0 of annoy", "at least 1 hit"),
        ("helix in 50 of annoy chosen by cover", "selects buckets, which no side does"),
    ],
)
def test_what_cannot_be_asked_is_refused(text, answer, toy_event):
    with pytest.raises(BadInputError, match=answer):
        ComparedCell.of(toy_event, text)
