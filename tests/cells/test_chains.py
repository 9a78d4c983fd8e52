"""Three ways to use buckets: which cells they are, and what their page says of the records."""

import json

import pytest

from nearhit.cells.chains import WAYS, steps
from nearhit.measure.runner import Protocol, run_cells
from nearhit.plugins.tracker import STAGES
from nearhit.records.row import row_of
from nearhit.report.chain_plots import chain_charts
from nearhit.report.chains import chains_page
from nearhit.report.drawing import save_charts


def test_every_way_is_a_cell_at_every_cut_and_size(helical_event):
    every = list(
        steps(
            helical_event,
            index="scipy-kdtree",
            metric="angular",
            bucket_sizes=(20, 50),
            seed_pts=(0.9, 0.4),
            threads=1,
        )
    )
    acts = [step for step in every if step.way.chain == "ACTS"]
    assert len(acts) == 2 * (1 + 3 * 2)
    assert {step.seed_pt for step in acts} == {0.9, 0.4}
    assert len(every) - len(acts) == 1 + 2 * 2
    assert len({step.cell for step in every}) == len(every)
    assert {step.way for step in every} == set(WAYS)
    assert all(step.way.in_buckets != step.cell.takes_whole_event for step in every)
    assert {str(step.cell.choices[-1]) for step in every if step.cell.choices} == {
        "joined(by=phi,bins=100)"
    }


@pytest.fixture(scope="module")
def measured(helical_event):
    """The ways of a toy event, on which ACTS' chain says why it does not run."""
    every = list(
        steps(
            helical_event,
            index="scipy-kdtree",
            metric="angular",
            bucket_sizes=(30,),
            seed_pts=(0.5,),
        )
    )
    records = run_cells(helical_event, [step.cell for step in every], protocol=Protocol(1))
    return list(zip(every, records, strict=True))


def test_the_page_says_what_the_records_say(measured, tmp_path):
    plots = save_charts(chain_charts(measured), tmp_path)
    assert {plot.stem for plot in plots} == {
        "tracks-against-pt", "hits-on-track", "seconds-by-stage"
    }  # fmt: skip
    page = chains_page(measured, plots)
    by_way = {(step.way.chain, step.way.way): row_of(record) for step, record in measured}
    full = by_way["nearhit", "1 full event"]
    inside = by_way["nearhit", "2 inside buckets"]
    assert f"| {full.trackml_score:.4f} |" in page
    lost = 1 - inside.track_efficiency / full.track_efficiency
    assert f"with {lost:.1%} of its efficiency lost" in page
    assert "skipped: " in page  # ACTS': either not installed, or hits lie on no module
    assert all(f"({plot.name})" in page for plot in plots)
    assert all(stage in page for stage in STAGES)


def test_nothing_that_was_not_measured_is_compared(measured):
    said = chains_page(measured, []).partition("## What it says")[2]
    assert "ACTS, inside" not in said
    assert said.count("times as fast as the full event") == 2


def test_the_command_writes_a_page_and_json(nearhit_here, tmp_path):
    done = nearhit_here("chains", "toy", "--queries", "40", "--seed-pt", "0.5", "--json")
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)
    assert {row["way"] for row in rows} == {way.way for way in WAYS}
    ok = [row for row in rows if row["status"] == "ok"]
    assert {row["n_queries"] for row in ok if row["index"] != "whole-event"} == {40}
    page = next((tmp_path / "results" / "chains").glob("*/README.md"))
    assert "Three ways to use buckets" in page.read_text()
    again = nearhit_here("chains", "toy", "--queries", "40", "--seed-pt", "0.5", "--json")
    again = json.loads(again.stdout)  # what is recorded is not measured again
    assert [row["started"] for row in again] == [row["started"] for row in rows]
    assert again == rows


@pytest.fixture
def nearhit_here(helical_event, tmp_path):
    """Run the command in a folder where `toy` is an event."""
    import subprocess
    import sys

    from nearhit.datasets.trackml_writer import write_event

    write_event(helical_event, tmp_path / "toy")

    def run(*arguments):
        command = [sys.executable, "-m", "nearhit", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)

    return run
