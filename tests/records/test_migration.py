"""Older formats are read as the data that new records hold, and packed without loss."""

import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from statistics import median

import numpy as np
import pytest
from sample_records import a_record

from nearhit.data.recipe import origin_of, parameters_as_text
from nearhit.errors import BadInputError
from nearhit.records.checksum import json_with_checksum
from nearhit.records.migration import recipe_in
from nearhit.records.record import Record
from nearhit.records.results import Latencies, Tracking
from nearhit.records.row import row_of
from nearhit.records.store import Store
from nearhit.records.unpacked import files_in, pack

RECORDS = Path(__file__).parents[2] / "results" / "records"
OLD = Path(__file__).with_name("old")

TRACKING = Tracking(
    cold=None, warm=({"seed": 1.0},), n_buckets=1, hits_per_bucket=50.0, counts={}, n_tracks=10,
    n_hits_on_tracks=40,
)  # fmt: skip

SENTENCE = (
    "muons(gun_particles=10), seed 3: process=gun, pile_up=0.0, gun_kind=13, gun_pt=[0.5, 10.0], "
    "nuclear=True, read_out=geometric, noise_share=0.15"
)


@pytest.fixture(scope="module")
def recipes():
    """The recipes of all events in the records of the project."""
    found = {record.event_origin: record.event_recipe for record in Store(RECORDS)}
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


def test_the_recipes_of_all_records_are_read_from_their_sentences(recipes):
    for sentence, recipe in recipes.items():
        assert recipe_in(sentence) == recipe
        assert origin_of(recipe) == sentence
        if sentence:
            assert recipe["noise_share"] == float(re.search(r"noise_share=([\d.]+)", sentence)[1])
            assert recipe["seed"] == int(re.search(r", seed (\d+): ", sentence)[1])
            without = re.sub(r"^[^:]*: |pile_up=[^,]*,? ?", "", sentence)
            assert parameters_as_text(recipe, without={"pile_up"}) == without


def test_a_record_with_a_sentence_is_read_as_one_with_a_recipe():
    old = json.loads(a_record().to_json()) | {"format": 1, "event_origin": SENTENCE}
    del old["event_recipe"], old["sha256"]
    record = Record.from_json(json.dumps(old))
    assert record == a_record(event_recipe=recipe_in(SENTENCE))
    again = Record.from_json(record.to_json())
    assert again == record
    assert again.event_origin == SENTENCE


@pytest.mark.parametrize("seconds", [[3e-5], [1e-3, 3e-3], list(np.geomspace(1e-6, 1e-3, 1000))])
def test_latencies_are_read_as_the_quantiles_that_are_measured_today(seconds):
    record = a_record()
    old = json.loads(record.to_json())
    old["timing"]["single_query_seconds"] = seconds
    del old["sha256"]
    written = json_with_checksum(old | {"format": 3})
    timing = replace(record.timing, single_query_seconds=Latencies.of(seconds))
    assert Record.from_json(written) == replace(record, timing=timing)
    assert Latencies.of(seconds).p25 == float(np.percentile(seconds, 25))


def test_a_record_without_rounds_is_read_as_one_of_passes_back_to_back():
    old = json.loads(a_record().to_json())
    del old["rounds"], old["sha256"]
    record = Record.from_json(json_with_checksum(old | {"format": 4}))
    assert record == a_record()
    assert row_of(record).rounds is row_of(record).disturbed is None


