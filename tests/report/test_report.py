"""Reports come from records alone, and nothing that failed vanishes from them."""

from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace

import pandas as pd
import pytest
from sample_records import a_record

from nearhit.cells.cell import Cell
from nearhit.cells.status import Status
from nearhit.errors import BadInputError
from nearhit.machine.hardware import Machine
from nearhit.measure.runner import Protocol, run_cells
from nearhit.plugins.spec import IndexSpec
from nearhit.records.results import Pass
from nearhit.report import sections
from nearhit.report.blocks import headline, newest_headline
from nearhit.report.noise import noise_tables
from nearhit.report.pareto import error_of, pareto_front, tie
from nearhit.report.write import insert_tables, write_report


@pytest.fixture
def record():
    def make(index, seconds, efficiency, **coordinates):
        record = a_record()
        cell = replace(
            record.cell, index=IndexSpec.parse(index), **({"queries": None} | coordinates)
        )
        passes = tuple(Pass(0.0, 0.0, seconds * factor, 1.0) for factor in (0.5, 1, 2))
        figures = record.quality.figures | {"particle_efficiency": efficiency}
        return replace(
            record,
            cell=cell,
            n_queries=record.n_hits,
            timing=replace(record.timing, warm=passes),
            quality=replace(record.quality, n_trackable=1000, figures=figures),
        )

    return make


@pytest.fixture
def records(record):
    made = [
        record("scipy-kdtree", 2.0, 0.5),
        record("scipy-kdtree", 1.0, 0.3, bucket_size=20),
        record("annoy", 1.0, 0.4),
        record("annoy(ntrees=1)", 0.5, 0.2),
        record("annoy(ntrees=100)", 9.0, 0.5),
        record("annoy", 0.9, 0.25, bucket_size=20),
    ]
    failed = replace(
        made[0],
        cell=replace(made[0].cell, index=IndexSpec.parse("hnswlib")),
        status=Status("failed", "killed by SIGSEGV | a | b"),
        timing=None,
        quality=None,
        peak_memory_mb=None,
    )
    return [*made, failed]


def test_the_front_is_what_nothing_beats():
    rows = [
        SimpleNamespace(name=name, cost=cost, gain=gain, n_trackable=10**9)
        for name, cost, gain in [
            ("a", 1, 0.1), ("b", 2, 0.1), ("c", 2, 0.3), ("d", 2, 0.2), ("e", 5, 0.9),
            ("f", None, 0.9), ("g", 1, 0),
        ]
    ]  # fmt: skip
    assert [row.name for row in pareto_front(rows, "cost", "gain")] == ["a", "c", "e"]


def test_one_particle_is_a_tie_and_the_error_no_more():
    """Of 7,707 particles .2577 has an error of .0050, which 38 more particles are within."""
    found = {"exact": 1986, "one more": 1987, "within": 2024, "beyond": 2026, "tied with it": 2050}
    rows = [
        SimpleNamespace(name=name, cost=cost, gain=number / 7707, n_trackable=7707)
        for cost, (name, number) in enumerate(found.items())
    ]
    assert [row.name for row in pareto_front(rows, "cost", "gain")] == ["exact", "beyond"]
    assert tie(rows[0], rows[1], "gain")
    assert tie(rows[1], rows[0], "gain")
    assert not tie(rows[0], rows[3], "gain")
    assert error_of(SimpleNamespace(gain=0.5, n_trackable=None), "gain") == 0


def test_rows_are_in_order_of_time_with_the_failed_last(records):
    (section,) = sections(records)
    fifty, twenty = sorted(section.tables, key=lambda table: -table.cell.bucket_size)
    assert [section.short_names[row.index] for row in fifty.rows] == [
        "annoy(ntrees=1)", "annoy", "scipy-kdtree", "annoy(ntrees=100)", "hnswlib"
    ]  # fmt: skip
    assert [row.library for row in twenty.rows] == ["annoy", "scipy-kdtree"]
    assert [row.library for row in fifty.front] == ["annoy", "annoy", "scipy-kdtree"]


