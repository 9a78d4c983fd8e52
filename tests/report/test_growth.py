"""How seconds grow with hits: exponents by least squares, over events that differ in pile-up."""

from dataclasses import replace

import pytest
from sample_records import a_record

from nearhit.plugins.spec import IndexSpec
from nearhit.records.results import Pass
from nearhit.report import sections
from nearhit.report.growth import growth_tables
from nearhit.report.markdown import show
from nearhit.report.write import write_report


@pytest.fixture
def grown():
    """A library whose seconds grow as hits to the power of 1.5, and another on two events alone."""

    def make(index, n_hits, seconds, purity, **recipe):
        record = a_record()
        name = f"ttbar-mu{n_hits}@1"
        cell = replace(
            record.cell,
            event=name,
            event_digest=name,
            index=IndexSpec.parse(index),
            queries=None,
        )
        changed = {"bucket_purity": purity, "particle_efficiency": 0.0}
        figures = record.quality.figures | changed
        return replace(
            record,
            cell=cell,
            n_hits=n_hits,
            n_queries=n_hits,
            timing=replace(record.timing, warm=(Pass(0.0, 0.0, seconds, 1.0),)),
            quality=replace(record.quality, figures=figures),
            event_recipe={
                "name": f"ttbar-mu{n_hits}",
                "seed": 1,
                "process": "ttbar",
                "pile_up": float(n_hits),
                "noise_share": 0.15,
            }
            | recipe,
        )

    return make


def test_the_exponent_is_that_of_the_law(grown):
    records = [
        grown("scipy-kdtree", hits, hits**1.5 * 1e-6, hits**-0.25) for hits in (100, 1_000, 10_000)
    ]
    records += [grown("annoy", hits, 1.0, 0.5) for hits in (100, 1_000)]
    (table,) = growth_tables(sections(records))
    (growth,) = table.growths  # two points say nothing of annoy
    seconds, purity, efficiency = growth.exponents
    assert seconds == pytest.approx((1.5, 0), abs=1e-6)
    assert purity == pytest.approx((-0.25, 0), abs=1e-6)
    assert efficiency is None  # nothing was found
    assert table.hits == (100, 1_000, 10_000)
    assert "events of process=ttbar, noise_share=0.15" in table.title
    rows = show(table.grid)
    assert "| scipy-kdtree | 1.500 ± 0.000 | -0.250 ± 0.000 | – |" in rows
    assert "1 s; 0.100 / 0.000" in rows


def test_events_that_differ_in_more_are_not_in_one_table(grown):
    records = [grown("scipy-kdtree", hits, 1.0, 0.5) for hits in (100, 1_000)]
    records.append(grown("scipy-kdtree", 10_000, 1.0, 0.5, noise_share=0.5))
    records.append(replace(grown("scipy-kdtree", 10, 1.0, 0.5), event_recipe={}))
    assert growth_tables(sections(records)) == []


def test_the_page_has_the_table_and_the_plot(grown, tmp_path):
    records = [grown("scipy-kdtree", hits, 1e-3 * hits, 0.5) for hits in (100, 1_000, 9_000)]
    write_report(records, tmp_path)
    page = (tmp_path / "tables.md").read_text()
    assert "Growth with the number of hits" in page
    (plot,) = (tmp_path / "plots" / "growth").glob("*.png")
    assert f"(plots/growth/{plot.name})" in page


def test_roads_grow_too(helical_event):
    """Trackers of whole events are held against each other whatever the number of hits."""
    from nearhit.cells.cell import Cell
    from nearhit.measure.runner import Protocol, run_cells

    records = []
    for hits in (100, 200, 300):
        chosen = helical_event.select(helical_event.truth.particle_id <= hits // 10)
        recipe = {"name": "toy", "process": "gun", "pile_up": hits, "noise_share": 0}
        event = replace(chosen, name=f"toy{hits}", recipe=recipe)
        cell = Cell.of(event, index="whole-event", tracker="kalman", threads=1)
        records += run_cells(event, [cell], protocol=Protocol(1))
    (table,) = growth_tables(sections(records))
    assert table.hits == (100, 200, 300)
    (growth,) = table.growths
    assert growth.name.startswith("kalman")
    assert growth.exponents[2][0] == pytest.approx(0, abs=0.01)  # all are found in each
    assert "of score" in show(table.grid)
