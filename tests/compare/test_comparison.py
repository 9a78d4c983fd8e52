"""Records are compared without measuring."""

from dataclasses import replace

import pytest
from sample_records import FAILED, a_record

from nearhit.compare import COMPARED, Comparison, Thresholds
from nearhit.compare.comparison import records_in
from nearhit.compare.page import exit_code
from nearhit.errors import BadInputError
from nearhit.records.store import Store


@pytest.fixture
def folders(tmp_path):
    def write(before, after):
        for name, records in (("before", before), ("after", after)):
            store = Store(tmp_path / name / "records")
            for record in records:
                store.add(record)
        return Comparison.of_records(tmp_path / "before", tmp_path / "after")

    return write


def rows_of(held, *figures):
    return held.judged(figures or tuple(COMPARED), Thresholds())


def slower(record, share):
    timing = record.timing
    warm = tuple(replace(one, query_seconds=one.query_seconds * (1 + share)) for one in timing.warm)
    return replace(record, timing=replace(timing, warm=warm))


def test_one_record_a_side_is_too_few_for_times_and_enough_for_quality(folders):
    better = replace(a_record().quality, recall=0.8)
    held = folders([a_record()], [replace(a_record(), quality=better)])
    verdicts = {row.figure: row.verdict for row in rows_of(held)}
    assert verdicts["seconds"] == "unclear"
    assert verdicts["recall_loss"] == "better"
    assert verdicts["impurity"] == "same"
    assert exit_code(rows_of(held)) == 2
    assert exit_code(rows_of(held, "recall_loss", "impurity")) == 0


def test_repeated_records_are_tested(folders):
    noise = (0.0, 0.01, -0.01, 0.005, 0.002, -0.004)
    before = [slower(a_record(), share) for share in noise]
    after = [slower(a_record(), share + 0.2) for share in noise]
    held = folders(before, after)
    (row,) = rows_of(held, "seconds")
    assert (row.verdict, row.n) == ("worse", (6, 6))
    assert row.change == pytest.approx(0.2 * 3 / 4.1, abs=0.02)
    assert exit_code(rows_of(folders([], []), "seconds")) == 1


def test_times_of_two_machines_are_not_held_together(folders):
    machine = replace(a_record().provenance.machine, name="tub")
    elsewhere = replace(a_record().provenance, machine=machine)
    held = folders([a_record()], [replace(a_record(), provenance=elsewhere)])
    rows = {row.figure: row for row in rows_of(held)}
    assert rows["seconds"].reason == "taken on box and tub"
    assert rows["impurity"].verdict == "same"


def test_cells_of_one_side_alone(folders):
    held = folders([a_record("annoy")], [a_record("hnswlib")])
    assert [(row.verdict, row.reason) for row in rows_of(held)] == [
        ("unclear", "only in A"),
        ("new", "only in B"),
    ]


def test_what_failed_on_both_sides_was_not_asked(folders):
    held = folders([FAILED, a_record("hnswlib")], [FAILED, a_record("hnswlib")])
    verdicts = [row.verdict for row in rows_of(held, "impurity")]
    assert sorted(verdicts) == ["same", "skipped"]
    assert exit_code(rows_of(held, "impurity")) == 0


def test_what_fails_from_now_on_is_no_result(folders):
    rows = rows_of(folders([a_record()], [FAILED]))
    assert [(row.verdict, row.reason) for row in rows] == [("failed", "B: failed: it fell")]


def test_folders_without_records_and_files_that_are_none(tmp_path):
    with pytest.raises(BadInputError, match="holds no records"):
        records_in(tmp_path)
    (tmp_path / "x.json").write_text("{}")
    with pytest.raises(BadInputError, match="line 1, is not a readable record"):
        records_in(tmp_path)