def test_machines_events_and_commits_are_never_in_one_table(records):
    first = records[0]
    other = Machine("other", "B CPU", 4, 2048, "An OS", "3.11.0")
    strangers = [
        replace(first, provenance=replace(first.provenance, machine=other)),
        replace(first, provenance=replace(first.provenance, commit="def")),
        replace(first, cell=replace(first.cell, event="another", event_digest="e" * 16)),
        replace(first, cell=replace(first.cell, event_digest="e" * 16)),
    ]
    assert len(sections([*records, *strangers])) == 5


def test_sampled_queries_are_not_ranked_with_whole_events(records, record):
    sampled = replace(record("faiss-flat", 0.1, 0.1, queries=10), n_queries=10)
    (section,) = sections([*records, sampled])
    assert [table.title for table in section.tables if table.cell.queries] == [
        "angular, buckets of 50, 2 threads, 10 random queries"
    ]


def test_of_repetitions_the_last_is_shown(records, record):
    newer = record("annoy", 7.0, 0.4)
    (section,) = sections([*records, newer])
    seconds = {
        row.index: row.seconds_per_event
        for table in section.tables
        for row in table.rows
        if table.cell.bucket_size == 50
    }
    assert seconds["annoy(ntrees=5,search_k=-1)"] == 7.0


def test_a_report_has_every_row_and_its_reason(records, tmp_path):
    write_report(records, tmp_path)
    page = (tmp_path / "tables.md").read_text()
    assert "| hnswlib | not installed |" not in page
    assert "failed: killed by SIGSEGV \\| a \\| b" in page
    assert "**scipy-kdtree**" in page
    assert "| s/event | × fastest |" in page
    assert "2 (1–4)" in page
    for name in ("front", "bucket-size-by-metric", "settings", "leading-size"):
        assert list(tmp_path.rglob(f"{name}*.png")), name
        assert list(tmp_path.rglob(f"{name}*.svg")), name
    for line in page.splitlines():
        if line.startswith("!["):
            assert (tmp_path / line.split("(")[1].rstrip(")")).is_file()
    table = pd.read_csv(tmp_path / "records.csv")
    assert len(table) == len(pd.read_parquet(tmp_path / "records.parquet")) == len(records)
    assert table["seconds_per_event"].count() == len(records) - 1


def test_the_same_records_give_the_same_files(records, tmp_path):
    for name in ("a", "b"):
        write_report(records, tmp_path / name if (tmp_path / name).mkdir() is None else tmp_path)
    for file in sorted((tmp_path / "a").rglob("*")):
        if file.is_file():
            twin = tmp_path / "b" / file.relative_to(tmp_path / "a")
            assert file.read_bytes() == twin.read_bytes(), file.name


def test_the_headline_goes_between_its_marks(records, tmp_path):
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- headline: begin -->\nwhat was\n<!-- headline: end -->\nafter\n")
    (section,) = sections(records)
    insert_tables([section], page)
    text = page.read_text()
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "what was" not in text
    assert "| **annoy(ntrees=5) (published)** |" in text
    assert "annoy(ntrees=1" not in text
    insert_tables([section], page)
    assert page.read_text() == text


def test_a_few_cells_of_later_do_not_take_the_headline(records):
    (whole,) = sections(records)
    (few,) = sections(records[:1])
    assert newest_headline([few, whole]) == headline(whole) != headline(few)
    assert newest_headline([few]) == headline(few)
    with pytest.raises(BadInputError, match="No record is of angular buckets of 50 hits"):
        newest_headline(sections(records[1:2]))


def test_the_headline_is_of_the_bundled_event_where_it_can_be(records):
    (other,) = sections(records)
    bundled = [replace(one, cell=replace(one.cell, event="bundled")) for one in records]
    (whole,) = sections(bundled)
    assert newest_headline([other, whole]) == headline(whole)


