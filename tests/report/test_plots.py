"""What plots hold: bars, maps, lines and names."""

from dataclasses import replace
from itertools import pairwise

import pytest
from sample_records import a_record

from nearhit.plugins.spec import IndexSpec
from nearhit.records.results import Pass
from nearhit.report import sections
from nearhit.report.chart import Axis, Chart, Heat, Panel, Series
from nearhit.report.drawing import draw
from nearhit.report.plots import growth, recalls
from nearhit.report.row_chart import front_chart, growth_chart
from nearhit.report.speed_bars import speed_bars
from nearhit.report.speed_map import speed_maps
from nearhit.report.sweeps import swept


def record(index, seconds, efficiency=0.25, recall=1.0, **coordinates):
    one = a_record(index.partition("(")[0])
    cell = replace(one.cell, index=IndexSpec.parse(index), queries=None, **coordinates)
    figures = one.quality.figures | {"particle_efficiency": efficiency}
    return replace(
        one,
        cell=cell,
        n_queries=one.n_hits,
        timing=replace(one.timing, warm=(Pass(0.0, 0.0, seconds, 1.0),)),
        quality=replace(one.quality, figures=figures, recall=recall),
    )


@pytest.fixture
def section():
    (found,) = sections(
        [
            record("annoy(ntrees=1)", 1.0, 0.2, 0.8),
            record("annoy(ntrees=5)", 2.0, 0.24, 0.97),
            record("annoy(ntrees=6)", 3.0, 0.24, 0.97),
            record("scipy-kdtree", 0.5),
        ]
    )
    return found


def test_bars_are_in_order_of_time_exact_and_approximate_apart(section):
    chart = speed_bars(section.of_buckets)
    (panel,) = chart.panels
    exact, approximate = panel.series
    assert panel.y.names == ("scipy-kdtree", "annoy")
    assert (exact.name, list(exact.x), list(exact.y)) == ("exact", [0.5], [0])
    assert (approximate.name, list(approximate.x), list(approximate.y)) == (
        "approximate",
        [1.0],
        [1],
    )
    assert list(exact.text) == ["0.5 s, 100.0%"]
    assert list(approximate.text) == ["1 s, 80.0%"]


def test_a_map_holds_times_slower_than_the_fastest_of_enough_recall():
    other = {"event": "other", "event_digest": "e" * 16}
    records = [
        record("scipy-kdtree", 0.5),
        record("annoy(ntrees=1)", 0.1, recall=0.5),
        record("annoy(ntrees=5)", 2.0),
        record("scipy-kdtree", 3.0, **other),
        record("annoy(ntrees=5)", 1.0, **other),
        record("hnswlib", 0.1, recall=0.5, **other),
    ]
    (chart,) = speed_maps(sections(records))
    (panel,) = chart.panels
    found = dict(zip(panel.y.names, panel.heat.values, strict=True))
    assert sorted(panel.x.names) == ["other, k=50", "toy, k=50"]
    place = panel.x.names.index("toy, k=50")
    assert [values[place] for name, values in sorted(found.items())] == [4.0, None, 1.0]
    assert [values[1 - place] for name, values in sorted(found.items())] == [1.0, None, 3.0]
    assert panel.y.names[-1] == "hnswlib"
    assert speed_maps(sections(records[:3])) == []  # one column is a table


def test_settings_are_on_the_front_of_their_library_and_named_once(section):
    (chart,) = swept(section)
    annoy, scipy = chart.panels[0].series
    assert list(annoy.x) == [1.0, 2.0]  # the slower of two with one efficiency is left out
    assert list(annoy.y) == pytest.approx([0.2, 0.04])
    assert list(annoy.text) == ["annoy", ""]
    assert (list(scipy.x), list(scipy.y)) == ([0.5], [1e-4])
    (default,) = sections([record("annoy(ntrees=5)", 2.0), record("scipy-kdtree", 0.5)])
    assert list(swept(default)) == []  # one setting a library


