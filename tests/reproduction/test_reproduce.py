"""Published figures beside records: each number is one that a record gives, or there is none."""

import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from nearhit.datasets.trackml_writer import write_event
from sample_records import a_record

from nearhit.cells.cell import Cell
from nearhit.cells.status import Status
from nearhit.machine.hardware import Machine
from nearhit.plugins.spec import IndexSpec, TrackerSpec
from nearhit.records.record import Record
from nearhit.records.results import Latencies, Pass, Quality, Timing, Tracking
from nearhit.records.select import AskedEvent
from nearhit.records.store import Store
from nearhit.reproduction import (
    FIGURES,
    Evidence,
    RequiredCell,
    in_json,
    look_up,
    missing_cells,
    summary,
    write_page,
)
from nearhit.reproduction.values import (
    bucket_milliseconds,
    bucket_pairs,
    efficiency_between,
    event_pairs,
    hits_per_track,
    mean,
    mode,
    seconds_of_buckets,
    share_of_at_least,
)

ASKED = AskedEvent("toy", "toy")


@pytest.fixture
def record():
    """Make a record of a cell that a figure requires, on an event of 20,000 hits."""

    def make(required=None, **changes):
        required = required or RequiredCell()
        cell = Cell(
            event=required.about(ASKED).name,
            event_digest="d" * 16,
            metric=required.metric,
            index=IndexSpec.parse(required.index),
            bucket_size=required.bucket_size,
            queries=required.queries,
            threads=required.threads or 2,
            device=required.device,
            batch=required.batch,
            tracker=TrackerSpec.parse(required.tracker) if required.tracker else None,
        )
        cell = replace(cell, trackable=replace(cell.trackable, min_pt=required.min_pt))
        passes = tuple(Pass(0.1, 1.0, seconds, 1.0) for seconds in (0.3, 0.4, 0.5))
        made = a_record(
            cell=cell,
            n_hits=20_000,
            n_queries=required.queries or 20_000,
            timing=Timing(None, passes, Latencies.of((1e-4, 2e-4, 3e-4))),
            quality=QUALITY,
        )
        return replace(made, **changes)

    return make


QUALITY = Quality(
    50,
    {"bucket_purity": 0.5, "leading_particle_size": 4.0, "particle_efficiency": 0.25},
    (0, 10, 30, 20, 40),
    1.0,
    leading_sizes_with_noise=(0, 0, 20, 30, 50),
    noise_share=0.15,
    count_seconds=0.02,
)
TRACKING = Tracking(
    cold=None,
    warm=({"query": 9.0, "seed": 1.0, "follow": 2.0, "resolve": 1.0, "select": 5.0},),
    n_buckets=1_000,
    hits_per_bucket=50.0,
    counts={},
    n_tracks=4,
    n_hits_on_tracks=30,
    score_seconds=0.1,
    scores={
        "trackml_score": 0.5,
        "double_majority_efficiency": 0.4,
        "cluster_purity": 0.9,
        "cluster_efficiency": 0.7,
    },
    n_trackable=50,
    track_sizes=[0, 0, 0, 0, 0, 1, 3],
    found_sizes=[[0] * 26] * 8 + [[0] * 6 + [3] + [0] * 19] + [[0] * 26] * 17,
)


def line_of(found, what):
    return next(one for one in found.lines if one.line.what.startswith(what))


def test_statistics_of_the_blog_follow_from_its_histogram():
    """Mean, mode and shares follow from the counts that were read off, within their error."""
    figure = FIGURES["leading-size"]
    assert len(figure.plot.histograms) == 2
    for panel, published in figure.plot.histograms.items():
        sizes, counts = np.arange(1, len(published) + 1), np.array(published)
        told = [line.published for line in figure.lines if line.panel == panel]
        ways = np.reshape(told, (3, 4))
        assert (ways == ways[0]).all()
        said_mean, said_mode, four, eight = ways[0]
        assert counts.sum() == pytest.approx(107_786, abs=60 * len(counts))
        assert sizes[counts.argmax()] == said_mode
        assert (sizes * counts).sum() / counts.sum() == pytest.approx(said_mean, abs=0.02)
        assert counts[sizes >= 4].sum() / counts.sum() == pytest.approx(four, abs=0.002)
        assert counts[sizes >= 8].sum() / counts.sum() == pytest.approx(eight, abs=0.002)


