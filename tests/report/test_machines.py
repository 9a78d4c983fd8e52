"""Machines are never ranked against each other, and what is stale is marked."""

import re
from dataclasses import replace

import pandas as pd
import pytest
from rich.console import Console
from sample_records import a_record

from nearhit.machine.hardware import Machine
from nearhit.plugins.spec import TrackerSpec
from nearhit.records.results import Pass, Tracking
from nearhit.records.row import row_of
from nearhit.report import sections, summary_table, write
from nearhit.report.blocks import headline
from nearhit.report.growth import Growth, GrowthTable, growth_tables
from nearhit.report.machines import machines_of
from nearhit.report.section import Section
from nearhit.report.tables import Table
from nearhit.report.write import write_report

OWN_SECONDS = {"box": 1.11, "other": 7.77, "box of B": 3.33}
MACHINES = {
    "box": Machine("box", "A CPU", 2, 1024, "An OS", "3.11.0"),
    "other": Machine("other", "A CPU", 2, 1024, "An OS", "3.11.0"),
    "box of B": Machine("box", "B CPU", 2, 1024, "An OS", "3.11.0"),
}


@pytest.fixture
def measured_on():
    """Make the records of one machine, of three events, which take seconds of its own."""

    def make(machine, n_hits, index="scipy-kdtree", tracker=None):
        record = a_record(index)
        seconds = OWN_SECONDS[machine]
        cell = replace(
            record.cell,
            event=f"ttbar-mu{n_hits}",
            event_digest=f"{n_hits:016}",
            queries=None,
            tracker=tracker and TrackerSpec.parse(tracker),
        )
        tracking = Tracking(None, ({"follow": seconds},), 1, 50.0, {}, 9, 90, 0.1)
        return replace(
            record,
            cell=cell,
            n_hits=n_hits,
            n_queries=n_hits,
            provenance=replace(record.provenance, machine=MACHINES[machine]),
            timing=replace(record.timing, warm=(Pass(0.0, 0.0, seconds, 1.0),)),
            event_recipe={
                "name": "ttbar",
                "seed": 1,
                "pile_up": float(n_hits),
                "noise_share": 0.15,
            },
            tracking=tracking if tracker else None,
        )

    return make


@pytest.fixture
def everywhere(measured_on):
    """Everything of every machine, in an order that has them mixed."""
    return [
        measured_on(machine, n_hits, index, tracker)
        for n_hits in (100, 1_000, 10_000)
        for index in ("scipy-kdtree", "annoy")
        for tracker in (None, "kalman(min_hits=6)")
        for machine in MACHINES
    ]


@pytest.fixture
def drawn(monkeypatch):
    """Draw nothing, which takes long, and return the folders that would have been drawn into."""
    folders = []

    def save(charts, folder):
        if folder.name not in {"growth", "speed-map"}:
            folders.append(folder)
        return [folder / f"{chart.name}.png" for chart in charts]

    monkeypatch.setattr(write, "save_charts", save)
    return folders


def seconds_in(rows):
    return {row.seconds_per_event for row in rows}


def test_no_table_growth_or_headline_has_numbers_of_two_machines(everywhere):
    found = sections(everywhere)
    assert len(found) == 9  # three events, three machines of which two are called box
    for section in found:
        own = seconds_in(section.rows)
        assert len(own) == 1
        assert len(section.rows) == 4
        tables = (*section.tables, *section.track_tables)
        assert all(seconds_in(table.rows) == own for table in tables)
        others = {f"{seconds:.3g}" for seconds in OWN_SECONDS.values()} - {f"{min(own):.3g}"}
        assert not any(other in headline(section) for other in others)
    growths = growth_tables(found)
    assert len(growths) == 6  # of buckets and of tracks, on each machine
    for table in growths:
        assert len({len(growth.rows) for growth in table.growths}) == 1
        assert len(seconds_in(row for growth in table.growths for row in growth.rows)) == 1


def test_no_block_of_the_page_has_numbers_of_two_machines(everywhere, tmp_path, drawn):
    write_report(everywhere, tmp_path)
    page = (tmp_path / "tables.md").read_text()
    blocks = re.split(r"^## ", page, flags=re.MULTILINE)[3:]  # a section each, after map and growth
    assert len(blocks) == 9
    growths = re.split(
        r"^### ", page.partition("## Growth")[2].partition("\n## ")[0], flags=re.MULTILINE
    )
    for block in (*blocks, *growths[1:]):
        assert sum(f"{seconds:.3g}" in block for seconds in OWN_SECONDS.values()) == 1
    table = pd.read_csv(tmp_path / "records.csv")
    assert set(table.groupby("machine")["seconds_per_event"].nunique()) == {1}
    assert table["machine"].nunique() == 3
    assert len(set(drawn)) == len(drawn) == 9
    assert len({folder.relative_to(tmp_path).parts[1] for folder in drawn}) == 3


