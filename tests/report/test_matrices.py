"""Threads, batches, dimensions and certificates, as tables."""

from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console
from sample_records import a_record

from nearhit.cells.status import OK, Status
from nearhit.contract import CLAUSES
from nearhit.contract.certificate import Certificate
from nearhit.plugins.spec import IndexSpec
from nearhit.records.results import Pass
from nearhit.report import certificate_grid, sections, summary_table
from nearhit.report.certificates import broken_by_library, newest_certificates
from nearhit.report.markdown import tables_page
from nearhit.report.matrices import matrices_of
from nearhit.report.plots import by_batch, by_dimension
from nearhit.report.write import write_report


@pytest.fixture
def record():
    def make(seconds, **coordinates):
        record = a_record("scipy-kdtree")
        cell = replace(record.cell, **({"queries": None} | coordinates))
        timing = replace(record.timing, warm=(Pass(0.0, 0.0, seconds, 1.0),))
        n_queries = cell.queries or record.n_hits
        return replace(record, cell=cell, timing=timing, n_queries=n_queries)

    return make


@pytest.fixture
def certificate(record):
    provenance = replace(record(1.0).provenance, package="annoy")

    def make(started="2026-01-01", index="scipy-kdtree", clauses=None, **broken):
        found = dict.fromkeys(CLAUSES, OK) | broken if clauses is None else clauses
        at = replace(provenance, started=started)
        return Certificate(IndexSpec.parse(index), "angular", 2, "toy", "d" * 16, found, at)

    return make


def test_threads_are_held_against_one(record):
    (section,) = sections([record(3.0, threads=1), record(2.0, threads=2), record(1.0, threads=4)])
    (matrix,) = matrices_of(section)
    assert matrix.heads == (
        "index",
        "1 thread",
        "2 threads",
        "4 threads",
        "p50 µs",
        "p99 µs",
        "cold s",
    )
    (row,) = matrix.rows
    assert row == (
        "scipy-kdtree(leafsize=16)",
        "3 s", "2 s; 1.50 × (75%)", "1 s; 3.00 × (75%)",
        "2000", "2980", "5.10",
    )  # fmt: skip


def test_batches_are_held_against_all_at_once(record):
    (section,) = sections(
        record(seconds, queries=10, batch=batch) for seconds, batch in ((1.0, None), (5.0, 1))
    )
    (matrix,) = matrices_of(section)
    assert matrix.heads == ("index", "1 a call", "all at once")
    assert matrix.rows == (("scipy-kdtree(leafsize=16)", "2", "10"),)
    (chart,) = by_batch(section)
    assert chart.name == "batches-angular-buckets-of-50-2-threads-10-random-queries"
    (line,) = chart.panels[0].series
    assert (line.name, list(line.x), list(line.y)) == ("scipy-kdtree", [1, 10], [2, 10])


def test_dimensions_are_held_against_each_other(record):
    (section,) = sections(
        record(seconds, queries=10, metric=metric)
        for seconds, metric in ((0.1, "angular"), (4.0, "random-625"), (0.2, "random-5"))
    )
    (matrix,) = matrices_of(section)
    assert matrix.heads == ("index", "3 dimensions", "5 dimensions", "625 dimensions")
    assert matrix.rows == (
        ("scipy-kdtree(leafsize=16)", "1 s; 0.750", "2 s; 0.750", "40 s; 0.750"),
    )
    (chart,) = by_dimension(section)
    (line,) = chart.panels[0].series
    assert (list(line.x), list(line.y)) == ([3, 5, 625], [1, 2, 40])
    assert list(line.hollow) == [True] * 3  # recall is .75


def test_only_what_differs_in_one_coordinate_is_compared(record):
    """Buckets of other sizes, other batches and other metrics stand apart."""
    (section,) = sections(
        record(1.0, queries=10, **coordinates)
        for coordinates in (
            {"batch": 1},
            {"batch": None},
            {"batch": 1, "bucket_size": 20},
            {"batch": None, "bucket_size": 20},
            {"batch": None, "metric": "random-5"},
            {"batch": None, "metric": "euclidean"},
        )
    )
    assert sorted((matrix.title, matrix.heads[1:]) for matrix in matrices_of(section)) == [
        (
            "Batches: angular, buckets of 20, 2 threads, 10 random queries",
            ("1 a call", "all at once"),
        ),
        (
            "Batches: angular, buckets of 50, 2 threads, 10 random queries",
            ("1 a call", "all at once"),
        ),
        (
            "Dimensions: buckets of 50, 2 threads, 10 random queries",
            ("3 dimensions", "5 dimensions"),
        ),
    ]


