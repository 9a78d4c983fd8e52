"""Pages do in a real Chromium, from files, what people need of them."""

import csv
import gzip
import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe

from nearhit.contract.certificate import Certificate
from nearhit.records.record import Record
from nearhit.records.store import Store
from nearhit.report.pages import write_pages
from nearhit.report.pareto import pareto_front

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
ROOT = Path(__file__).parents[3]

pytestmark = pytest.mark.slow
KINDS = (
    "index", "tracks", "libraries", "libraries/annoy", "events", "events/toy-dddddddd", "machines",
    "machines/box", "history", "certificates", "data", "definitions",
    "runs/other-8core--toy-dddddddd--abc",
)  # fmt: skip


def texts(page, selector):
    return [" ".join(text.split()) for text in page.locator(selector).all_inner_texts()]


def column(page, table, heading):
    """Return what stands under a heading in the rows that are shown; None across spanned cells."""
    return page.evaluate(
        """([table, heading]) => {
            const found = document.getElementById(table);
            const heads = [...found.tHead.rows[0].cells].map((cell) => cell.textContent.trim());
            const [place, status] = [heads.indexOf(heading), heads.indexOf("status")];
            return [...found.tBodies[0].rows].filter((row) => !row.hidden).map((row) =>
                place < status || row.cells.length === heads.length
                    ? row.cells[place].innerText : null);
        }""",
        [table, heading],
    )


def is_short_for(name, index):
    """Return whether a name is that of an index, perhaps without parameters at their defaults."""
    return set(re.findall(r"[^(),]+", name)) <= set(re.findall(r"[^(),]+", index))


def replaced(one):
    """Return a point whose share has no error."""
    return SimpleNamespace(x=one.x, y=one.y, n_trackable=None)


def head(page, table, name):
    return page.locator(f"#{table} thead").get_by_role("button", name=name, exact=True)


def points(page, number=0):
    """Return the points of a chart, without its front: figures, and where they are on the page."""
    return page.evaluate(
        """(number) => {
            const { chart, canvas } = nearhit.charts[number];
            const box = canvas.getBoundingClientRect();
            return chart.data.datasets.flatMap((set, at) => set.front ? [] :
                chart.getDatasetMeta(at).data.map(({ x, y }, place) => ({
                    left: box.left + x, top: box.top + y,
                    x: set.data[place].x, y: set.data[place].y, index: set.data[place].row.index,
                })));
        }""",
        number,
    )


