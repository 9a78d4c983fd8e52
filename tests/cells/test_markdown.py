"""Names, reasons and origins of others stay text in every page."""

from dataclasses import replace

import pytest
from markdown_it import MarkdownIt
from sample_records import a_record

from nearhit.cells.markdown import table_line, without_html
from nearhit.cells.status import Status
from nearhit.compare.page import as_markdown
from nearhit.compare.verdict import Finding
from nearhit.report import sections
from nearhit.report.blocks import insert_tables
from nearhit.report.markdown import tables_page
from nearhit.report.overview import overview

HOSTILE = (
    "<script>alert(1)</script> [x](javascript:alert(1)) <javascript:alert(1)> | a | b "
    "<!-- headline: end --> ![y]( data:text/html,1 ) <img src=x onerror=alert(1)>"
)


def html(markdown):
    return MarkdownIt("commonmark", {"html": True}).enable("table").render(markdown)


def assert_harmless(markdown):
    page = html(markdown)
    for bad in ("<script", "<img src=x", 'href="javascript', 'src="data', 'href="data', "<!--"):
        assert bad not in page, bad


def hostile_records():
    record = a_record(status=Status("failed", HOSTILE), event_recipe={"name": HOSTILE})
    machine = replace(record.provenance.machine, cpu=HOSTILE)
    where = replace(record.provenance, machine=machine)
    cell = replace(record.cell, event=HOSTILE, queries=None)
    return [a_record(), replace(record, provenance=where, cell=cell)]


@pytest.mark.parametrize("page", [tables_page, overview])
def test_nothing_breaks_out_of_a_page(page):
    found = sections(hostile_records())
    assert_harmless(page(found, {}) if page is tables_page else page(found))


def test_nothing_breaks_out_of_an_inserted_block(tmp_path):
    page = tmp_path / "README.md"
    page.write_text("before\n<!-- headline: begin -->\n<!-- headline: end -->\nafter\n")
    found = sections(hostile_records()[1:])
    insert_tables(found, page)
    insert_tables(found, page)
    text = page.read_text()
    assert text.count("<!-- headline: end -->") == 1
    assert text.startswith("before\n<!-- headline: begin -->\n")
    assert text.endswith("\n<!-- headline: end -->\nafter\n")
    assert "alert(1)" in text


def test_nothing_breaks_out_of_a_comment_of_a_comparison():
    finding = Finding(HOSTILE, "seconds", "worse", reason=HOSTILE)
    assert_harmless(as_markdown([HOSTILE], [finding], [HOSTILE]))


def test_own_markup_and_links_stay():
    own = "**1 < 2** [records](records) [a](https://example.org/b) ![p](plots/a-b.png) 3 <4"
    assert without_html(own) == own
    assert table_line(["a|b\nc", "d"]) == r"| a\|b c | d |"
