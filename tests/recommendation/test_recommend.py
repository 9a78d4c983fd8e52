"""What to take follows from records: the fastest that meets the demands, and nothing else."""

import os
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction

import pytest
from sample_records import a_record

from nearhit.cells.status import OK, Status
from nearhit.contract import CLAUSES
from nearhit.contract.certificate import Certificate
from nearhit.errors import BadInputError
from nearhit.machine.hardware import Machine
from nearhit.plugins.spec import WHOLE_EVENT, IndexSpec, TrackerSpec
from nearhit.quality import Trackable
from nearhit.recommendation import Demands, in_json, in_words, recommend
from nearhit.records.results import Pass, Tracking
from nearhit.records.select import AskedEvent
from nearhit.records.store import Store

ASKED = AskedEvent("toy", "toy")


@pytest.fixture
def record():
    """Make a record of an index of so many seconds and such an efficiency."""

    def make(index, seconds, efficiency, *, spread=0.01, **coordinates):
        base = a_record()
        spec = WHOLE_EVENT if index == "whole-event" else IndexSpec.parse(index)
        cell = replace(base.cell, index=spec, **({"queries": None} | coordinates))
        passes = tuple(
            Pass(0.0, 0.0, seconds * factor, 1.0) for factor in (1 - spread, 1, 1 + spread)
        )
        figures = base.quality.figures | {"particle_efficiency": efficiency}
        return replace(
            base,
            cell=cell,
            n_queries=cell.queries or base.n_hits,
            timing=replace(base.timing, warm=passes),
            quality=replace(base.quality, n_trackable=7000, figures=figures),
        )

    return make


@pytest.fixture
def road(record):
    """Make a record of a tracker of so many seconds and such a score."""

    def make(tracker, seconds, score, index="whole-event"):
        scores = {"trackml_score": score, "double_majority_efficiency": 0.5}
        stages = ({"follow": seconds},)
        tracking = Tracking(None, stages, 1, 100.0, {}, 5, 50, 0.1, scores, n_trackable=7000)
        made = record(index, seconds, 0.1, tracker=TrackerSpec.parse(tracker))
        return replace(made, tracking=tracking)

    return make


@pytest.fixture
def records(record):
    return [
        record("annoy", 0.3, 0.20),
        record("scipy-kdtree", 0.5, 0.30),
        record("hnswlib", 1.0, 0.30),
        record("pykdtree", 2.0, 0.40),
    ]


def best_of(records, certificates=(), machine="", **demands):
    found = recommend(records, certificates, ASKED, Demands(**demands), machine)
    return found.choices[0]


def library(candidate):
    return candidate and candidate.record.cell.index.name


def test_the_fastest_that_is_good_enough_and_the_next(records):
    choice = best_of(records, min_efficiency=0.25, max_seconds=1.5)
    assert (library(choice.best), library(choice.runner_up)) == ("scipy-kdtree", "hnswlib")
    assert len(choice.candidates) == 4
    choice = best_of(records, min_efficiency=0.30)
    assert library(choice.best) == "scipy-kdtree"  # equal is enough
    choice = best_of(records, min_efficiency=0.35)
    assert (library(choice.best), choice.runner_up) == ("pykdtree", None)


def test_with_time_alone_the_most_efficient_in_time(records):
    assert library(best_of(records, max_seconds=0.6).best) == "scipy-kdtree"
    assert library(best_of(records, max_seconds=9).best) == "pykdtree"


def test_one_particle_more_is_a_tie_that_the_faster_wins(records, record):
    slower = record("scann", 8.0, 0.40 + 1 / 7000)
    choice = best_of([*records, slower], max_seconds=9)
    assert (library(choice.best), library(choice.runner_up)) == ("pykdtree", "scann")
    better = record("scann", 8.0, 0.40 + 50 / 7000)
    assert library(best_of([*records, better], max_seconds=9).best) == "scann"


def test_a_runner_up_is_another_library_where_there_is_one(records, record):
    more = [*records, record("scipy-kdtree(leafsize=8)", 0.6, 0.3)]
    assert library(best_of(more, min_efficiency=0.25).runner_up) == "hnswlib"
    assert library(best_of([*more[:2], more[-1]], min_efficiency=0.25).runner_up) == "scipy-kdtree"


def test_where_nothing_meets_the_demands_the_nearest_misses_are_named(records):
    choice = best_of(records, min_efficiency=0.35, max_seconds=1.0)
    assert choice.best is None
    assert [library(one) for one in choice.misses] == ["scipy-kdtree", "pykdtree"]
    found = recommend(records, (), ASKED, Demands(1.0, 0.35))
    assert not found.met
    assert "No index among 4 records has efficiency ≥ 0.35 and ≤ 1 s per event" in in_words(found)


