"""Charts of published figures hold their published numbers beside those of records."""

import pytest

from nearhit.reproduction import FIGURES, FigureResult, LineResult
from nearhit.reproduction.charts import figure_charts
from nearhit.reproduction.values import Spread


def drawn(name):
    """Return the series of a figure of which every line has its place as value."""
    lines = tuple(
        LineResult(line, (), Spread(float(place))) for place, line in enumerate(FIGURES[name].lines)
    )
    (chart,) = figure_charts(FigureResult(FIGURES[name], lines))
    (panel,) = chart.panels
    return panel


def test_curves_are_measured_and_published_over_the_same_values():
    measured, published = (one for one in drawn("ceilings").series if one.name == "≥ 80 %, any pT")
    for series in (measured, published):
        assert list(series.x) == [20, 50, 100, 200, 400]
    assert list(measured.y) == [5, 6, 7, 8, 9]
    assert list(published.y) == [0.206, 0.340, 0.449, 0.585, 0.749]
    assert not any(measured.hollow)
    assert all(published.hollow)


def test_a_series_without_a_parameter_is_drawn_above_its_name():
    panel = drawn("bucket-filtering")
    assert panel.x.names == ("all buckets", "10,000 buckets at random")
    assert [list(one.x) for one in panel.series] == [[0] * 10, [1] * 10]


def test_winners_are_points_of_seconds_and_score():
    series = drawn("trackml-winners").series
    points = [(*one.x, *one.y, *one.hollow) for one in series]
    assert points[:2] == [(437.0, 0.92182, True), (72.0, 0.89353, True)]
    assert points[4] == (9.0, 8.0, False)
    assert list(series[0].text) == ["accuracy, first"]


def test_nothing_is_drawn_without_values():
    figure = FIGURES["ceilings"]
    lines = tuple(LineResult(line, (), None, "no record") for line in figure.lines)
    assert list(figure_charts(FigureResult(figure, lines))) == []


@pytest.mark.parametrize("name", [name for name, figure in FIGURES.items() if figure.plot])
def test_every_plot_has_series(name):
    assert any(line.series for line in FIGURES[name].lines)