def limits(page):
    return page.evaluate(
        "(({ x, y }) => [x.min, x.max, y.min, y.max])(nearhit.charts[0].chart.scales)"
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_kind_of_page_can_be_read_by_all(site, visit, kind, scheme):
    page = visit(site / f"{kind}.html", viewport=DESK, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = Axe().run(page, options={"runOnly": tags, "preload": False}).response
    assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []
    passed = {one["id"] for one in found["passes"]}
    assert {"color-contrast", "document-title", "html-has-lang"} <= passed


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_of_charts_stand_out(site, visit, scheme):
    page = visit(site / "index.html", color_scheme=scheme)
    css = page.evaluate(
        """() => { const css = getComputedStyle(document.documentElement);
            return Object.fromEntries(["--ground", "--soft", "--ink",
                ...Array.from({ length: nearhit.COLORS }, (_, place) => `--series-${place}`)]
                .map((name) => [name, css.getPropertyValue(name).trim()])); }"""
    )
    assert len(css) == 11
    for name, color in css.items():
        if name != "--ground":
            least = 4.5 if name in {"--soft", "--ink"} else 3.0
            assert contrast(color, css["--ground"]) >= least, name


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(color):
    shares = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("kind", KINDS)
def test_pages_fit_a_phone(site, visit, kind):
    page = visit(site / f"{kind}.html", viewport=PHONE, has_touch=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    for box in page.locator("main .scroll").all():
        assert box.bounding_box()["width"] <= PHONE["width"]


def test_columns_are_sorted_both_ways_with_gaps_last(site, visit):
    page = visit(site / "index.html")
    page.get_by_role("button", name="Show all").first.click()
    button = head(page, "buckets", "s/event")
    for direction in ("ascending", "descending"):
        button.click()
        cells = column(page, "buckets", "s/event")
        seconds = [float(cell.removeprefix("≈ ").split()[0]) for cell in cells if cell != "–"]
        assert seconds == sorted(seconds, reverse=direction == "descending")
        assert len(set(seconds)) > 5
        assert cells[-2:] == ["–", "–"]
        assert cells.count("–") == 2
        heads = page.locator("#buckets thead th[aria-sort]")
        assert heads.count() == 1
        assert heads.get_attribute("aria-sort") == direction
    head(page, "buckets", "index").click()
    libraries = [name.partition("(")[0] for name in column(page, "buckets", "index")]
    assert libraries == sorted(libraries)  # then by all parameters, of which names leave some out


def test_rows_are_filtered_and_the_chart_with_them(site, visit):
    page = visit(site / "index.html")
    whole = column(page, "buckets", "index")
    assert set(column(page, "buckets", "threads")) == {"2"}
    assert "1 of" not in page.locator(".number").first.inner_text()
    tools = page.locator(".tools").first
    tools.get_by_label("bucket").select_option("20")
    assert set(column(page, "buckets", "bucket")) == {"20"}
    assert len(points(page)) == len(column(page, "buckets", "index")) == 4
    tools.get_by_label("library").select_option("annoy")
    assert {name.partition("(")[0] for name in column(page, "buckets", "index")} == {"annoy"}
    assert page.locator(".number").first.inner_text().startswith("2 of ")
    assert {point["index"].partition("(")[0] for point in points(page)} == {"annoy"}
    page.get_by_role("button", name="Show all").first.click()
    assert len(column(page, "buckets", "index")) == len(whole) + 1
    tools.get_by_label("Find").fill("sigsegv hnsw")
    assert [name.partition("(")[0] for name in column(page, "buckets", "index")] == ["hnswlib"]
    tools.get_by_label("Find").fill("")
    tools.get_by_label("front alone").check()
    on_front = column(page, "buckets", "index")
    assert 0 < len(on_front) < len(whole)
    assert page.locator("#buckets tbody tr.front").count() == len(on_front)


def test_a_view_is_in_the_address_and_can_be_linked(site, visit):
    page = visit(site / "index.html")
    assert page.evaluate("location.hash") == ""
    tools = page.locator(".tools").first
    tools.get_by_label("bucket").select_option("20")
    tools.get_by_label("threads").select_option("")
    tools.get_by_label("Find").fill("kd & tree")
    tools.get_by_label("Find").fill("tree")
    head(page, "buckets", "s/event").click()
    head(page, "buckets", "s/event").click()
    address = page.evaluate("location.href")
    assert "buckets.bucket_size=20" in address
    assert "buckets.threads=" in address
    assert "buckets.sort=-seconds_per_event" in address
    view = column(page, "buckets", "index"), column(page, "buckets", "s/event")
    assert view[0]

    other = visit(site / "index.html")
    assert (column(other, "buckets", "index"), None) != (view[0], None)
    other.goto(address)
    other.reload()
    assert (column(other, "buckets", "index"), column(other, "buckets", "s/event")) == view
    assert len(points(other)) == len(points(page))
    assert other.locator("#buckets th[aria-sort=descending]").count() == 1


def test_an_address_is_followed_while_the_page_is_open(site, visit):
    page = visit(site / "index.html")
    first = column(page, "buckets", "index")
    page.evaluate("location.hash = 'buckets.library=annoy&buckets.front=only&other.library=x'")
    page.wait_for_function("document.querySelector('.front-only').checked")
    assert {name.partition("(")[0] for name in column(page, "buckets", "index")} == {"annoy"}
    page.go_back()
    page.wait_for_function("!document.querySelector('.front-only').checked")
    assert column(page, "buckets", "index") == first
    page.locator(".tools").first.get_by_label("library").select_option("annoy")
    page.evaluate("location.hash = 'main'")  # a place of the page is no view
    assert {name.partition("(")[0] for name in column(page, "buckets", "index")} == {"annoy"}
    page.evaluate("location.hash = 'buckets.library=unheard-of&buckets.sort=nothing'")
    page.wait_for_function("location.hash.includes('unheard-of')")
    assert column(page, "buckets", "index") == first


def test_a_phone_shows_names_and_seconds_without_scrolling(site, visit):
    for name, heads in (
        ("index", ["index", "s/event"]),
        ("tracks", ["tracker", "s/event"]),
        ("history", ["index", "s/event", "× reference"]),
    ):
        page = visit(site / f"{name}.html", viewport={"width": 390, "height": 844})
        shown = page.locator("table.data").first.locator("thead th")
        assert [
            text.split(" ↕")[0].strip() for text in shown.all_inner_texts()[: len(heads)]
        ] == heads
        for place in range(len(heads)):
            box = shown.nth(place).bounding_box()
            assert box["x"] + box["width"] <= 390, f"{name}: {heads[place]}"


def test_failed_cells_say_why(site, visit):
    page = visit(site / "index.html")
    row = page.locator("#buckets tbody tr.failed")
    assert row.is_visible()
    assert "killed by SIGSEGV </script><script>" in row.inner_text()
    assert "nmslib is not installed" in page.locator("#buckets tbody tr.skipped").inner_text()
    assert page.title() == "Results · nearhit"


def test_hovering_tells_what_a_point_is(site, visit):
    page = visit(site / "index.html", viewport=DESK)
    page.locator("figure.chart").first.scroll_into_view_if_needed()
    tip = page.locator(".tip").first
    assert not tip.is_visible()
    for point in points(page)[:3]:
        page.mouse.move(point["left"], point["top"])
        tip.wait_for(state="visible")
        assert is_short_for(tip.locator("strong").inner_text(), point["index"])
        assert f"{point['y']:.4f}" in tip.inner_text()
        assert f"{point['x']:.3g} (" in tip.inner_text()
    page.mouse.move(5, 5)
    tip.wait_for(state="hidden")


def test_a_chart_draws_the_front_of_what_is_shown(site, visit):
    page = visit(site / "index.html")
    front = page.evaluate(
        """() => nearhit.charts[0].chart.data.datasets.filter((set) => set.front)
            .map((set) => set.data.map(({ x, y }) => [x, y]))"""
    )
    (line,) = front
    shown = [SimpleNamespace(x=one["x"], y=one["y"], n_trackable=77) for one in points(page)]
    assert line == [[one.x, one.y] for one in pareto_front(shown, "x", "y")]
    assert 2 <= len(line) < len(pareto_front([replaced(one) for one in shown], "x", "y"))


def test_charts_are_zoomed_by_mouse_wheel_and_buttons(site, visit):
    page = visit(site / "index.html", viewport=DESK)
    figure = page.locator("figure.chart").first
    figure.scroll_into_view_if_needed()
    whole = limits(page)
    box = figure.locator("canvas").bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] + 150, middle[1] + 100, steps=5)
    page.mouse.up()
    assert narrower(limits(page), whole)
    figure.get_by_role("button", name="Reset").click()
    assert limits(page) == whole
    page.mouse.move(*middle)
    page.mouse.wheel(0, -200)  # without Ctrl the page scrolls, and no chart is in the way
    page.wait_for_function("() => true")
    assert limits(page) == whole
    figure.scroll_into_view_if_needed()
    box = figure.locator("canvas").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -200)
    page.wait_for_function(
        "(before) => nearhit.charts[0].chart.scales.x.max < before", arg=whole[1]
    )
    page.keyboard.up("Control")
    figure.get_by_role("button", name="Reset").click()
    figure.get_by_role("button", name="Zoom in").click()
    near = limits(page)
    assert narrower(near, whole)
    figure.get_by_role("button", name="Zoom out").click()
    assert narrower(near, limits(page))