def test_what_cannot_answer_does_not(records, record, road):
    other = Machine("other", "B CPU", 2, 1024, "An OS", "3.11.0")
    tempting = record("mrpt", 0.01, 0.9)
    worse = [
        replace(tempting, status=Status("failed", "it fell"), timing=None, quality=None),
        record("mrpt", 0.01, 0.9, queries=10),
        record("mrpt", 0.01, 0.9, batch=10),
        record("mrpt", 0.01, 0.9, event="another"),
        record("mrpt", 0.01, 0.9, trackable=Trackable(min_pt=1.0)),
        replace(tempting, provenance=replace(tempting.provenance, machine=other)),
        road("helix", 0.01, 0.9, "mrpt"),
    ]
    choice = best_of([*records, *worse], machine="box", min_efficiency=0.25)
    assert library(choice.best) == "scipy-kdtree"
    compared = {one.record.cell.index.name for one in choice.candidates}
    assert compared == {one.cell.index.name for one in records}
    assert library(best_of([*records, tempting], min_efficiency=0.25).best) == "mrpt"


def test_threads_and_cuts_choose_among_records(records, record):
    one_thread = record("annoy", 3.0, 0.5, threads=1)
    high_pt = record("hnswlib", 4.0, 0.9, trackable=Trackable(min_pt=1.0))
    every = [*records, one_thread, high_pt]
    assert best_of(every, min_efficiency=0.25, threads=1).best.record == one_thread
    found = best_of(every, min_efficiency=0.25, trackable=Trackable(min_pt=1.0))
    assert found.best.record == high_pt


def test_of_one_cell_the_newest_record_counts(records, record):
    slower = record("scipy-kdtree", 5.0, 0.30)
    slower = replace(slower, provenance=replace(slower.provenance, started="2026-02-01T00:00:00"))
    assert library(best_of([slower, *records], min_efficiency=0.25).best) == "hnswlib"


def test_an_event_of_the_same_name_and_other_hits_is_another(records, record):
    newer = record("annoy", 9.0, 0.9, event_digest="e" * 16)
    newer = replace(newer, provenance=replace(newer.provenance, started="2026-02-01T00:00:00"))
    found = recommend([*records, newer], (), ASKED, Demands(min_efficiency=0.1))
    assert found.choices[0].best.record == newer
    assert len(found.choices[0].candidates) == 1


def test_doubts_are_said(record):
    records = [
        record("annoy", 1.0, 0.5, spread=0.5),
        record("hnswlib", 1.2, 0.5),
    ]
    busy = replace(records[0], provenance=replace(records[0].provenance, load=7.0))
    found = recommend([busy, records[1]], (), ASKED, Demands(1.25, 0.4))
    doubts = " ".join(found.doubts[0])
    for said in ("slowest pass took 1.5 s", "overlap in time", "load 7.0 on 2 cores", "commit abc",
                 "No certificate", "nearhit certify annoy"):  # fmt: skip
        assert said in doubts, said
    calm = recommend(records, (), ASKED, Demands(9, 0.4))
    assert "slowest" not in " ".join(calm.doubts[0])
    assert "load" not in " ".join(calm.doubts[0])


def test_clauses_that_a_library_breaks_stand_beside_it(record):
    one = record("annoy", 1.0, 0.5)
    clauses = dict.fromkeys(CLAUSES, OK) | {"ties": Status("failed", "it did")}
    certificate = Certificate(
        IndexSpec.parse("annoy"), "angular", 2, "toy", "d" * 16, clauses, one.provenance
    )
    found = recommend([one], [certificate], ASKED, Demands(min_efficiency=0.4))
    assert found.choices[0].best.breaks == ("ties",)
    assert "breaks ties" in in_words(found)
    assert "No certificate" not in in_words(found)


def test_roads_are_recommended_with_a_score(records, road):
    roads = [road("kalman", 0.7, 0.93), road("kalman(passes=1)", 0.3, 0.8),
             road("oracle", 0.1, 1.0), road("helix", 0.5, 0.85, "annoy")]  # fmt: skip
    found = recommend([*records, *roads], (), ASKED, Demands(1.0, 0.25, 0.79))
    index, chosen = found.choices
    assert library(index.best) == "scipy-kdtree"
    assert str(chosen.best.record.cell.tracker).startswith("kalman(passes=1")
    assert chosen.runner_up.record.cell.tracker.name == "helix"
    assert "kalman(passes=1,min_hits=4) in the whole event" in in_words(found)
    (alone,) = recommend([*records, *roads], (), ASKED, Demands(min_score=0.9)).choices
    assert alone.best.trackml_score == 0.93
    (none,) = recommend([*records, *roads], (), ASKED, Demands(min_score=0.95)).choices
    assert none.best is None