def test_every_figure_has_lines_or_says_why_not(toy_event):
    for name, figure in FIGURES.items():
        assert name == figure.name
        assert bool(figure.lines) != bool(figure.later), name
        assert figure.differs or figure.later, name
        whats = [line.what for line in figure.lines]
        assert len(set(whats)) == len(whats), name
        for required in figure.cells:
            if not required.min_pt and required.bucket_size <= len(toy_event):
                assert required.cell(toy_event).index.name in required.index


def test_a_value_is_the_median_of_passes_with_its_spread(record):
    (required,) = FIGURES["annoy-queries"].cells
    evidence = Evidence((record(required),), ASKED, "box")
    found = look_up(FIGURES["annoy-queries"], evidence)
    milliseconds = line_of(found, "10,000 queries").value
    assert (milliseconds.value, milliseconds.low, milliseconds.high) == (400.0, 300.0, 500.0)
    assert line_of(found, "queries per second").value.value == pytest.approx(25_000)
    (row,) = summary([found])
    assert row[1:3] == ["392 ± 5.6 ms", "400 (300–500) ms"]
    single = look_up(FIGURES["single-query"], evidence).lines[0].value
    assert single.value == pytest.approx(0.2)


def test_only_records_of_the_same_cell_count(record):
    (required,) = FIGURES["annoy-queries"].cells
    others = [
        record(replace(required, threads=2)),
        record(replace(required, bucket_size=20)),
        record(replace(required, index="annoy(ntrees=6)")),
        record(replace(required, queries=None)),
        record(replace(required, batch=100)),
        record(replace(required, metric="phi-eta")),
        record(replace(required, min_pt=1.0)),
        record(replace(required, event="muons")),
        record(replace(required, tracker="helix")),
    ]
    evidence = Evidence(tuple(others), ASKED, "box")
    assert evidence.record(required) is None
    assert missing_cells([FIGURES["annoy-queries"]], evidence, again=False) == [required]
    right = record(required)
    evidence = Evidence((*others, right), ASKED, "box")
    assert evidence.record(required) == right
    assert missing_cells([FIGURES["annoy-queries"]], evidence, again=False) == []
    assert missing_cells([FIGURES["annoy-queries"]], evidence, again=True) == [required]
    other_event = AskedEvent("toy", "toy", "e" * 16)
    assert Evidence((right,), other_event, "box").record(required) is None


def test_events_with_fewer_hits_than_queries_are_queried_whole(record):
    required = RequiredCell(queries=50_000)
    assert Evidence((record(),), ASKED, "box").record(required) == record()


def test_the_newest_record_of_one_machine_counts(record):
    old = record()
    newer = replace(old, provenance=replace(old.provenance, started="2026-06-01T00:00:00"))
    elsewhere = replace(
        old,
        provenance=replace(
            old.provenance,
            machine=Machine("other", "B CPU", 2, 1024, "An OS", "3.11.0"),
            started="2026-09-01T00:00:00",
        ),
    )
    evidence = Evidence.of([newer, old, elsewhere], ASKED, "box")
    assert evidence.record(RequiredCell()) == newer
    assert Evidence.of([newer, old, elsewhere], ASKED).machine == "other"  # that of the newest


def test_failed_records_give_a_reason_and_old_ones_are_measured_again(record):
    figure = FIGURES["bucket-quality-time"]
    failed = record(status=Status("failed", "it fell"), quality=None, timing=None)
    (one,) = look_up(figure, Evidence((failed,), ASKED, "box")).lines
    assert (one.value, one.reason, one.missing) == (None, "failed: it fell", ())
    old = record(quality=replace(QUALITY, count_seconds=None))
    (one,) = look_up(figure, Evidence((old,), ASKED, "box")).lines
    assert one.value is None
    assert one.missing == figure.cells
    skipped = record(status=Status("skipped", "not here"), quality=None, timing=None)
    (one,) = look_up(figure, Evidence((skipped,), ASKED, "box")).lines
    assert one.missing == figure.cells


def test_pairs_are_counted_though_clustering_them_failed(record):
    failed = record(status=Status("failed", "out of memory"), quality=None, timing=None)
    found = look_up(FIGURES["clustering-proxy"], Evidence((failed,), ASKED, "box"))
    assert line_of(found, "pairs, full event").value.value == 4e8


def test_numbers_of_trackers_by_hand(record):
    one = record(tracking=TRACKING)
    assert event_pairs(one) == 4e8
    assert bucket_pairs(one) == 1_000 * 50**2
    assert bucket_milliseconds(one).value == pytest.approx(4.0)  # query and select left out
    assert seconds_of_buckets(75_000, one).value == pytest.approx(300)
    assert hits_per_track(one) == 7.5
    assert share_of_at_least(6, "tracking.track_sizes", one) == 0.75


