"""Cells as people write them."""

import pytest

from nearhit.compare.gate import GATES, asked_of, cell_coordinates, cells_of_package, packages_of
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
    assert cell_coordinates(text) == coordinates


@pytest.mark.parametrize("profile", GATES)
def test_the_cells_of_every_profile_can_be_asked(profile, toy_event):
    gate = GATES[profile]
    names = [*gate.cells, *(cell.format("annoy") for cell in gate.of_library)]
    asked = asked_of(toy_event, [*names, *(c.format("faiss-flat") for c in gate.exhaustive)], 1)
    assert all(one.cell.threads == 1 for one in asked)
    assert all(one.repeats for one in asked if one.text in gate.cells)


def test_what_a_cell_stands_on():
    assert packages_of("50 of annoy(ntrees=2)") == ("annoy",)
    assert packages_of("kalman") == ("nearhit",)
    assert packages_of("helix in 50 of scipy-kdtree") == ("scipy", "nearhit")


def test_a_library_brings_the_cells_of_all_its_indexes():
    cells = cells_of_package("Scikit_Learn", GATES["quick"])
    names = [name for name, one in adapters().items() if one.package == "scikit-learn"]
    assert len(names) >= 3
    assert all(any(f"of {name} " in cell for cell in cells) for name in names)
    with pytest.raises(BadInputError, match="No index is of requests; write one of annoy"):
        cells_of_package("requests", GATES["quick"])


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("50 of anoy", "there is no index 'anoy'"),
        ("50 of annoy by cosine", "no metric 'cosine'"),
        ("fifty of annoy", "cannot be read"),
        ("oracle in 50 of annoy", "reads the truth"),
        ("0 of annoy", "at least 1 hit"),
    ],
)
def test_what_cannot_be_asked_is_refused(text, answer, toy_event):
    with pytest.raises(BadInputError, match=answer):
        asked_of(toy_event, [text], 1)
