"""The page of results stays short, and the figures of README and docs are few."""

import re
from dataclasses import replace

import pytest
from sample_records import a_record

from nearhit.cells.cell import Cell
from nearhit.measure.runner import Protocol, run_cells
from nearhit.plugins.spec import IndexSpec
from nearhit.report import sections
from nearhit.report.blocks import headline
from nearhit.report.figures import FIGURES, draw_figures
from nearhit.report.overview import overview


def measured(**coordinates):
    """Return a record of all hits of an event, and of the coordinates of a cell."""
    record = a_record()
    cell = replace(record.cell, **({"queries": None} | coordinates))
    figures = record.quality.figures | {"particle_efficiency": 0.25}
    return replace(
        record, cell=cell, n_queries=record.n_hits, quality=replace(record.quality, figures=figures)
    )


def at(record, commit):
    return replace(record, provenance=replace(record.provenance, commit=commit))


def test_it_begins_with_the_headline_and_has_a_line_for_each_table():
    records = [measured(), measured(bucket_size=20), at(measured(bucket_size=20), "0dd")]
    found = sections(records)
    page = overview(found, ["A sentence."])
    (newest,) = (one for one in found if len(one.rows) == 2)
    assert headline(newest).strip() in page
    assert "* A sentence.\n" in page
    tables, others = page.split("## Tables")[1].split("## Other measurements")
    lines = re.findall(
        r"^\| (\w+) \| (angular, buckets of \d+), .* 0.250 \|$", tables, re.MULTILINE
    )
    assert [title for _, title in lines] == ["angular, buckets of 20", "angular, buckets of 50"]
    assert re.findall(r"\| 0dd \| 1 \| 1 \|", others)


def test_without_the_default_question_it_begins_with_the_first_table():
    page = overview(sections([measured(bucket_size=20)]))
    assert "angular, buckets of 20" in page.split("## Tables")[0]
    assert "Other measurements" not in page


def test_it_stays_short_however_much_was_measured():
    records = [measured(bucket_size=size) for size in range(2, 130)]
    records += [measured(index=IndexSpec.parse(f"annoy(ntrees={n})")) for n in range(1, 20)]
    records += [at(measured(), f"{commit:012x}") for commit in range(70)]
    page = overview(sections(records))
    assert len(page.splitlines()) <= 300
    assert page.count("\nAnd ") == 2


@pytest.fixture
def grown(helical_event):
    """Records of two pipelines in events of three pile-ups."""
    records = []
    for hits in (100, 200, 300):
        chosen = helical_event.select(helical_event.truth.particle_id <= hits // 10)
        recipe = {"name": "toy", "process": "gun", "pile_up": hits, "noise_share": 0}
        event = replace(chosen, name=f"toy{hits}", recipe=recipe)
        cells = [
            Cell.of(event, index="whole-event", tracker=f"kalman(passes={passes})")
            for passes in (1, 2)
        ]
        records += run_cells(event, cells, protocol=Protocol(1))
    return records


def test_figures_are_drawn_of_what_the_records_allow(grown, tmp_path):
    buckets = [measured(), measured(index=IndexSpec.parse("scipy-kdtree"))]
    every = [f"{name}.svg" for name in FIGURES]
    for records, names in ((buckets, every[:1]), (grown, every[1:]), (buckets + grown, every)):
        drawn = draw_figures(sections(records), tmp_path)
        assert [file.name for file in drawn] == names
        assert all("<svg" in file.read_text() for file in drawn)
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(every)