def test_one_measurement_is_no_comparison(record):
    (section,) = sections([record(3.0)])
    assert matrices_of(section) == []


def test_the_newest_whole_certificate_counts(certificate):
    old = certificate("2026-01-01", ties=Status("failed", "so it was"))
    new = certificate("2026-01-02")
    part = certificate("2026-01-03", clauses={"ties": OK})
    assert newest_certificates([new, old, part]) == [new]


def test_a_certificate_older_than_a_clause_has_a_gap(certificate):
    old = certificate(clauses={name: OK for name in CLAUSES if name != "ties"})
    assert newest_certificates([old]) == [old]
    rows = certificate_grid("box", [old]).rows
    assert "ties" not in [row[0] for row in rows]
    rows = certificate_grid("box", [old, certificate()]).rows
    assert {row[0]: row[1:] for row in rows}["ties"] == ("", "✓")


def test_what_a_library_breaks_stands_in_its_rows_and_in_the_matrix(record, certificate, tmp_path):
    held = certificate(ties=Status("failed", "recall 0.5 | of ties"))
    assert held.broken == ("ties",)
    (section,) = sections([record(1.0)], broken_by_library([held]))
    assert [row.breaks for table in section.tables for row in table.rows] == [("ties",)]
    write_report([record(1.0)], tmp_path, [held])
    page = (tmp_path / "tables.md").read_text()
    assert "| ok; breaks ties |" in page
    assert "| ties | ✗ |" in page
    assert "**ties**: recall 0.5 | of ties" in page
    assert "breaks" in (tmp_path / "records.csv").read_text().splitlines()[0]


def test_the_page_says_why_a_clause_was_refused(record, certificate, tmp_path):
    why = Status("skipped", "only in space")
    held = certificate(**{"5 dimensions": why, "12 dimensions": why})
    write_report([record(1.0)], tmp_path, [held])
    page = (tmp_path / "tables.md").read_text()
    assert "| 5 dimensions | – |" in page
    assert "* scipy-kdtree(leafsize=16), 5 dimensions, 12 dimensions: only in space" in page


def test_another_version_is_not_blamed(record, certificate):
    held = certificate(ties=Status("failed", "no"))
    newer = replace(held.provenance, versions={"annoy": "2.0"})
    (section,) = sections([record(1.0)], broken_by_library([replace(held, provenance=newer)]))
    assert [row.breaks for table in section.tables for row in table.rows] == [()]


def test_what_copying_takes_is_shown_where_there_is_a_device(record):
    timing = replace(record(1.0).timing, warm=(Pass(0.0, 0.25, 0.75, 1.0, 0.125),))
    on_gpu = replace(record(1.0, device="cuda"), timing=timing)
    page = tables_page(sections([on_gpu, record(1.0)]), {})
    _, on_cpu, on_device = page.split("\n### ")
    assert "copying s" not in on_cpu
    assert "| copying s |" in on_device
    assert "| 0.125 |" in on_device


def test_a_terminal_says_once_what_could_not_be_run_and_how_to_install_it(record):
    reason = "torch is not installed: pip install 'nearhit[torch]'"
    skipped = [
        replace(
            record(1.0, queries=10, bucket_size=k, index=IndexSpec.parse("torch-brute")),
            status=Status("skipped", reason),
            timing=None,
            quality=None,
            peak_memory_mb=None,
        )
        for k in (20, 30)
    ]
    (section,) = sections([record(1.0), *skipped])
    console = Console(width=200, file=StringIO())
    console.print(summary_table(section))
    shown = console.file.getvalue()
    assert shown.count("torch-brute") == 1
    assert f"torch-brute: skipped: {reason} (2 cells)" in shown
    assert shown.count("s/event") == 1
