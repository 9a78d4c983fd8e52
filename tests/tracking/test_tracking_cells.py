"""Cells with a tracker: measured, scored, kept and shown like any other."""

import json
import re
from dataclasses import replace
from io import StringIO
from math import fsum
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from nearhit.cells.cell import Cell
from nearhit.cells.pipeline import pipeline_coordinates
from nearhit.errors import BadInputError
from nearhit.measure.runner import Protocol, run_cells
from nearhit.plugins.registry import trackers
from nearhit.plugins.spec import WHOLE_EVENT
from nearhit.records.record import Record
from nearhit.records.row import row_of
from nearhit.report import sections, summary_table
from nearhit.report.markdown import tables_page


def run(event, *cells, repetitions=2):
    return run_cells(event, cells, protocol=Protocol(repetitions))


def test_a_tracker_in_buckets_is_timed_from_hits_to_tracks(helical_event):
    cell = Cell.of(helical_event, index="scipy-kdtree", bucket_size=50, tracker="helix", threads=1)
    (record,) = run(helical_event, cell)
    assert record.status.outcome == "ok", record.status
    row = row_of(record)
    stages = row.seconds_per_stage
    assert list(stages) == ["project", "build", "query", "select", "follow", "resolve", "score"]
    for one in record.tracking.warm:
        assert row.seconds_per_event_min <= fsum(one.values()) <= row.seconds_per_event_max
    assert [one.number for one in record.rounds] == [1, 2]
    for index, one, whole in zip(
        record.timing.warm, record.rounds, record.tracking.warm, strict=True
    ):
        assert (whole["build"], whole["query"]) == (index.build_seconds, index.query_seconds)
        assert one.seconds >= fsum(whole.values())
    in_stages = fsum(seconds for stage, seconds in stages.items() if stage != "score")
    assert in_stages == pytest.approx(row.seconds_per_event)
    assert record.tracking.cold is not None
    assert row.particle_efficiency is not None  # of the buckets
    assert 0 < row.trackml_score <= 1
    assert row.n_buckets == len(helical_event)
    assert row.hits_per_bucket == 50
    assert record.quality.count_seconds > 0
    assert sum(record.quality.leading_sizes_with_noise) == len(helical_event)
    assert record.quality.noise_share == 0
    assert Record.from_json(record.to_json()) == record
    assert Record.from_json(record.to_json()).identity == record.identity


def test_the_whole_event_asks_no_index(helical_event):
    cell = Cell.of(helical_event, index="whole-event", tracker="kalman", bucket_size=20)
    assert cell == Cell.of(helical_event, index="whole-event", tracker="kalman", metric="phi-eta")
    (record,) = run(helical_event, cell)
    row = row_of(record)
    assert row.trackml_score == pytest.approx(1)
    assert row.recall is None
    assert set(row.seconds_per_stage) == {"select", "follow", "resolve", "score"}
    assert row.n_buckets == 1
    assert row.index == "whole-event"
    assert row.n_trackable == 30
    assert row.library_version == row.versions["nearhit"]


def test_a_record_without_a_tracker_keeps_its_identity(toy_event):
    """Records from before trackers are found again."""
    cell = Cell.of(toy_event, index="scipy-kdtree")
    (record,) = run(toy_event, cell, repetitions=1)
    old = json.loads(record.to_json()) | {"format": 1}
    del old["sha256"], old["tracking"], old["cell"]["choices"], old["cell"]["tracker"]
    assert Record.from_json(json.dumps(old)).identity == record.identity
    other = replace(cell, tracker=Cell.of(toy_event, index="scipy-kdtree", tracker="helix").tracker)
    assert replace(record, cell=other).identity != record.identity