def test_what_was_not_measured_is_said(records, record):
    sampled = record("faiss-flat", 0.1, 0.1, queries=10)
    missing = replace(
        record("svs", 1, 1), status=Status("skipped", "no svs"), timing=None, quality=None
    )
    elsewhere = record("annoy", 1.0, 0.5, event="another")
    found = recommend(
        [*records, sampled, missing, elsewhere], (), ASKED, Demands(min_efficiency=0.1)
    )
    text = "\n".join(found.not_measured)
    for said in (
        "angular 50 hits",
        "Metrics without a record: euclidean",
        "faiss-flat: only some hits were queried",
        "svs: skipped: no svs",
        "voyager: no record",
        "none was recorded",
        "Records are there of another",
        "Nothing was measured on a GPU",
    ):
        assert said in text, said


def test_cuts_without_a_record_are_said_with_the_command_that_measures_them(records):
    trackable = Trackable(min_pt=2.0, min_share=Fraction(1, 2))
    found = recommend(records, (), ASKED, Demands(min_efficiency=0.1, trackable=trackable))
    assert not found.met
    assert "nearhit run toy --min-pt 2 --min-hits 4 --min-share 1/2" in in_words(found)
    none = recommend(records, (), ASKED, Demands(min_score=0.5))
    assert "nearhit run toy --suite tracking" in in_words(none)
    threads = recommend(records, (), ASKED, Demands(min_efficiency=0.1, threads=64))
    assert "Threads with records: 2." in in_words(threads)


@pytest.mark.parametrize(
    ("demands", "said"),
    [
        ({}, "Say what you need"),
        ({"min_efficiency": 1.5}, "a share from 0 to 1, not 1.5"),
        ({"min_score": float("nan")}, "a share from 0 to 1"),
        ({"max_seconds": 0.0}, "seconds above 0"),
        ({"max_seconds": float("inf")}, "seconds above 0"),
        ({"min_efficiency": 0.5, "threads": 0}, "from 1 on"),
    ],
)
def test_demands_without_sense_are_refused(demands, said):
    with pytest.raises(BadInputError, match=said):
        Demands(**demands)


def test_an_event_or_machine_without_records_is_refused(records):
    with pytest.raises(BadInputError, match=r"no records of mars.*Events with records: toy"):
        recommend(records, (), AskedEvent("mars", "mars"), Demands(1.0))
    with pytest.raises(BadInputError, match="Machine 'mars' has no records; those that have: box"):
        recommend(records, (), ASKED, Demands(1.0), "mars")


def test_on_the_command_line(records, tmp_path, strict_json):
    store = Store(tmp_path / "results" / "records")
    for one in records:
        store.add(one)

    def ask(*options):
        command = [sys.executable, "-m", "nearhit", "recommend", *options]
        where = ["--results", str(tmp_path / "results")]
        return subprocess.run(
            [*command, *where], capture_output=True, text=True, check=False, env=os.environ
        )

    done = ask("--event", "toy", "--min-efficiency", "0.25", "--max-seconds", "1", "--json")
    assert done.returncode == 0, done.stderr
    (answer,) = strict_json(done.stdout)["answers"]
    assert answer["best"]["index"] == "scipy-kdtree(leafsize=16)"
    assert answer["best"]["record"] == records[1].identity
    assert answer["best"]["seconds_per_event_min"] < 0.5 < answer["best"]["seconds_per_event_max"]
    assert answer["runner_up"]["index"].startswith("hnswlib")
    done = ask("--event", "toy", "--min-efficiency", "0.9", "--json")
    assert done.returncode == 1
    assert strict_json(done.stdout)["answers"][0]["misses"][0]["index"].startswith("pykdtree")
    shown = ask("--event", "toy", "--min-efficiency", "0.25")
    assert "Take scipy-kdtree, angular, buckets of 50, " in shown.stdout
    for wrong in (["--event", "toy"], ["--event", "mars", "--max-seconds", "1"]):
        done = ask(*wrong)
        assert done.returncode == 2
        assert done.stderr.count("\n") == 1
        assert done.stdout == ""


def test_json_holds_what_words_hold(records):
    found = recommend(records, (), ASKED, Demands(min_efficiency=0.25))
    content = in_json(found)
    assert content["met"]
    assert content["answers"][0]["compared"] == 4
    assert content["not_measured"] == list(found.not_measured)