def narrower(one, other):
    ratios = one[1] / one[0] < other[1] / other[0]
    return ratios and one[3] - one[2] < other[3] - other[2]


def test_the_keyboard_does_it_all(site, visit):
    page = visit(site / "index.html", viewport=DESK)
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to the content"
    page.keyboard.press("Enter")
    reached = []
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate("document.activeElement.tagName + document.activeElement.className")
        )
        if reached[-1].startswith("CANVAS"):
            break
    assert reached[-1].startswith("CANVAS")
    assert "SELECTchart-y" in reached
    whole = limits(page)
    page.keyboard.press("ArrowRight")
    said = page.locator(".said").first
    first = said.inner_text()
    leftmost = min(points(page), key=lambda point: point["left"])
    assert is_short_for(first.partition(":")[0], leftmost["index"])
    assert page.locator(".tip").first.is_visible()
    page.keyboard.press("ArrowRight")
    assert said.inner_text() != first
    page.keyboard.press("ArrowLeft")
    assert said.inner_text() == first
    page.keyboard.press("+")
    assert narrower(limits(page), whole)
    page.keyboard.press("0")
    assert limits(page) == whole
    page.keyboard.press("End")
    rightmost = max(points(page), key=lambda point: point["left"])
    assert is_short_for(said.inner_text().partition(":")[0], rightmost["index"])
    page.keyboard.press("Enter")
    assert is_short_for(page.locator("tr:focus th").inner_text(), rightmost["index"])
    head(page, "buckets", "efficiency").focus()
    page.keyboard.press("Enter")
    assert page.locator("#buckets th[aria-sort=ascending]").inner_text().startswith("efficiency")


