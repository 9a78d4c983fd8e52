"""Pages are made from records alone, and nothing in them comes from elsewhere."""

import csv
import gzip
import io
import json
import re
from html.parser import HTMLParser

import pytest

from nearhit.errors import BadInputError
from nearhit.records.record import Record
from nearhit.records.row import row_of
from nearhit.report.columns import COLUMNS, columns_of
from nearhit.report.grid import certificate_grid
from nearhit.report.growth import growth_tables
from nearhit.report.matrices import matrices_of
from nearhit.report.pages import write_pages
from nearhit.report.plots import series_charts
from nearhit.report.section import sections
from nearhit.report.speed_map import speed_maps


class Text(HTMLParser):
    """What people read of a page, its links, and the data in it."""

    def __init__(self, page):
        super().__init__()
        self.words, self.links, self.data, self.tags = [], [], [], []
        self.script = None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        held = dict(attributes)
        self.tags.append((tag, held))
        self.links += [held[name] for name in ("href", "src") if name in held]
        self.script = held.get("class", "") if tag == "script" else None

    def handle_endtag(self, _):
        self.script = None

    def handle_data(self, text):
        if self.script == "table-data":
            self.data.append(json.loads(text))
        elif self.script is None:
            self.words.append(text)


@pytest.fixture(scope="module")
def pages(site):
    return {page.relative_to(site).as_posix(): page.read_text() for page in site.rglob("*.html")}


def rows_in(page):
    return [
        dict(zip(table["keys"], row, strict=True))
        for table in Text(page).data
        for row in table["rows"]
    ]


def test_there_is_a_page_for_each_thing(pages):
    assert {
        "index.html", "tracks.html", "history.html", "certificates.html", "data.html",
        "definitions.html", "libraries.html", "events.html", "machines.html",
        "libraries/annoy.html", "libraries/nmslib.html", "machines/box.html",
        "machines/other-8core.html", "events/toy-dddddddd.html", "events/real-b-eeeeeeee.html",
        "runs/other-8core--toy-dddddddd--abc.html", "runs/box--toy-dddddddd--a.html",
    } <= set(pages)  # fmt: skip


def test_links_lead_to_pages_and_files_of_the_site(site, pages):
    for name, page in pages.items():
        for link in Text(page).links:
            assert not re.match(r"\w+:|//", link), f"{link} in {name} leaves the site"
            here = site / name
            path = link.partition("#")[0]
            target = (here.parent / path).resolve() if path else here.resolve()
            assert target.is_file(), f"{link} in {name} leads nowhere"
            assert site.resolve() in target.parents


OF_REPORTS = {
    *("breaks", "stale", "front", "times_fastest", "exact_share", "default_seconds"),
    *("versions", "seconds_per_stage"),
}
"""What no record gives alone, and what pages write as text."""


def test_every_figure_of_a_page_is_that_of_a_record(pages, records):
    measured = {
        (record.identity, row["seconds_per_event"], row["started"]): row
        for record in records
        for row in [row_of(record).to_json()]
    }
    shown = [row for page in pages.values() for row in rows_in(page)]
    assert {row["record"] for row in shown} == {record.identity for record in records}
    for row in shown:
        of_record = measured[row["record"], row["seconds_per_event"], row["started"]]
        for key in set(of_record) - OF_REPORTS:
            assert row[key] == of_record[key], key


def numbers_in(texts):
    return {number for text in texts for number in re.findall(r"\d+\.\d+(?:e[+-]?\d+)?", text)}


def test_no_number_is_read_that_no_record_gives(pages, records, certificates):
    found = sections(records)
    rows = [row for section in found for row in section.rows]
    columns = columns_of("buckets tracks track-page")
    allowed = [column.text(row) for column in columns for row in rows]
    allowed += [text for row in rows for text in (row.index, str(row.tracker), row.library_version)]
    allowed += [f"{row.load:.2f}" for row in rows] + ["An OS 3.11.0"]
    allowed += [cell for one in found for matrix in matrices_of(one) for cell in _cells(matrix)]
    allowed += [cell for one in growth_tables(found) for cell in _cells(one.grid)]
    allowed += list(_cells(certificate_grid("box", certificates)))
    allowed += [column.meaning for column in COLUMNS]
    charts = [*speed_maps(found), *(chart for one in found for chart in series_charts(one))]
    allowed += [text for chart in charts for text in _words(chart)]
    for name, page in pages.items():
        read = numbers_in(Text(page).words)
        assert read <= numbers_in(allowed), f"{name}: {read - numbers_in(allowed)}"


def _words(chart):
    yield chart.about
    for panel in chart.panels:
        yield panel.y.label
        for row in panel.heat.values if panel.heat else ():
            yield from (f"{value:.3g}" for value in row if value)


def _cells(matrix):
    return [cell for row in matrix.rows for cell in row]


def test_no_table_mixes_machines(pages):
    several = 0
    for page in pages.values():
        for table in Text(page).data:
            machines = {row[table["keys"].index("machine")] for row in table["rows"]}
            assert len(machines) == 1
            several += len(table["rows"]) > 1
    assert several > 5


def test_failed_cells_are_shown_with_their_reasons(pages, records):
    words = " ".join(" ".join(Text(pages["index.html"]).words).split())
    for record in records:
        if record.status.reason and not record.cell.tracker:
            assert record.status.reason in words
    assert "60 seconds" in " ".join(Text(pages["tracks.html"]).words)


def test_hostile_names_are_text(pages):
    for name, page in pages.items():
        tags = [tag for tag, _ in Text(page).tags]
        assert tags.count("title") == 1
        assert "<script>document" not in page, name
        assert "real <b>" not in page, name