def test_exact_answers_stand_at_the_edge_of_recall(section):
    (chart,) = recalls(section)
    found = {one.name: list(one.y) for one in chart.panels[0].series}
    assert found["scipy-kdtree"] == [1e-7]
    assert sorted(found["annoy"]) == pytest.approx([0.03, 0.03, 0.2])


def test_a_front_is_a_line_with_names_in_files_and_a_key_on_pages(section):
    (table,) = section.tables
    (definition,) = front_chart(table.rows)
    chart = definition.drawn("front", "toy", table.rows, lambda row: row.library)
    line, annoy, scipy = chart.panels[0].series
    assert (line.mark, line.faint, list(line.x)) == ("steps", True, [0.5])
    assert list(scipy.text) == ["scipy-kdtree"]
    assert not any(annoy.text)
    assert definition.data["x"]["key"] == "seconds_per_event"
    assert definition.data["front"]


def test_lines_of_whole_events_join_events_of_any_size(section):
    row = replace(section.rows[0], tracker="kalman(min_hits=4)")
    assert "bucket_size" not in growth_chart([row], {}).lines
    assert {"tracker", "looks_in"} <= set(growth_chart([row], {}).lines)
    assert {"index", "bucket_size"} <= set(growth_chart(section.rows, {}).lines)


def test_of_many_lines_the_best_anywhere_are_in_colour():
    from nearhit.report.growth import Growth, GrowthTable

    events = (100, 1_000, 10_000)
    libraries = ("annoy", "scipy-kdtree", "pykdtree", "hnswlib", "faiss-ivf", "faiss-hnsw",
                 "sphere-grid", "usearch", "voyager")  # fmt: skip
    growths = []
    for place, library in enumerate(libraries):
        made = [
            replace(record(library, (place + 1) * n / 1e4), n_hits=n, n_queries=n) for n in events
        ]
        rows = [row for one in made for section in sections([one]) for row in section.rows]
        growths.append(Growth(library, tuple(rows), ((1.0, 0.0), None, None)))
    chart = growth(GrowthTable("toy", "toy", {}, tuple(growths)))
    series = chart.panels[0].series
    assert [one.name for one in series if not one.faint] == [
        "annoy: exponent\N{NO-BREAK SPACE}1.00"
    ]
    assert list(series[0].x) == list(events)


def test_names_of_points_do_not_lie_over_each_other():
    points = [(1.0 + place / 100, 1.0) for place in range(6)]
    series = Series.of("one", points, "points", text=[f"a long name {n}" for n in range(6)])
    panel = Panel(Axis(limits=(0, 2)), Axis(limits=(0, 2)), (series,))
    figure = draw(Chart("toy", "toy", (panel,)))
    boxes = [text.get_window_extent() for text in figure.axes[0].texts]
    assert len(boxes) > 2
    assert not any(
        one.overlaps(other) for place, one in enumerate(boxes) for other in boxes[:place]
    )


def test_names_at_the_ends_of_lines_are_moved_apart():
    lines = tuple(Series.of(f"line {n}", [(1, 1 + n / 1e3), (2, 1.0)], "line") for n in range(9))
    figure = draw(Chart("toy", "toy", (Panel(Axis(), Axis(log=True), lines),), ends=True))
    places = sorted(text.get_position()[1] for text in figure.axes[0].texts)
    gaps = [high - low for low, high in pairwise(places)]
    assert len(places) == 9
    assert min(gaps) > 0.02
    assert not figure.legends


def test_a_chart_is_ready_for_json(strict_json):
    import json

    panel = Panel(Axis("x"), Axis("y"), heat=Heat(((1.0, None), (10.0, 100.0)), "times"))
    chart = Chart("toy", "toy", (panel,))
    assert [panel.heat.shade(value) for value in (1.0, 10.0, 100.0)] == pytest.approx([0, 0.5, 1])
    content = strict_json(json.dumps(chart.data, allow_nan=False))
    assert content["panels"][0]["heat"]["values"] == [[1.0, None], [10.0, 100.0]]
