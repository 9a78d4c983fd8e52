"""Pages are made from records alone, and nothing in them comes from elsewhere."""

import csv
import gzip
import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest

from nearhit.contract import CLAUSES
from nearhit.errors import BadInputError
from nearhit.plugins.registry import adapters
from nearhit.plugins.spec import IndexSpec
from nearhit.records.record import Record
from nearhit.records.row import row_of
from nearhit.report.columns import COLUMNS, columns_of
from nearhit.report.grid import certificate_grid
from nearhit.report.growth import growth_tables
from nearhit.report.matrices import matrices_of
from nearhit.report.pages import write_pages
from nearhit.report.pages.history import MAIN, histories
from nearhit.report.pages.page_table import packed
from nearhit.report.pages.picks import bucket_picks
from nearhit.report.pages.render import marks_of
from nearhit.report.pages.thing_pages import declared
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


HOME = "external noopener"


def values_of(column):
    """Undo what spares a page the values that repeat."""
    if isinstance(column, list):
        return column
    return [column["of"][place] for place in column["at"]] if "at" in column else column["of"]


def tables_in(page):
    """Return the rows of every table."""
    for table in Text(page).data:
        columns = {key: values_of(column) for key, column in table.items()}
        number = len(columns["record"])  # no two rows of a table are of one record
        yield [
            {key: values[place if len(values) > 1 else 0] for key, values in columns.items()}
            for place in range(number)
        ]


def rows_in(page):
    return [row for rows in tables_in(page) for row in rows]


def test_there_is_a_page_for_each_thing(pages):
    assert {
        "index.html", "tracks.html", "history.html", "certificates.html", "data.html",
        "definitions.html", "libraries.html", "events.html", "machines.html",
        "libraries/annoy.html", "libraries/nmslib.html", "machines/box.html",
        "machines/other-8core.html", "events/toy-dddddddd.html", "events/real-b-eeeeeeee.html",
        "runs/other-8core--toy-dddddddd--abc.html", "runs/box--toy-dddddddd--a.html",
    } <= set(pages)  # fmt: skip


def test_links_lead_to_pages_and_files_of_the_site_or_to_a_library(site, pages):
    for name, page in pages.items():
        homes = [held["href"] for tag, held in Text(page).tags if held.get("rel") == HOME]
        assert not homes or (name.startswith("libraries/") and len(homes) == 1)
        for link in set(Text(page).links) - set(homes):
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
    tables = [table for one in histories(found) for table, _ in one.parts]
    allowed += [added.text(row) for one in tables for added in one.added for row in one.rows]
    allowed += [adapter.licence for adapter in adapters().values()]
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
        for rows in tables_in(page):
            assert len({row["machine"] for row in rows}) == 1
            several += len(rows) > 1
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
    shown = {row["record"]: row for row in rows_in(pages["index.html"])}
    as_csv = list(csv.DictReader(io.StringIO((site / "data" / "records.csv").read_text())))
    assert shown.keys() < {row["record"] for row in as_csv}
    for row in as_csv:
        if (same := shown.get(row["record"])) is None or row["commit"] != same["commit"]:
            continue
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
    assert "Most:" not in cards  # one particle more is none


@pytest.mark.parametrize(("n_particles", "told"), [(77, False), (100_000, True)])
def test_most_is_told_only_beyond_the_binomial_error(make_record, n_particles, told):
    rows = [
        replace(row_of(make_record(index, seconds, share)), n_trackable=n_particles)
        for index, seconds, share in (("scipy-kdtree", 0.5, 0.500), ("pynndescent", 4.0, 0.504))
    ]
    (pick,) = bucket_picks(rows)
    assert pick.row.library == "scipy-kdtree"
    assert (pick.best is not None) == told


def test_a_library_says_whose_it_is_and_how_it_is_installed(pages):
    page = pages["libraries/annoy.html"]
    words = " ".join(" ".join(Text(page).words).split())
    for said in ("Apache-2.0", "pip install 'nearhit[annoy]'", "https://github.com/spotify/annoy"):
        assert said in words
    assert "breaks ties (angular)" in words
    assert "answered <otherwise>" in words
    assert "same answer twice" not in words  # what is kept is told by the page of certificates


@pytest.mark.parametrize("name", sorted(set(adapters()) - {"sphere-grid"}))
def test_every_library_has_an_address(name):
    assert re.fullmatch(r"https://[\w./-]+[\w/]", declared(name)["home"])


def test_a_library_that_is_not_known_here_has_a_page(make_record, tmp_path):
    record = make_record("annoy", 1.0, 0.5)
    unknown = replace(record.cell, index=IndexSpec("gone", (("depth", 3),)))
    write_pages([replace(record, cell=unknown)], tmp_path / "site")
    page = (tmp_path / "site" / "libraries" / "gone.html").read_text()
    assert "gone(depth=3)" in "".join(Text(page).words)
    assert "pip install" not in page


