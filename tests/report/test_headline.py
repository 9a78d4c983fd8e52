"""The headline: one row a library, fair, marked and narrow enough to be read."""

import re
from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console
from sample_records import FAILED, a_record

from nearhit.cells import tuned
from nearhit.cells.status import Status
from nearhit.plugins.spec import IndexSpec
from nearhit.records.results import Pass
from nearhit.report import sections
from nearhit.report.blocks import headline
from nearhit.report.certificates import touching
from nearhit.report.headline import headline_of
from nearhit.report.notes import caveats, particles_of
from nearhit.report.summary import headline_table, summary_table

LONG = "usearch(connectivity=12,expansion_add=99,expansion_search=77)"
TUNED = ("annoy(ntrees=1,search_k=200)", LONG, "scipy-kdtree(leafsize=8)", "pynndescent")


def record(index, seconds, efficiency=0.25, recall=1.0, passes=(0.9, 1, 1.05), **changes):
    base = a_record(index)
    figures = base.quality.figures | {"particle_efficiency": efficiency}
    made = replace(
        base,
        cell=replace(base.cell, queries=None),
        n_queries=base.n_hits,
        timing=replace(
            base.timing, warm=tuple(Pass(0.0, 0.0, seconds * one, 1.0) for one in passes)
        ),
        quality=replace(base.quality, n_trackable=7_000, figures=figures, recall=recall),
    )
    return replace(made, **changes)


@pytest.fixture
def settings(monkeypatch):
    """Keep tuned settings of a few libraries, as `nearhit tune` does, and return them."""
    common = {"demand": "recall ≥ 0.99", "metric": "angular", "bucket_size": 50, "threads": 2}
    rest = {"events": (), "held_out": (), "seconds": 9.0, "version": "1", "how": "searched"}
    found = [
        tuned.TunedSetting(index=str(IndexSpec.parse(text)), **common, **rest) for text in TUNED
    ]
    held = {one.library: one for one in found}
    monkeypatch.setattr("nearhit.report.headline.tuned_settings", lambda: held)
    return held


@pytest.fixture
def measured(settings):
    """Every library at its default, tuned where it is, and one that is not installed."""
    assert len(settings) == len(TUNED)
    return [
        record("sphere-grid", 0.1),
        record("annoy", 4.0, 0.2501, 0.9781),
        record("annoy(ntrees=1,search_k=200)", 1.0, 0.2499, 0.9996),
        record("annoy(ntrees=1)", 0.01, 0.1, 0.5),
        record("scipy-kdtree", 0.5),
        record("scipy-kdtree(leafsize=8)", 0.4),
        record("usearch", 2.0, 0.24, 0.95),
        record(LONG, 3.0, 0.25, 0.99),
        record("pynndescent", 3.5, 0.25, 0.99),
        record("hnswlib", 2.5, 0.249, 0.9898, passes=(1,)),
        replace(FAILED, cell=record("svs", 1).cell, status=Status("skipped", "no svs")),
    ]


def lines_of(records, **changes):
    """Return the lines of the table by the name that heads each."""
    (section,) = sections(records, **changes)
    rows = re.findall(r"^\| (.*) \|$", headline(section), re.MULTILINE)
    cells = [row.replace("\N{NO-BREAK SPACE}", " ").split(" | ") for row in rows]
    return {name: rest for name, *rest in cells}


def test_one_row_a_library_at_its_tuned_setting_beside_its_default(measured):
    lines = lines_of(measured)
    assert list(lines) == [
        "index", "**sphere-grid (nearhit's own)**", "scipy-kdtree(leafsize=8)",
        "annoy(…)", "hnswlib", "usearch(…)",
        "pynndescent", "annoy(ntrees=5) (published)",
    ]  # fmt: skip
    assert lines["index"] == [
        "s/event", "× fastest", "% of exact efficiency", "recall", "build s", "memory MiB",
        "default s",
    ]  # fmt: skip
    assert lines["scipy-kdtree(leafsize=8)"] == [
        "0.400 ±10%", "4.00", "100.0", "1.0000", "0", "12", "0.5",
    ]  # fmt: skip
    assert lines["usearch(…)"][-1] == "2"
    assert lines["hnswlib"][0] == "2.50 1 pass"


def test_long_settings_are_in_a_line_below_and_so_is_what_was_not_measured(measured):
    (section,) = sections(measured)
    notes = "\n".join(headline_of(section).notes)
    assert f"(…) is annoy(ntrees=1,search_k=200), {LONG}." in notes
    assert "Not measured: svs (no svs)." in notes
    assert "At their defaults, not tuned: hnswlib." in notes
    assert "tuned for recall ≥ 0.99" in notes
    assert "100 % is a particle efficiency of 0.250, that of exact search" in notes


