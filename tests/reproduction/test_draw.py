"""Plots of published figures show their published numbers beside those of records."""

import numpy as np
import pytest

from nearhit.reproduction import FIGURES, FigureResult, LineResult
from nearhit.reproduction.draw import draw
from nearhit.reproduction.values import Spread


def drawn(name):
    """Draw a figure of which every line has its place as value."""
    lines = tuple(
        LineResult(line, (), Spread(float(place))) for place, line in enumerate(FIGURES[name].lines)
    )
    ((_, figure),) = draw(FigureResult(FIGURES[name], lines))
    (axes,) = figure.axes
    return axes


def test_curves_are_measured_and_published_over_the_same_values():
    curves = {line.get_label(): line for line in drawn("ceilings").lines}
    measured = curves["≥ 80 %, any pT, measured"]
    published = curves["≥ 80 %, any pT, published"]
    for curve in (measured, published):
        np.testing.assert_array_equal(curve.get_xdata(), [20, 50, 100, 200, 400])
    np.testing.assert_array_equal(measured.get_ydata(), [5, 6, 7, 8, 9])
    np.testing.assert_array_equal(published.get_ydata(), [0.206, 0.340, 0.449, 0.585, 0.749])
    assert measured.get_color() == published.get_color()


def test_a_series_without_a_parameter_is_drawn_above_its_name():
    axes = drawn("bucket-filtering")
    axes.figure.canvas.draw()
    assert [tick.get_text() for tick in axes.get_xticklabels()] == [
        "all buckets",
        "10,000 buckets at random",
    ]
    assert [len(line.get_xdata()) for line in axes.lines] == [10, 10]


def test_winners_are_points_of_seconds_and_score():
    axes = drawn("trackml-winners")
    points = [(*line.get_xdata(), *line.get_ydata()) for line in axes.lines]
    assert points[:2] == [(437.0, 0.92182), (72.0, 0.89353)]
    assert points[4] == (9.0, 8.0)
    assert axes.texts[0].get_text() == "accuracy, first"


def test_nothing_is_drawn_without_values():
    figure = FIGURES["ceilings"]
    lines = tuple(LineResult(line, (), None, "no record") for line in figure.lines)
    assert list(draw(FigureResult(figure, lines))) == []


@pytest.mark.parametrize("name", [name for name, figure in FIGURES.items() if figure.plot])
def test_every_plot_has_series(name):
    assert any(line.series for line in FIGURES[name].lines)
