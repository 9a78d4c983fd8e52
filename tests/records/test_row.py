"""A row: stages add up to the total, and rounds that others disturbed are told."""

from dataclasses import replace
from math import fsum

import pytest
from sample_records import a_record

from nearhit.machine.conditions import Conditions
from nearhit.plugins.spec import TrackerSpec
from nearhit.records.record import Record
from nearhit.records.results import Pass, Round, Tracking
from nearhit.records.row import row_of

QUIET = Conditions(10.0, 1.9, 0.05, 0.0, 3, 2.0)
BUSY = replace(QUIET, other_cores=0.5)


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_stages_add_up_to_the_median(count):
    """Each stage's own median would be of another pass."""
    stages = [(0.1, 5.0, 1.0), (0.2, 1.0, 4.0), (0.4, 2.0, 2.0), (0.3, 1.5, 9.0)][:count]
    warm = tuple(Pass(*each, cores_used=sum(each)) for each in stages)
    record = a_record(n_queries=100)
    row = row_of(replace(record, timing=replace(record.timing, warm=warm)))
    parts = row.project_seconds, row.build_seconds, row.query_seconds
    assert fsum(parts) == pytest.approx(row.seconds_per_event)
    assert row.cores_used == pytest.approx(row.seconds_per_event)
    assert row.queries_per_second == 100 / row.query_seconds


def test_stages_are_of_the_median_of_the_time_that_is_scaled_to_all_hits():
    warm = tuple(Pass(0.0, *each, cores_used=1.0) for each in ((9.0, 1.0), (5.0, 2.0), (1.0, 3.0)))
    record = a_record(n_queries=10)  # of 100 hits
    row = row_of(replace(record, timing=replace(record.timing, warm=warm)))
    assert (row.seconds_per_event, row.build_seconds, row.query_seconds) == (25.0, 5.0, 2.0)


def test_stages_of_a_pipeline_add_up_to_its_median():
    names = ("project", "build", "query", "seed", "follow")
    warm = ((1, 1, 1, 7, 2), (1, 2, 3, 1, 1), (3, 1, 1, 1, 3))
    tracking = Tracking(
        None,
        tuple(dict(zip(names, map(float, one), strict=True)) for one in warm),
        *(9, 50.0, {}, 9, 90, 0.5),
    )
    cell = replace(a_record().cell, tracker=TrackerSpec.parse("kalman"))
    row = row_of(a_record(cell=cell, tracking=tracking))
    assert row.seconds_per_event == 9.0
    assert fsum(row.seconds_per_stage.values()) == 9.0 + row.seconds_per_stage["score"]
    assert row.seconds_per_stage["follow"] == 3.0


@pytest.mark.parametrize(
    ("others", "disturbed"),
    [
        ((), None),
        ((0.01, 0.01), False),
        ((0.01, 0.9), True),
        ((None, 0.01), False),
        ((None, 0.9), True),
        ((None, None), None),
    ],
)
def test_one_disturbed_round_marks_the_row(others, disturbed):
    rounds = tuple(
        Round(number, 1.0, cores, None if cores is None else 0.0)
        for number, cores in enumerate(others, 1)
    )
    record = a_record(rounds=rounds, conditions=None)
    row = row_of(record)
    assert (row.rounds, row.disturbed) == (len(others) or None, disturbed)
    assert Record.from_json(record.to_json()) == record


@pytest.mark.parametrize(("conditions", "disturbed"), [(QUIET, False), (BUSY, True), (None, None)])
def test_passes_back_to_back_are_judged_by_the_conditions_of_the_cell(conditions, disturbed):
    assert row_of(a_record(conditions=conditions)).disturbed is disturbed
    quiet = (Round(1, 1.0, 0.0, 0.0),)
    assert row_of(a_record(conditions=conditions, rounds=quiet)).disturbed is False