def test_without_tuned_rows_there_is_no_column_of_defaults():
    assert (
        "default s" not in lines_of([record("scipy-kdtree", 0.5), record("hnswlib", 1.0)])["index"]
    )


def test_a_tie_is_not_bold_however_the_last_particle_falls(measured):
    bold = [name for name in lines_of(measured) if name.startswith("**")]
    assert bold == ["**sphere-grid (nearhit's own)**"]
    better = [*measured, record("nmslib", 5.0, 0.26)]
    assert "**nmslib**" in lines_of(better)


def test_broken_clauses_are_footnotes_where_they_touch_such_data():
    row = next(iter(sections([record("annoy", 1.0)])[0].rows))
    clauses = ("magnitude 1e+30", "625 dimensions", "same answer on all threads", "ties")
    assert touching(replace(row, breaks=clauses)) == ("same answer on all threads", "ties")
    alone = replace(row, breaks=clauses, threads=1, metric="random-625")
    assert touching(alone) == ("625 dimensions", "ties")
    key = ("box", "annoy", "1.0", "angular")
    (section,) = sections([record("annoy", 1.0), record("hnswlib", 2.0)], {key: clauses})
    made = headline_of(section)
    assert [line[0] for line in made.lines] == ["annoy(ntrees=5) (published)¹", "hnswlib"]
    assert "¹ Breaks the contract: same answer on all threads, ties." in made.notes


def test_disturbed_and_stale_rows_are_marked_and_explained(measured):
    (section,) = sections(measured, stale=lambda _record: ("its code has changed since abc: a.py",))
    disturbed = [
        replace(row, disturbed=row.library == "annoy", other_cores=1.25, stolen_cores=0.0)
        for row in section.rows
    ]
    marked = replace(section, rows=tuple(disturbed))
    annoy, other = (
        next(line for name, *line in headline_of(marked).lines if name.startswith(library))
        for library in ("annoy", "hnswlib")
    )
    assert (annoy[0][-2:], other[0][-2:]) == ("†‡", "s‡")
    said = caveats(disturbed)
    assert said[0].startswith("† Disturbed: while 3 of 11 records were measured")
    assert "1.25 cores" in said[0]
    assert said[1] == "‡ Stale: 11 of 11 records: its code has changed since abc."
    shown = terminal(summary_table(marked), 100)
    assert "†‡" in shown
    assert all(line[:20] in shown for line in said)


def terminal(shown, width):
    console = Console(width=width, file=StringIO())
    console.print(shown)
    return console.file.getvalue()


def test_80_columns_show_all_of_it_and_60_name_what_they_leave_out(measured):
    (section,) = sections(measured, stale=lambda _record: ("old",))
    made = headline_of(section)
    wide, narrow = (terminal(headline_table(made), width) for width in (80, 60))
    assert max(map(len, wide.splitlines())) <= 80
    assert max(map(len, narrow.splitlines())) <= 60
    assert "… not shown at" not in wide
    for line in made.lines:
        assert not [text for text in line[1:] if text not in wide]
    told = " ".join(narrow.partition("… not shown at")[2].split())
    assert told.startswith("60 columns: memory MiB, default s ")


@pytest.mark.parametrize("width", [60, 80, 160])
def test_a_terminal_of_any_width_loses_no_column_without_a_word(measured, width):
    (section,) = sections(measured)
    shown = terminal(summary_table(section), width)
    assert max(map(len, shown.splitlines())) <= width
    told = " ".join(shown.split())
    for heading in ("index", "s/event", "efficiency", "recall", "queries/s", "purity", "memory"):
        assert heading in told
    assert "svs(" not in told
    assert "svs: skipped: no svs" in told


def test_no_truth_is_said_only_where_there_is_none():
    row = next(iter(sections([record("annoy", 1.0)])[0].rows))
    cut = replace(row, record=record("annoy", 1.0), n_trackable=0)
    none = replace(row, n_trackable=None, particle_efficiency=None)
    failed = replace(none, status="failed")
    assert particles_of([row, failed]).startswith("7,000 particles of ≥ 4 hits")
    assert particles_of([cut, failed]).startswith("0 particles of ≥ 4 hits")
    assert particles_of([none, failed]) == "no truth"
    assert particles_of([failed]) == ""