SPY = """
    from typing import ClassVar
    import numpy as np
    from nearhit.tracker import TrackerSetting, tracker
    from nearhit.adapter import parameter
    from nearhit.data.tracks import Tracks

    @tracker
    class Spy:
        name: ClassVar[str] = "spy"
        package: ClassVar[str] = "faulty"
        takes: ClassVar[str] = "both"
        setting: TrackerSetting
        does: str = parameter("look", "what", choices=("look", "shape", "crash"))

        def find(self, event, buckets):
            import os
            if self.does == "crash":
                os.abort()
            if event.truth is not None or event.particles is not None:
                raise RuntimeError("it saw the truth")
            with self.setting.stage("follow"):
                n = len(event) - (self.does == "shape")
                return Tracks(np.full(n, -1, np.int32))
"""


@pytest.mark.parametrize(
    ("does", "outcome", "reason"),
    [
        ("look", "ok", ""),
        ("shape", "failed", "spy returned tracks of int32 of shape"),
        ("crash", "failed", "SIGABRT"),
    ],
)
@pytest.mark.parametrize("index", ["whole-event", "scipy-kdtree"])
def test_a_plug_in_sees_no_truth_and_costs_its_own_cell(
    helical_event, install, does, outcome, reason, index
):
    install("faulty", SPY, group="nearhit.trackers")
    cell = Cell.of(helical_event, index=index, tracker=f"spy(does={does})")
    (record,) = run(helical_event, cell, repetitions=1)
    assert record.status.outcome == outcome, record.status
    assert reason in record.status.reason
    if does == "look":
        row = row_of(record)
        assert (row.n_tracks, row.trackml_score, row.fake_share) == (0, 0, None)


def test_every_tracker_is_in_the_documentation():
    page = (Path(__file__).parents[2] / "docs" / "tracking.md").read_text()
    assert all(f"`{name}`" in page for name in trackers())


def test_an_event_without_truth_is_tracked_without_scores(helical_event):
    event = helical_event.without_truth()
    cells = [
        Cell.of(event, index="whole-event", tracker=tracker) for tracker in ("kalman", "oracle")
    ]
    tracked, skipped = run(event, *cells, repetitions=1)
    row = row_of(tracked)
    assert row.n_tracks == 30
    assert row.trackml_score is None
    assert skipped.status.outcome == "skipped"
    assert "has none" in skipped.status.reason


def test_tables_of_trackers_stand_apart_and_name_the_front(helical_event):
    cells = [
        Cell.of(helical_event, index="whole-event", tracker="kalman"),
        Cell.of(helical_event, index="scipy-kdtree", bucket_size=20, tracker="oracle"),
        Cell.of(helical_event, index="scipy-kdtree", bucket_size=20),
    ]
    (section,) = sections(run(helical_event, *cells, repetitions=1))
    assert len(section.of_buckets) == 1
    (table,) = section.track_tables
    assert {row.tracker.partition("(")[0] for row in table.rows} == {"kalman", "oracle"}
    assert [row.tracker.partition("(")[0] for row in table.front] == ["kalman"]
    console = Console(width=160, record=True, file=StringIO())
    console.print(summary_table(section))
    shown = console.export_text()
    assert "the whole event" in shown
    assert "kalman" in shown
    assert "oracle" in shown
    page = tables_page([section], {})
    assert "the whole event" in page
    assert ", angular, buckets of 20" in page


@pytest.mark.parametrize(
    ("coordinates", "sentence"),
    [
        ({"index": "whole-event"}, "Index whole-event needs a tracker"),
        ({"index": "whole-event", "tracker": "helix"}, "Tracker helix looks inside buckets"),
        (
            {"index": "whole-event", "tracker": "kalman", "choices": "cover"},
            "cannot be selected",
        ),
        ({"index": "scipy-kdtree", "choices": "cover"}, "Buckets are chosen for a tracker"),
        (
            {"index": "scipy-kdtree", "tracker": "kalmann"},
            "there is no tracker 'kalmann' (did you mean kalman?)",
        ),
        ({"index": "scipy-kdtree", "tracker": "kalman(passes=9)"}, "nearest valid value is 3"),
    ],
)
def test_what_does_not_fit_is_refused_in_a_sentence(toy_event, coordinates, sentence):
    with pytest.raises(BadInputError, match=re.escape(sentence)):
        Cell.of(toy_event, **coordinates)