def test_efficiency_between_two_cuts_is_of_the_particles_between(record):
    above = replace(TRACKING, n_trackable=10, scores={"double_majority_efficiency": 0.9})
    found = efficiency_between(record(tracking=TRACKING), record(tracking=above))
    assert found == pytest.approx((0.4 * 50 - 0.9 * 10) / (50 - 10))


def test_statistics_of_sizes_by_hand_in_both_conventions(record):
    one, never, particle = record(), "quality.leading_sizes", "quality.leading_sizes_with_noise"
    assert mode(never, one) == 4
    assert mean(never, one) == pytest.approx((10 + 60 + 60 + 160) / 100)
    assert share_of_at_least(3, never, one) == pytest.approx(0.6)
    assert mean(particle, one) == pytest.approx((40 + 90 + 200) / 100)


class Everything(Evidence):
    """The same record for every cell."""

    def record(self, required):  # noqa: ARG002 - all are alike
        return self.records[0]


def test_every_line_and_plot_follows_from_records(record, tmp_path, strict_json):
    """From one that has all: no figure needs what records do not hold."""
    import json

    evidence = Everything((record(tracking=TRACKING),), ASKED, "box")
    found = [look_up(figure, evidence) for figure in FIGURES.values()]
    for one in found:
        for each in one.lines:
            known = each.value or each.line.what.startswith("efficiency of 0.4–0.9 GeV")
            assert known, each.line.what
    page = write_page(found, evidence, tmp_path)
    text = page.read_text()
    for figure in FIGURES.values():
        drawn = tmp_path / "plots" / f"{figure.name}.png"
        assert drawn.is_file() == bool(figure.plot), figure.name
        assert (f"(plots/{figure.name}.png)" in text) == bool(figure.plot)
        assert figure.title in text
        assert figure.source.title in text
    assert evidence.records[0].identity in text
    assert "nearhit chains" in text
    content = strict_json(json.dumps(in_json(found, evidence), allow_nan=False))
    assert [figure["name"] for figure in content["figures"]] == list(FIGURES)


def test_without_records_the_page_says_how_to_measure(tmp_path):
    evidence = Evidence((), ASKED, "box")
    found = [look_up(figure, evidence) for figure in FIGURES.values()]
    text = write_page(found, evidence, tmp_path).read_text()
    assert "nearhit reproduce toy --only annoy-queries --measure" in text
    assert not list(tmp_path.rglob("*.png"))
    assert sum(one.n_measured for one in found) == 0


def nearhit(*arguments):
    command = [sys.executable, "-m", "nearhit", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ)


CHOSEN = ("--only", "annoy-queries", "--only", "bucket-quality-time", "--only", "learned-metric")


def test_it_measures_only_when_told_and_nothing_twice(toy_event, tmp_path, strict_json):
    prefix, results = tmp_path / "event000000001", tmp_path / "results"
    write_event(toy_event, prefix)
    base = ["reproduce", prefix, *CHOSEN, "--results", results]
    empty = nearhit(*base)
    assert (empty.returncode, "holds no records" in empty.stderr) == (2, True)
    assert not results.exists()
    done = nearhit(*base, "--measure", "--json")
    assert done.returncode == 0, done.stderr
    queries, quality, learned = strict_json(done.stdout)["figures"]
    records = {record.identity: record for record in Store(results / "records")}
    assert len(records) == 2
    for figure in (queries, quality):
        for line in figure["lines"]:
            assert line["measured"] > 0
            assert all(one["identity"] in records for one in line["records"])
    assert "comes later" in learned["later"]
    (timed,) = [one for one in records.values() if one.cell.index.name == "annoy"]
    assert len(timed.timing.warm) == 7
    assert Record.from_json(timed.to_json()) == timed
    kept = [file.read_text() for file in results.rglob("*.jsonl")]
    again = nearhit(*base, "--measure", "--json", "--out", tmp_path / "elsewhere")
    assert strict_json(again.stdout) == strict_json(done.stdout)
    assert kept == [file.read_text() for file in results.rglob("*.jsonl")] != []
    assert (tmp_path / "elsewhere" / "README.md").is_file()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--only", "annoy"], "There is no figure 'annoy'; write one of annoy-queries"),
        (["--machine", "mars", "--measure"], "--measure measures here"),
        (["--volumes", "x"], "volume numbers"),
    ],
)
def test_bad_input_is_one_sentence(tmp_path, options, said):
    done = nearhit("reproduce", "bundled", "--results", tmp_path, *options)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