def test_what_is_focused_is_seen(site, visit):
    page = visit(site / "index.html")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    style = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert style == "solid"


def test_the_rows_shown_can_be_taken_away(site, visit, tmp_path):
    page = visit(site / "index.html")
    page.locator(".tools").first.get_by_label("library").select_option("scipy-kdtree")
    head(page, "buckets", "s/event").click()
    head(page, "buckets", "s/event").click()
    shown = column(page, "buckets", "index")
    taken = {}
    for kind in ("CSV", "JSON"):
        with page.expect_download() as download:
            page.locator(".downloads").first.get_by_role("button", name=kind).click()
        assert download.value.suggested_filename == f"buckets.{kind.lower()}"
        download.value.save_as(tmp_path / kind)
        taken[kind] = (tmp_path / kind).read_text()
    rows = json.loads(taken["JSON"])
    assert len(rows) == len(shown)
    assert all(is_short_for(name, row["index"]) for name, row in zip(shown, rows, strict=True))
    seconds = [row["seconds_per_event"] for row in rows]
    assert seconds == sorted(seconds, reverse=True)
    with (site / "data" / "records.csv").open(newline="") as table:
        every = {(row["record"], row["started"]): row for row in csv.DictReader(table)}
    for row in rows:
        same = every[row["record"], row["started"]]
        assert {key: as_json(text, row[key]) for key, text in same.items()} == row
    read = list(csv.DictReader(taken["CSV"].splitlines()))
    assert [float(row["seconds_per_event"]) for row in read] == seconds
    assert [row["record"] for row in read] == [row["record"] for row in rows]


def as_json(text, alike):
    """Return what CSV has as a value of JSON has it."""
    if isinstance(alike, bool):
        return text == "True"
    if isinstance(alike, int | float):
        return float(text)
    return text or alike


def test_files_beside_the_page_hold_every_record(site, visit):
    """Of a page that is a file itself a browser may open them rather than save them."""
    page = visit(site / "data.html")
    files = {}
    for name in ("records.csv", "records.jsonl.gz"):
        link = page.get_by_role("link", name=name, exact=True)
        files[name] = site / link.get_attribute("href")
        assert files[name].is_file()
    with files["records.csv"].open(newline="") as table:
        rows = list(csv.DictReader(table))
    with gzip.open(files["records.jsonl.gz"], "rt") as lines:
        records = [Record.from_json(line) for line in lines]
    assert {record.identity for record in records} == {row["record"] for row in rows}