def test_packed_records_give_the_rows_that_they_gave(tmp_path):
    """The old records are of formats 1 and 2, with and without times, trackers and batches."""
    done = subprocess.run(
        [sys.executable, "-m", "nearhit.records.unpacked", OLD, tmp_path / "new"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    old, new = list(Store(OLD)), list(Store(tmp_path / "new"))
    assert old == new
    assert done.stdout.startswith(f"{len(new)} files are packed")
    assert len(list((tmp_path / "new").rglob("*.jsonl"))) == 4
    assert list(map(rows, old)) == list(map(rows, new))
    raws = [json.loads(file.read_text()) for file in files_in(OLD)]
    assert [raw["format"] for raw in raws].count(1) == 2
    for raw, record in zip(raws, new, strict=True):
        row = row_of(record)
        assert row.event_origin == raw["event_origin"]
        if raw["timing"]:
            seconds = raw["timing"]["single_query_seconds"]
            assert row.single_query_seconds == median(seconds)
            assert row.single_query_seconds_p99 == float(np.percentile(seconds, 99))


def test_kinds_of_tracks_are_read_from_those_of_each_matching():
    """A fake of a double majority that is none by purity alone is a fragment."""
    record = a_record(tracking=TRACKING)
    scores = {"trackml_score": 0.5, "atlas_efficiency": 0.4}
    shares = {"atlas": (0.1, 0.2), "double_majority": (0.4, 0.0), "two_way": (0.4, 0.0)}
    counts = {"atlas": ([0, 1], [2, 0]), "double_majority": ([2, 4], [0, 0])}
    old = json.loads(record.to_json())
    del old["sha256"]
    old["tracking"] |= {
        "scores": scores
        | {f"{name}_fake_share": fakes for name, (fakes, _) in shares.items()}
        | {f"{name}_duplicate_share": twice for name, (_, twice) in shares.items()}
        | {"two_way_efficiency": 0.3},
        "profiles": {
            "pt": {"edges": [0, 1, 2], "atlas_found": [1, 1]}
            | {f"{name}_fakes": fakes for name, (fakes, _) in counts.items()}
            | {f"{name}_duplicates": twice for name, (_, twice) in counts.items()}
        },
    }
    read = Record.from_json(json_with_checksum(old | {"format": 4})).tracking
    kinds = {"fake_share": 0.1, "fragment_share": 0.3, "duplicate_share": 0.2}
    assert read.scores == scores | kinds
    kept = {"edges": [0, 1, 2], "atlas_found": [1, 1]}
    assert read.profiles["pt"] == kept | {
        "fakes": [0, 1],
        "fragments": [2, 3],
        "duplicates": [2, 0],
    }


def test_tracks_that_were_not_scored_have_no_kinds():
    old = json.loads(a_record(tracking=TRACKING).to_json())
    del old["sha256"]
    old["tracking"]["scores"] = {"atlas_fake_share": None, "double_majority_fake_share": None}
    old["tracking"]["scores"]["atlas_duplicate_share"] = None
    read = Record.from_json(json_with_checksum(old | {"format": 4}))
    assert (row_of(read).fake_share, row_of(read).fragment_share) == (None, None)


def rows(record):
    return row_of(record).to_json()


@pytest.mark.parametrize(
    ("folders", "sentence"),
    [
        ((), "Name two folders: that of the old files, and a new one."),
        (("old",), "Name two folders: that of the old files, and a new one."),
        (("none", "new"), "none holds no records in files of their own: nothing to pack."),
    ],
)
def test_what_cannot_be_packed_is_refused_in_a_sentence(folders, sentence, tmp_path):
    command = [sys.executable, "-m", "nearhit.records.unpacked", *folders]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (2, sentence + "\n")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_a_damaged_file_is_not_packed(tmp_path):
    shutil.copytree(OLD, tmp_path / "old")
    file = files_in(tmp_path / "old")[0]
    file.write_text(file.read_text()[:99])
    with pytest.raises(BadInputError, match=f"{file} cannot be packed .*: move it elsewhere"):
        pack(tmp_path / "old", tmp_path / "new")
    assert not (tmp_path / "new").exists()
    file.unlink()
    (tmp_path / "new").mkdir()
    with pytest.raises(FileExistsError):
        pack(tmp_path / "old", tmp_path / "new")
    assert pack(tmp_path / "old", tmp_path / "newer") == len(files_in(OLD)) - 1