def test_settings_of_a_library_are_those_of_the_newest_commit_that_has_many(make_record, tmp_path):
    sweep = [make_record(f"annoy(ntrees={n})", n, 0.1 * n, commit="a") for n in (1, 2, 3, 4)]
    later = make_record("annoy", 9.0, 0.5, commit="abc")
    write_pages([*sweep, later], tmp_path / "site")
    page = (tmp_path / "site" / "libraries" / "annoy.html").read_text()
    assert {row["commit"] for row in rows_in(page)} == {"a"}
    assert {row["parameter ntrees"] for row in rows_in(page)} == {"1", "2", "3", "4"}
    assert "Over its parameters" in page


def test_an_event_shows_the_newest_buckets_and_the_newest_tracks(
    make_record, make_tracked, tmp_path
):
    tracked = make_tracked("kalman", 0.5, 0.9)
    later = replace(
        tracked, provenance=replace(tracked.provenance, commit="later", started="2026-12-01T00")
    )
    write_pages([make_record("annoy", 1.0, 0.5), later], tmp_path / "site")
    words = Text((tmp_path / "site" / "events" / "toy-dddddddd.html").read_text()).words
    assert "Tracks on box" in words
    assert "Buckets on box" in words
    assert "Buckets of 50 hits" in words


def test_history_divides_by_a_reference_of_the_same_commit(records):
    (history,) = histories(sections(records))
    ((table, chart),) = history.parts
    ratio, run, settings = table.added
    seconds = {(row.library, row.commit): row.seconds_per_event for row in table.rows}
    for row in table.rows:
        reference = seconds["scipy-kdtree", row.commit]
        assert ratio.of(row) == pytest.approx(row.seconds_per_event / reference)
        assert run.of(row).split() == [row.started[:10], row.commit]
        assert settings.of(row) == MAIN
    assert chart.x.order == ("2026-02-01 a", "2026-04-01 abc")


def test_history_has_no_ratio_where_the_reference_was_not_measured(make_record):
    cells = {"a": ("scipy-kdtree", "annoy"), "ab": ("scipy-kdtree", "annoy"), "abc": ("annoy",)}
    given = [make_record(name, 1.0, commit=one) for one, names in cells.items() for name in names]
    (history,) = histories(sections(given))
    ((table, _),) = history.parts
    ratios = {(row.library, row.commit): table.added[0].of(row) for row in table.rows}
    assert table.added[0].meaning.endswith(
        "over that of annoy(ntrees=5,search_k=-1) at the same commit"
    )
    assert ratios["scipy-kdtree", "a"] == pytest.approx(1.0)
    given = [one for one in given if (one.cell.index.name, one.provenance.commit) != ("annoy", "a")]
    (history,) = histories(sections(given))
    ((table, _),) = history.parts
    ratios = {(row.library, row.commit): table.added[0].of(row) for row in table.rows}
    assert ratios["annoy", "abc"] is None


def test_stale_rows_are_marked_wherever_they_are_read(make_record, make_tracked, tmp_path):
    given = [make_record("annoy", 1.0, 0.5, commit=one) for one in ("a", "abc")]
    folder = tmp_path / "site"
    write_pages([*given, make_tracked("kalman", 1.0, 0.5)], folder, stale=lambda _: ("old: x",))
    for name in ("index", "tracks", "history", "libraries/annoy", "events/toy-dddddddd"):
        page = (folder / f"{name}.html").read_text()
        rows = page.count("<tr data-row") + page.count('<p class="take">')
        assert rows
        assert page.count('<span class="mark">stale</span>') >= rows, name


@pytest.mark.parametrize(
    ("stale", "disturbed", "marks"),
    [
        ((), None, []),
        ((), False, []),
        (("old",), None, ["stale"]),
        ((), True, ["disturbed"]),
        (("old",), True, ["stale", "disturbed"]),
    ],
)
def test_a_row_is_marked_by_what_warns_of_it(stale, disturbed, marks):
    assert marks_of(SimpleNamespace(stale=stale, disturbed=disturbed)) == marks


def test_clauses_that_nobody_breaks_are_folded(pages):
    shown, _, folded = pages["certificates.html"].partition("<details>")
    assert '<th scope="row">ties</th>' in shown
    assert '<th scope="row">ties</th>' not in folded.partition("</details>")[0]
    assert folded.count('<th scope="row">') >= len(CLAUSES) - 1


@pytest.mark.parametrize(
    ("values", "form"),
    [
        ([1, 1, 1], {"of": [1]}),
        ([1, 2, 3], [1, 2, 3]),
        (["a", "a", None, "a"], {"of": ["a", None], "at": [0, 0, 1, 0]}),
        ([True, 1, True, 1], {"of": [True, 1], "at": [0, 1, 0, 1]}),
    ],
)
def test_values_that_repeat_are_given_once(values, form):
    assert packed(values) == form
    assert list(map(repr, values_of(form) * (3 if form == {"of": [1]} else 1))) == list(
        map(repr, values)
    )


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
