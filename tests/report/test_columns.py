"""A column is defined once: one row in a table from which everything that shows it is made."""

from dataclasses import fields

import pytest
from sample_records import FAILED, a_record

from nearhit.records.row import Row, row_of
from nearhit.report import columns
from nearhit.report.columns import Column, flat
from nearhit.report.markdown import definitions
from nearhit.report.pages import write_pages
from nearhit.report.write import write_report


def test_every_attribute_of_a_row_is_a_column_and_every_column_has_a_value():
    names = [column.name for column in columns.COLUMNS]
    assert len(set(names)) == len(names)
    assert {field.name for field in fields(Row)} - {"seconds_per_stage"} <= set(names)
    for record in (a_record(), FAILED):
        assert all(
            value is None or isinstance(value, (str, int, float))
            for value in flat(row_of(record)).values()
        )


@pytest.mark.parametrize("column", columns.COLUMNS, ids=lambda column: column.name)
def test_a_column_says_what_it_means(column):
    assert column.meaning
    assert column.better in {"", "less", "more"}
    assert column.shown in columns.SHOWN
    assert bool(column.tables) <= bool(column.heading)
    known = {"buckets", "tracks", "bucket-page", "track-page", "chains", "history", "headline"}
    assert set(column.tables.split()) <= known


def test_a_new_column_is_one_row_of_the_table(monkeypatch, tmp_path):
    added = Column("hits_per_second", "1/s", "more", "hits/s", ".2f", "buckets", "", "hits / time")
    monkeypatch.setattr(columns, "COLUMNS", (*columns.COLUMNS, added))
    value = {"hits_per_second": lambda row: row.n_hits / row.seconds_per_event}
    monkeypatch.setattr(columns, "VALUES", {**columns.VALUES, **value})
    record = a_record()
    shown = f"{record.n_hits / row_of(record).seconds_per_event:.2f}"
    write_report([record], tmp_path)
    page = (tmp_path / "tables.md").read_text()
    assert "| hits/s |" in page
    assert f" {shown} |" in page
    assert "| hits/s | hits / time |" in definitions("buckets")
    assert "hits_per_second" in (tmp_path / "records.csv").read_text().splitlines()[0].split(",")
    write_pages([record], tmp_path / "pages")
    page = (tmp_path / "pages" / "index.html").read_text()
    assert f'<td class="num">{shown}</td>' in page
    assert '"hits_per_second"' in page