def test_a_page_without_marks_is_refused_and_kept(records, tmp_path):
    page = tmp_path / "page.md"
    page.write_text("nothing here\n")
    with pytest.raises(BadInputError, match="needs the lines"):
        insert_tables(sections(records), page)
    assert page.read_text() == "nothing here\n"


def test_no_headline_without_the_default_question(records):
    (section,) = sections([one for one in records if one.cell.bucket_size == 20])
    with pytest.raises(BadInputError, match="No record"):
        headline(section)


def test_no_records_make_no_report(tmp_path):
    with pytest.raises(BadInputError, match="holds no records"):
        write_report([], tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_tracks_and_noise_go_between_their_marks(helical_event, tmp_path):
    """Each block is made where its marks are, of whatever section has it."""
    records = []
    for share in (0.0, 0.5):
        recipe = {"name": f"toy{share}", "process": "gun", "noise_share": share, "pile_up": 0}
        event = replace(helical_event, name=f"toy{share}", recipe=recipe)
        cells = [
            Cell.of(event, index="whole-event", tracker="kalman"),
            Cell.of(event, index="scipy-kdtree", bucket_size=20, tracker="oracle"),
        ]
        records += run_cells(event, cells, protocol=Protocol(1))
    page = tmp_path / "page.md"
    page.write_text("".join(f"<!-- {x}: begin --><!-- {x}: end -->" for x in ("tracks", "noise")))
    insert_tables(sections(records), page)
    text = page.read_text()
    assert "| pipeline | 0% noise | 50% noise |" in text
    assert text.count("1.000; 1.000 / 0.000") == 2
    assert "**kalman(min_hits=4)**" in text
    with pytest.raises(BadInputError, match="several shares of noise"):
        insert_tables(sections(records[:2]), page)
    assert page.read_text() == text


def test_of_two_commits_with_many_roads_the_newer_is_shown(helical_event, tmp_path):
    cells = [
        Cell.of(helical_event, index="whole-event", tracker=f"kalman(passes={passes})")
        for passes in (1, 2, 3)
    ]
    older = run_cells(helical_event, cells, protocol=Protocol(1))
    newer = [_at(record, f"feedbeef000{n}", day) for n, day in ((0, 2), (1, 3)) for record in older]
    page = tmp_path / "page.md"
    page.write_text("<!-- tracks: begin --><!-- tracks: end -->")
    insert_tables(sections([*older, *newer[:2], newer[3]]), page)
    assert "at feedbeef0000" in page.read_text()  # with two of three, and not the one with one


def _at(record, commit, days):
    later = (datetime.fromisoformat(record.provenance.started) + timedelta(days=days)).isoformat()
    return replace(record, provenance=replace(record.provenance, commit=commit, started=later))


def test_shares_of_noise_are_held_against_each_other_on_the_same_collisions(helical_event):
    records = []
    for share, seed in ((0.0, 1), (0.5, 1), (0.5, 2)):
        name = f"toy(noise_share={share})"
        recipe = {"name": name, "seed": seed, "process": "gun", "noise_share": share}
        event = replace(helical_event, name=f"toy{share}@{seed}", recipe=recipe)
        cells = [Cell.of(event, index="whole-event", tracker="kalman")]
        records += run_cells(event, cells, protocol=Protocol(1))
    (table,) = noise_tables(sections(records))
    assert table.heads == ("pipeline", "0% noise", "50% noise")
    assert noise_tables(sections(records[1:])) == []
    assert noise_tables(sections(records[::2])) == []  # two shares, of two seeds


def test_profiles_are_drawn_for_roads_of_the_front(helical_event, tmp_path):
    cell = Cell.of(helical_event, index="whole-event", tracker="kalman")
    write_report(run_cells(helical_event, [cell], protocol=Protocol(1)), tmp_path)
    drawn = {plot.stem.partition("-Tracks")[0] for plot in tmp_path.rglob("*.png")}
    assert {"against-pt-and-eta", "sizes"} <= drawn