def test_history_is_a_line_over_commits_for_each_cell(site, visit):
    page = visit(site / "history.html")
    lines = page.evaluate(
        """() => nearhit.charts[0].chart.data.datasets
            .map((set) => set.data.map(({ x, y }) => [x, y]))"""
    )
    days = "2026-02-01 a", "2026-04-01 abc"
    assert sorted(lines) == sorted([
        [[days[0], pytest.approx(1.53 / 0.78)], [days[1], pytest.approx(2.03 / 0.53)]],
        [[days[0], 1], [days[1], 1]],
    ], key=lambda line: line[0][1] == 1, reverse=True)  # fmt: skip
    assert page.locator("h2").all_inner_texts() == ["Buckets on box"]
    page.locator(".chart-y").select_option("particle efficiency")
    values = page.evaluate("() => nearhit.charts[0].chart.data.datasets[0].data.map(({ y }) => y)")
    assert set(values) <= {0.49, 0.5}


def test_trackers_have_a_table_and_a_front_without_the_oracle(site, visit):
    page = visit(site / "tracks.html")
    assert "60 seconds" in page.locator("#tracks tbody tr.timeout").inner_text()
    shown = dict(
        zip(column(page, "tracks", "tracker"), column(page, "tracks", "score"), strict=True)
    )
    (oracle,) = (score for name, score in shown.items() if name.startswith("oracle"))
    assert oracle == "0.5000"
    front = page.evaluate(
        """() => nearhit.charts[0].chart.data.datasets.find((set) => set.front)
            .data.map(({ row }) => row.tracker_name)"""
    )
    assert front == ["helix", "kalman"]
    assert "follow s" in " ".join(texts(page, "#tracks thead th"))


def test_legends_hide_and_show(site, visit):
    page = visit(site / "index.html")
    button = page.locator(".legend").first.get_by_role("button", name="20", exact=True)
    before = len(points(page))
    button.click()
    assert len(points(page)) == before - 4
    assert button.get_attribute("aria-pressed") == "false"
    button.click()
    assert len(points(page)) == before


def test_a_chart_follows_light_and_dark(site, visit):
    page = visit(site / "index.html", color_scheme="light")
    ink = "nearhit.charts[0].chart.options.color"
    light = page.evaluate(ink)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"(light) => {ink} !== light", arg=light)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_plots_show_the_series_of_their_definition(site, visit, scheme):
    page = visit(site / "index.html", color_scheme=scheme)
    drawn = page.evaluate(
        """() => nearhit.plots.map(({ about, charts }) => [about.panels, charts.map((chart) =>
            chart.data.datasets.map(({ label, data }) => [label, data.map(({ x }) => x)]))])"""
    )
    assert drawn
    for panels, charts in drawn:
        told = [[[one["name"], one["x"]] for one in panel["series"]] for panel in panels]
        assert told == charts
    assert all(box.is_visible() for box in page.locator("figure.plot canvas").all())


def test_without_script_everything_is_there_to_read(site, visit):
    page = visit(site / "index.html", java_script_enabled=False)
    rows = page.locator("#buckets tbody tr")
    assert rows.count() > 10
    assert all(row.is_visible() for row in rows.all())
    assert not page.locator(".tools").first.is_visible()
    assert not page.locator("canvas").first.is_visible()
    assert page.get_by_text("The chart needs JavaScript").first.is_visible()


def test_pages_of_the_committed_records_open(visit, tmp_path):
    results = ROOT / "results"
    certificates = Store(results / "certificates", Certificate)
    folder = tmp_path / "site"
    write_pages(Store(results / "records"), folder, certificates)
    for name in ("index", "history", "certificates", "events", "libraries/annoy"):
        page = visit(folder / f"{name}.html", viewport=PHONE)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        assert page.locator("table tbody tr").count() > 3
