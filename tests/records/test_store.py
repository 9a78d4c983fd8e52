"""Records are kept whole, apart, and for good."""

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace

import pytest
from sample_records import FAILED, a_record

from nearhit.errors import BadInputError
from nearhit.records.record import FORMAT, Record
from nearhit.records.row import row_of
from nearhit.records.store import Store

ROW = (
    "status", "reason", "n_hits", "n_queries", "n_trackable", "build_seconds", "query_seconds",
    "seconds_per_event", "queries_per_second", "bucket_purity", "leading_particle_size",
    "particle_efficiency", "recall", "peak_memory_mb", "threads", "versions",
)  # fmt: skip


@pytest.mark.parametrize("record", [a_record(), FAILED], ids=["ok", "failed"])
def test_a_record_is_read_back_as_it_was(record, strict_json):
    text = record.to_json()
    strict_json(text)
    assert Record.from_json(text) == record
    assert Record.from_json(text).identity == record.identity


def test_a_record_from_before_noise_was_counted_is_read():
    old = json.loads(a_record().to_json()) | {"format": 1}
    del old["sha256"]
    for name in ("leading_sizes_with_noise", "noise_share", "count_seconds"):
        del old["quality"][name]
    record = Record.from_json(json.dumps(old))
    assert record == a_record()


def test_a_record_of_a_newer_format_is_refused():
    text = replace(a_record(), format=FORMAT + 1).to_json()
    with pytest.raises(ValueError, match="newer than this nearhit"):
        Record.from_json(text)


def test_a_row_has_medians_and_scales_what_was_sampled():
    row = row_of(a_record())
    assert set(ROW) <= set(row.to_json())
    assert row.build_seconds == 1.0
    assert row.query_seconds == 3.0
    assert row.queries_per_second == pytest.approx(10 / 3)
    assert row.seconds_per_event == pytest.approx(0.1 + 1.0 + 3.0 * 10)
    assert (row.seconds_per_event_min, row.seconds_per_event_max) == (21.1, 41.1)
    assert row.seconds_per_event_scaled
    assert row.single_query_seconds == 2e-3
    assert row.library_version == "1.0"


def test_a_row_of_what_failed_has_the_same_columns():
    assert list(row_of(FAILED).to_json()) == list(row_of(a_record()).to_json())
    assert row_of(FAILED).reason == "it fell"
    assert row_of(FAILED).seconds_per_event is None


def test_similar_names_do_not_collide():
    """Names made by replacing signs would: search_k=-1 and search_k=1 are two cells."""
    indexes = ["annoy(search_k=-1)", "annoy(search_k=1)", "annoy(ntrees=1)", "annoy(ntrees=11)"]
    assert len({a_record(index).identity for index in indexes}) == len(indexes)


def test_repetitions_are_kept_beside_each_other(tmp_path):
    store = Store(tmp_path)
    first, second = a_record(peak_memory_mb=1.0), a_record(peak_memory_mb=2.0)
    assert first.identity == second.identity
    assert store.add(first) == store.add(second) == tmp_path / "box" / "abc.jsonl"
    assert [record.peak_memory_mb for record in store] == [1.0, 2.0]
    assert store.find(first.cell, first.provenance).peak_memory_mb == 2.0


def test_the_tenth_repetition_is_newer_than_the_ninth(tmp_path):
    store = Store(tmp_path)
    for number in range(1, 12):
        store.add(a_record(peak_memory_mb=float(number)))
    assert [record.peak_memory_mb for record in store] == [float(n) for n in range(1, 12)]
    assert store.find(a_record().cell, a_record().provenance).peak_memory_mb == 11.0


def test_other_versions_are_not_found(tmp_path):
    store = Store(tmp_path)
    store.add(a_record())
    newer = replace(a_record().provenance, versions={"annoy": "1.1"})
    assert store.find(a_record().cell, newer) is None


def test_a_damaged_record_is_named(tmp_path):
    file = Store(tmp_path).add(a_record())
    file.write_text(file.read_text()[:50])
    with pytest.raises(
        BadInputError, match=r"not a readable record .* delete the line and measure"
    ):
        list(Store(tmp_path))


def test_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInputError, match=r"cannot be written .*choose another folder"):
        Store(tmp_path / "file").add(a_record())


def _add_many(folder, worker):
    for number in range(50):
        Store(folder).add(a_record(peak_memory_mb=float(100 * worker + number)))


def test_writers_at_the_same_time_lose_nothing(tmp_path):
    writers = [multiprocessing.Process(target=_add_many, args=(tmp_path, n)) for n in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    kept = sorted(record.peak_memory_mb for record in Store(tmp_path))
    assert kept == [float(100 * worker + number) for worker in range(4) for number in range(50)]


@pytest.mark.parametrize("delay", [0.0, 0.05, 0.3])
def test_a_kill_at_any_moment_leaves_whole_records(tmp_path, delay):
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); from pathlib import Path\n"
        "from sample_records import a_record\n"
        "from nearhit.records.store import Store; print('go', flush=True)\n"
        "while True: Store(Path(sys.argv[2])).add(a_record())"
    )
    tests = os.path.dirname(__file__)  # noqa: PTH120 - a string for the command
    command = [sys.executable, "-c", code, tests, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
        writer.stdout.readline()
        time.sleep(delay)
        writer.send_signal(signal.SIGKILL)
    torn = []
    records = list(Store(tmp_path, unreadable=torn.append))
    assert all(record == a_record() for record in records)
    assert len(torn) <= 1
    if delay:
        assert records
