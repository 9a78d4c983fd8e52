"""What old records said in a sentence is read as the data that new ones hold."""

import json
import re
from pathlib import Path

import pytest
from sample_records import a_record

from nearhit.data.recipe import origin_of, parameters_as_text
from nearhit.records.migration import recipe_in
from nearhit.records.record import Record

RECORDS = Path(__file__).parents[2] / "results" / "records"

SENTENCE = (
    "muons(gun_particles=10), seed 3: process=gun, pile_up=0.0, gun_kind=13, gun_pt=[0.5, 10.0], "
    "nuclear=True, read_out=geometric, noise_share=0.15"
)


@pytest.fixture(scope="module")
def sentences():
    """The origins of all records of the project, as they were written."""
    texts = (file.read_text() for file in RECORDS.glob("*/*/*.json"))
    found = {json.loads(text).get("event_origin", "") for text in texts} - {""}
    assert len(found) > 20
    return found


def test_a_sentence_is_read_with_the_types_of_its_values():
    assert recipe_in(SENTENCE) == {
        "name": "muons(gun_particles=10)",
        "seed": 3,
        "process": "gun",
        "pile_up": 0.0,
        "gun_kind": 13,
        "gun_pt": "[0.5, 10.0]",
        "nuclear": True,
        "read_out": "geometric",
        "noise_share": 0.15,
    }
    kinds = [type(value) for value in recipe_in(SENTENCE).values()]
    assert kinds == [str, int, str, float, int, str, bool, str, float]


@pytest.mark.parametrize(
    "sentence", ["", "made by hand", "made: by hand", "toy: a=1", "toy, seed 2", "a=1", SENTENCE]
)
def test_every_recipe_is_printed_as_the_sentence_that_it_was(sentence):
    assert origin_of(recipe_in(sentence)) == sentence


def test_all_records_have_the_values_that_their_sentences_have(sentences):
    for sentence in sentences:
        recipe = recipe_in(sentence)
        assert origin_of(recipe) == sentence
        assert recipe["noise_share"] == float(re.search(r"noise_share=([\d.]+)", sentence)[1])
        assert recipe["seed"] == int(re.search(r", seed (\d+): ", sentence)[1])
        without = re.sub(r"^[^:]*: |pile_up=[^,]*,? ?", "", sentence)
        assert parameters_as_text(recipe, without={"pile_up"}) == without


def test_a_record_with_a_sentence_is_read_as_one_with_a_recipe():
    old = json.loads(a_record(format=1).to_json())
    del old["event_recipe"]
    record = Record.from_json(json.dumps(old | {"event_origin": SENTENCE}))
    assert record == a_record(format=1, event_recipe=recipe_in(SENTENCE))
    again = Record.from_json(record.to_json())
    assert again == record
    assert again.event_origin == SENTENCE
