"""Events by name: how they are written, found, simulated once and kept."""

import importlib.util

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nearhit.datasets.catalogue import broken_data_sets, catalogue_event, in_catalogue, recipes
from nearhit.datasets.open_event import open_event, readers

from nearhit.errors import BadInputError


def test_the_catalogue_has_what_suites_and_people_name():
    assert {"ttbar-mu200", "ttbar-mu60", "minbias", "muons", "itk-noise"} <= set(recipes())
    assert {"acts", "colliderml", "table", "trackml"} == {reader.name for reader in readers()}
    assert readers()[-1].name == "trackml"  # it says what is missing where no other is at home


def test_a_name_a_seed_and_parameters():
    event = catalogue_event("ttbar-mu200(noise_share=0.5, pile_up=60)@12")
    assert (event.recipe.noise_share, event.recipe.pile_up, event.seed) == (0.5, 60.0, 12)
    assert str(event) == "ttbar-mu200(noise_share=0.5,pile_up=60.0)@12"
    assert str(catalogue_event("muons")) == "muons@1"
    assert recipes()["ttbar-mu200"].noise_share == 0.15


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("ttbar-mu20000", "no recipe 'ttbar-mu20000' (did you mean ttbar-mu200"),
        ("muons@", "no recipe 'muons@' (did you mean muons"),
        ("nosuch", f"no recipe 'nosuch'; write one of {', '.join(recipes())}"),
        ("muons(pt=3)", "muons has no parameter 'pt'; write one of process, pile_up"),
        ("muons(5)", "muons has no parameter ''"),
        ("muons(pile_up='many')", "pile_up must be float, such as 0.0, not 'many'"),
        ("muons(nuclear=1)", "nuclear must be bool"),
        ("muons(noise_share=1)", "noise_share must be from 0 to 0.9, not 1"),
        ("muons(pile_up=1e9)", "pile_up must be from 0 to 2000"),
        ("muons(gun_pt=(1.0,))", "gun_pt must be the minimum and maximum pT in GeV"),
        ("muons(gun_pt=(2.0,1.0))", "gun_pt must be the minimum and maximum pT in GeV"),
        ("muons(gun_pt=('a','b'))", "gun_pt must be the minimum and maximum pT in GeV"),
        ("muons(noise_share=open('x'))", "takes parameters such as pile_up=60"),
        ("muons(=)", "takes parameters such as pile_up=60"),
    ],
)
def test_what_is_wrong_with_a_name_is_said(text, answer):
    with pytest.raises(BadInputError) as error:
        catalogue_event(text)
    assert answer in str(error.value)


@given(st.text(max_size=40))
def test_any_text_is_an_event_or_is_refused(text):
    for name in (text, f"muons({text})", f"muons@{text}"):
        try:
            assert catalogue_event(name).seed >= 0
        except BadInputError as error:
            assert "\n" not in str(error).replace(text, "").replace(repr(text), "")


def test_a_path_is_not_a_name_of_the_catalogue():
    assert in_catalogue("muons(5")  # a slip of the pen is answered as one
    assert not in_catalogue("events/muons")
    assert not in_catalogue("event000000001")


RECIPE = """
    from nearhit.datasets.recipe import Recipe

    MINE = Recipe("mine", "One recipe that another package brings", pile_up=3.0)
"""


def test_a_recipe_that_another_package_brings_is_found(install):
    install("brought", RECIPE, group="nearhit.datasets")
    assert catalogue_event("mine@2").recipe.pile_up == 3


def test_a_recipe_that_takes_the_name_of_one_of_the_house_is_broken(install):
    own = recipes()["muons"]
    install("brought", RECIPE.replace('"mine"', '"muons"'), group="nearhit.datasets")
    assert recipes()["muons"] == own
    assert [one.name for one in broken_data_sets()] == ["muons"]


def test_a_broken_data_set_stops_no_other(install):
    own = set(recipes())
    install("brought", "raise SystemExit(0)", group="nearhit.datasets")
    assert set(recipes()) == own
    assert open_event("bundled").name == "bundled"
    with pytest.raises(BadInputError, match=r"Data set adapter in brought\.adapter is broken"):
        catalogue_event("adapter")


@pytest.mark.skipif(
    not (importlib.util.find_spec("acts") and importlib.util.find_spec("pythia8mc")),
    reason="the extra 'simulate' is not installed",
)
def test_an_event_of_the_catalogue_is_simulated_once(monkeypatch, tmp_path):
    from nearhit.datasets import production

    monkeypatch.setenv("NEARHIT_CACHE", str(tmp_path))
    name = "muons(gun_particles=10)@3"
    event = open_event(name)
    assert event.name == name
    assert event.origin.startswith("muons(gun_particles=10), seed 3: process=gun")
    monkeypatch.setattr(production, "produce", None)  # what is called again now fails
    again = open_event(name)
    assert again.digest == event.digest
    assert again.origin == event.origin
    assert np.array_equal(again.truth.weight, event.truth.weight)