@pytest.mark.usefixtures("drawn")
def test_machines_of_one_name_are_said_to_be_two(everywhere, tmp_path):
    machines = machines_of(everywhere)
    (sentence,) = machines.sentences
    assert sentence.startswith("2 different machines are called box and are ranked apart: box-")
    assert "A CPU, 2 cores, 1,024 MiB" in sentence
    assert "B CPU, 2 cores, 1,024 MiB" in sentence
    assert machines.names[MACHINES["other"]] == "other"
    assert machines_of(machines.apart(everywhere)).sentences == ()
    write_report(everywhere, tmp_path)
    assert f"* {sentence}" in (tmp_path / "tables.md").read_text()


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({}, True),
        ({"python": "3.12.0", "system": "Another OS", "governor": "powersave"}, True),
        ({"memory_mb": 1000}, True),
        ({"memory_mb": 2048}, False),
        ({"cores": 4}, False),
        ({"cpu": "B CPU"}, False),
        ({"gpu": "A GPU"}, False),
    ],
)
def test_hardware_tells_machines_apart_and_what_runs_on_it_does_not(measured_on, change, same):
    one = measured_on("box", 100)
    machine = replace(one.provenance.machine, **change)
    other = replace(one, provenance=replace(one.provenance, machine=machine))
    assert len(sections([one, other])) == (1 if same else 2)
    assert (machines_of([one, other]).sentences == ()) is same


def test_what_is_mixed_by_mistake_is_refused(measured_on):
    one, other = measured_on("box", 100), measured_on("other", 100)
    with pytest.raises(ValueError, match="cannot be ranked together"):
        Section((row_of(one), row_of(other)))
    (first,), (second,) = (section.tables for section in sections([one, other]))
    rows = first.rows + second.rows
    with pytest.raises(ValueError, match="cannot be ranked together"):
        replace(first, rows=rows)
    with pytest.raises(ValueError, match="cannot be ranked together"):
        GrowthTable(
            "title", "slug", {}, (Growth("a", first.rows, ()), Growth("b", second.rows, ()))
        )
    assert isinstance(replace(first, rows=first.rows * 2), Table)


def code_changed(record):
    if record.cell.index.name == "annoy":
        return ("its code has changed since abc: adapters/annoy.py", "annoy 2 is installed")
    return ()


@pytest.mark.usefixtures("drawn")
def test_what_is_stale_is_marked_in_page_table_and_terminal(measured_on, tmp_path):
    records = [
        measured_on("box", hits, index)
        for index in ("scipy-kdtree", "annoy")
        for hits in (100, 1_000, 10_000)
    ]
    write_report(records, tmp_path, stale=code_changed)
    page = (tmp_path / "tables.md").read_text()
    rows = [line for line in page.splitlines() if line.startswith(("| annoy", "| **annoy"))]
    marked = [row for row in rows if ")‡ |" in row]
    assert len(marked) == 3
    assert page.count(")‡ |") == 3
    assert page.count("* ‡ Stale: 1 of 2 records: its code has changed since abc.\n") == 3
    assert page.count("* ‡ Stale: 3 of 6 records: annoy 2 is installed.\n") == 1  # of growth
    table = pd.read_csv(tmp_path / "records.csv").set_index("library")["stale"]
    assert set(table["annoy"]) == {"; ".join(code_changed(records[-1]))}
    assert table["scipy-kdtree"].isna().all()
    section = sections(records, stale=code_changed)[0]
    (table,) = section.tables
    assert section.title_over(table.rows) == f"{section.title} (1 of 2 stale)"
    assert section.title_over(table.rows[:0]) == section.title
    console = Console(width=200, record=True, file=(tmp_path / "terminal").open("w"))
    console.print(summary_table(section))
    shown = console.export_text()
    console.file.close()
    assert shown.count(")‡") == 1
    assert "‡ Stale: 1 of 2 records: its code has changed since abc." in shown
    assert "* ‡ Stale: 1 of 2 records: annoy 2 is installed.\n" in headline(section)


@pytest.mark.usefixtures("drawn")
def test_the_load_of_a_machine_is_told_where_records_have_it(measured_on, tmp_path):
    from nearhit.machine.conditions import Conditions

    quiet = measured_on("box", 100)
    write_report([quiet], tmp_path)
    assert "While they were measured" not in (tmp_path / "tables.md").read_text()
    conditions = [Conditions(1.0, 1.9, others, 0.25, 3, 2.0) for others in (0.25, 0.5, 1.0)]
    loaded = [
        replace(measured_on("box", 100, index), conditions=one)
        for index, one in zip(("annoy", "hnswlib", "faiss-flat"), conditions, strict=True)
    ]
    write_report([quiet, *loaded], tmp_path)
    assert "took 0.75 cores (median of 3 records; at most 1.25)" in (
        (tmp_path / "tables.md").read_text()
    )
