"""Grids of lines in the data file of published figures."""

import pytest

from nearhit.errors import BadInputError
from nearhit.reproduction import RequiredCell
from nearhit.reproduction.published import _lines

GRID = {
    "what": "{row}, k={bucket_size}, {column}",
    "series": "{row}",
    "value": ["share_of_at_least", 4, "{histogram}"],
    "tables": [{"bucket_size": 20, "published": [1.0, 2.0]}, {"bucket_size": 50}],
    "rows": [
        {"row": "all", "histogram": "quality.leading_sizes"},
        {"row": "few", "histogram": "quality.leading_sizes", "queries": 10},
    ],
    "columns": [{"column": "any pT"}, {"column": "pT > 1 GeV", "min_pt": 1.0}],
}


def test_a_grid_has_a_line_for_each_table_row_and_column():
    lines = list(_lines(dict(GRID)))
    assert [line.what for line in lines] == [
        f"{row}, k={k}, {column}"
        for k in (20, 50)
        for row in ("all", "few")
        for column in ("any pT", "pT > 1 GeV")
    ]
    assert [line.published for line in lines] == [1.0, 2.0, 1.0, 2.0, None, None, None, None]
    assert lines[3].series == "few"
    assert lines[3].cells == (RequiredCell(bucket_size=20, queries=10, min_pt=1.0),)
    assert lines[3].value.args == (4, "quality.leading_sizes")


def test_cells_of_a_line_differ_in_what_they_say():
    (line,) = _lines(
        {
            "what": "both",
            "value": "efficiency_between",
            "pipeline": "helix in 20 of sphere-grid",
            "cells": [{"min_pt": 0.4}, {"min_pt": 0.9}],
        }
    )
    one = RequiredCell(bucket_size=20, tracker="helix", min_pt=0.4)
    assert line.cells == (one, RequiredCell(bucket_size=20, tracker="helix", min_pt=0.9))


@pytest.mark.parametrize(
    ("key", "error"),
    [
        ({"bucketsize": 20}, TypeError),
        ({"value": "efficiency"}, AttributeError),
        ({"pipeline": "helix in a bucket"}, BadInputError),
    ],
)
def test_a_key_or_function_that_does_not_exist_is_refused(key, error):
    with pytest.raises(error):
        list(_lines({"what": "one", "value": "event_pairs", **key}))