def test_files_have_what_the_page_shows(site, pages):
    name = "box--toy-dddddddd--abc"
    shown = {row["record"]: row for row in rows_in(pages["index.html"])}
    as_json = json.loads((site / "data" / f"{name}.json").read_text())
    assert {row["record"]: row for row in as_json} == shown
    as_csv = list(csv.DictReader(io.StringIO((site / "data" / f"{name}.csv").read_text())))
    assert len(as_csv) == len(shown)
    for row in as_csv:
        same = shown[row["record"]]
        assert set(row) == set(same)
        for key, text in row.items():
            expected = "" if same[key] is None else str(same[key])
            assert text == expected, key


def test_raw_records_have_every_repetition(site, records):
    lines = gzip.decompress((site / "data" / "records.jsonl.gz").read_bytes()).decode()
    read = [Record.from_json(line) for line in lines.splitlines()]
    assert {one.identity: one for one in read} == {one.identity: one for one in records}


def test_what_to_take_is_the_fastest_that_finds_enough(pages):
    cards = pages["index.html"].partition("What to take")[2].partition("Shown is")[0]
    found = re.findall(r"<h3>(.*?)</h3>.*?<strong>(?:<a[^>]*>)?(.*?)<", cards, flags=re.DOTALL)
    assert [(heading, name.partition("(")[0]) for heading, name in found] == [
        ("Buckets of 20 hits", "scipy-kdtree"),
        ("Buckets of 50 hits", "scipy-kdtree"),
        ("Tracks", "kalman"),
    ]
    assert "Most: pynndescent" in cards


def test_the_same_records_give_the_same_pages(records, certificates, site, tmp_path):
    write_pages(records, tmp_path / "again", certificates)
    files = [file.relative_to(site) for file in site.rglob("*") if file.is_file()]
    assert files
    for file in files:
        assert (site / file).read_bytes() == (tmp_path / "again" / file).read_bytes(), file


def test_pages_of_before_are_replaced_whole(records, tmp_path):
    folder = tmp_path / "site"
    write_pages(records, folder)
    assert (folder / "libraries" / "pynndescent.html").is_file()
    write_pages([one for one in records if one.cell.index.name != "pynndescent"], folder)
    assert not (folder / "libraries" / "pynndescent.html").exists()
    assert [file.name for file in tmp_path.iterdir()] == ["site"]


def test_a_folder_of_something_else_is_kept(records, tmp_path):
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(BadInputError, match="no page of nearhit's"):
        write_pages(records, tmp_path)
    with pytest.raises(BadInputError, match="no page of nearhit's"):
        write_pages(records, tmp_path / "thesis.tex")
    with pytest.raises(BadInputError, match="cannot be written"):
        write_pages(records, tmp_path / "thesis.tex" / "site")
    assert [file.name for file in tmp_path.iterdir()] == ["thesis.tex"]


def test_what_fails_on_the_way_leaves_the_pages_of_before(records, tmp_path, monkeypatch):
    folder = tmp_path / "site"
    write_pages(records, folder)
    before = (folder / "index.html").read_bytes()

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("nearhit.report.pages.write.data_files", full)
    with pytest.raises(BadInputError, match="No space left on device"):
        write_pages(records[:3], folder)
    assert (folder / "index.html").read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["site"]


def test_no_records_make_no_pages(tmp_path):
    with pytest.raises(BadInputError, match="measure some"):
        write_pages([], tmp_path / "site")
    assert list(tmp_path.iterdir()) == []


def test_pages_of_asv_are_linked_where_they_are(records, tmp_path):
    asv = tmp_path / "results" / "html"
    write_pages(records, tmp_path / "site", asv=asv)
    assert ">asv<" not in (tmp_path / "site" / "index.html").read_text()
    asv.mkdir(parents=True)
    (asv / "index.html").write_text("asv")
    write_pages(records, tmp_path / "site", asv=asv)
    assert 'href="../results/html/index.html"' in (tmp_path / "site" / "index.html").read_text()
    deeper = (tmp_path / "site" / "machines" / "box.html").read_text()
    assert 'href="../../results/html/index.html"' in deeper


def test_few_records_have_pages_too(make_record, failed, tmp_path):
    write_pages([failed(make_record("annoy", 1.0), "failed", "it fell")], tmp_path / "site")
    page = (tmp_path / "site" / "index.html").read_text()
    assert "it fell" in page
    assert "<canvas" not in page
    assert "No tracker was measured" in (tmp_path / "site" / "tracks.html").read_text()
    assert "No cell was measured at two" in (tmp_path / "site" / "history.html").read_text()
    assert "No library was certified" in (tmp_path / "site" / "certificates.html").read_text()


def test_pages_draw_the_charts_that_files_have(site, pages):
    """The map of the newest machine is first, and plots hold the series of their definition."""
    records = [
        Record.from_json(line)
        for line in gzip.decompress((site / "data/records.jsonl.gz").read_bytes()).splitlines()
    ]
    found = sections(records)
    page = pages["index.html"]
    held = re.findall(r'class="plot-data">(.*?)</script>', page, re.DOTALL)
    wanted = [chart.data for chart in series_charts(found[0])]
    assert wanted
    assert [json.loads(one) for one in held] == json.loads(json.dumps(wanted))
    (chart,) = speed_maps(found)[:1]
    (panel,) = chart.panels
    shown = " ".join(Text(page).words)
    assert shown.index(chart.title) < shown.index("What to take")
    for name, values in zip(panel.y.names, panel.heat.values, strict=True):
        assert f">{name}</a></th>" in page
        assert all(value is None or f">{value:.3g}</td>" in page for value in values)