def test_choices_of_buckets_are_measured_and_kept(helical_event, tmp_path):
    """Fewer buckets are asked for, chosen or joined; what is reachable in them is recorded."""
    from nearhit.records.store import Store

    store = Store(tmp_path)
    texts = ("", "cover", "layers(of=8/2)", "joined(by=phi,bins=4)")
    cells = [
        Cell.of(helical_event, index="scipy-kdtree", bucket_size=30, tracker="oracle", choices=text)
        for text in texts
    ]
    records = run_cells(helical_event, cells, store, Protocol(1))
    every, cover, layer, joined = map(row_of, records)
    assert every.n_buckets == every.n_queries == 300
    assert every.reachable == every.particle_efficiency
    assert cover.n_buckets < 60
    assert cover.reachable <= every.reachable
    assert layer.n_buckets == layer.n_queries == 30
    assert layer.recall == 1
    assert (joined.n_buckets, joined.n_queries) == (4, 300)
    assert joined.reachable >= every.reachable
    assert joined.hits_per_bucket > 30
    assert len({record.identity for record in records}) == 4
    assert Record.from_json(records[3].to_json()) == records[3]
    assert all(
        store.find(cell, record.provenance) for cell, record in zip(cells, records, strict=True)
    )


def test_trackers_count_their_candidates(helical_event):
    (record,) = run(helical_event, Cell.of(helical_event, index="whole-event", tracker="kalman"))
    row = row_of(record)
    assert row.n_candidates >= row.n_tracks == 30
    assert row.n_seeds is None  # it follows pairs as it finds them
    assert row.central_prompt_efficiency is None  # no particles say what their pT is
    assert row.hits_on_track == 10


def test_helix_needs_buckets_around_hits(helical_event):
    cell = Cell.of(
        helical_event, index="scipy-kdtree", bucket_size=30, tracker="helix", choices="joined"
    )
    (record,) = run(helical_event, cell)
    assert record.status.outcome == "skipped"
    assert "joined buckets lack" in record.status.reason


def test_pipelines_are_read(toy_event):
    assert pipeline_coordinates("kalman") == {"index": "whole-event", "tracker": "kalman"}
    assert pipeline_coordinates(
        "helix(free=0.5) in 20 of annoy(ntrees=5) by phi-eta around 100"
    ) == {
        "tracker": "helix(free=0.5)",
        "bucket_size": 20,
        "index": "annoy(ntrees=5)",
        "metric": "phi-eta",
        "queries": 100,
    }
    assert pipeline_coordinates("acts in 50 of annoy chosen by start-layer + joined(by=z)") == {
        "tracker": "acts",
        "bucket_size": 50,
        "index": "annoy",
        "choices": "start-layer + joined(by=z)",
    }
    assert Cell.of(toy_event, **pipeline_coordinates("kalman")).index == WHOLE_EVENT
    assert pipeline_coordinates("50 of annoy(ntrees=5) by angular around 20000") == {
        "bucket_size": 50,
        "index": "annoy(ntrees=5)",
        "metric": "angular",
        "queries": 20000,
    }


@pytest.mark.parametrize(
    "text", ["", " ", "helix in annoy", "50 of", "in 50 of annoy", "kalman by angular", "50 annoy"]
)
def test_no_pipeline_is_refused_in_one_sentence(text):
    with pytest.raises(
        BadInputError, match=r"Pipeline .* cannot be read: write a tracker, buckets"
    ):
        pipeline_coordinates(text)


def test_the_best_pipeline_on_the_bundled_event_stays_good():
    """What the front promises, without the time: tuned on other seeds."""
    from nearhit.datasets.open_event import open_event

    event = open_event("bundled")
    (record,) = run(event, Cell.of(event, **pipeline_coordinates("kalman")), repetitions=1)
    row = row_of(record)
    assert row.trackml_score > 0.92
    assert row.fake_share < 0.08
    assert np.isfinite(row.seconds_per_event)
