"""What goes wrong in a library costs its own cells only, and the record says why."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from dataclasses import replace

import numpy as np
import psutil
import pytest

from nearhit.cells.cell import Cell
from nearhit.errors import BadInputError
from nearhit.measure import course
from nearhit.measure.runner import Protocol, provenance_of, run_cells
from nearhit.measure.sweep import marker_of, now
from nearhit.measure.worker import Limits, Worker
from nearhit.quality import Trackable
from nearhit.records.row import row_of
from nearhit.records.store import Store

FAULTY = """
    import ctypes, gc, os, sys, time
    import numpy as np
    from nearhit.adapter import Setting, adapter, parameter
    from nearhit.data.event import Truth, Particles

    def crash(points, k):
        ctypes.string_at(0)

    def abort(points, k):
        print("libfaulty: assertion n > 0 failed", file=sys.stderr, flush=True)
        os.abort()

    def leave(points, k):
        os._exit(3)

    def hang(points, k):
        while True:
            time.sleep(0.01)

    def hang_in_c(points, k):
        ctypes.PyDLL(None).sleep(600)  # holds the interpreter's lock

    def hoard(points, k):
        kept = []
        while True:
            kept.append(np.ones(10_000_000))

    def throw(points, k):
        raise ArithmeticError("no  neighbours\\ntoday")

    def repeat(points, k):
        return np.zeros((len(points), k), np.int32)

    def outside(points, k):
        return np.full((len(points), k), 10**6)

    def reshape(points, k):
        return np.zeros((len(points), k + 1), np.int32)

    def spy(points, k):
        seen = [one for one in gc.get_objects() if isinstance(one, (Truth, Particles))]
        if seen:
            raise AssertionError("the truth is here")
        return well(points, k)

    def well(points, k):
        return np.argsort(((points[:, None] - Faulty.indexed) ** 2).sum(axis=2), axis=1)[:, :k]

    def thirty(points, k):
        if len(points) > 30:
            raise ArithmeticError(f"asked for {len(points)} at once")
        return well(points, k)

    def busy(points, k):
        end = time.thread_time() + 0.3 * (len(points) > 1)  # the single queries are not the point
        while time.thread_time() < end:
            pass
        return well(points, k)

    passes = []

    def crash_at_third(points, k):
        if len(points) > 1:
            passes.append(k)
        if len(passes) == 3:
            os._exit(3)
        return well(points, k)

    def large(points, k):
        kept = np.ones(40 * 2**17)
        return well(points, k)

    @adapter
    class Faulty:
        name = "faulty"
        package = "faulty"
        extra = None
        distances = {"euclidean": 2}
        exact = True
        licence = "MIT"
        repeatable = "always"
        threaded = "query"
        exhaustive = True
        compiles = False
        setting: Setting
        fault: str = parameter("well", "what goes wrong")

        def build(self, points):
            Faulty.indexed = points

        def query(self, points, k):
            return globals()[self.fault](points, k)
"""

ABSENT = """
    from nearhit.adapter import Setting, adapter

    @adapter
    class Absent:
        name = "absent"
        package = "no-such-distribution"
        extra = None
        distances = {"euclidean": 2}
        exact = True
        licence = "MIT"
        repeatable = "always"
        threaded = "query"
        exhaustive = True
        compiles = False
        setting: Setting
        def build(self, points): ...
        def query(self, points, k): ...
"""


@pytest.fixture
def faulty(install):
    install("faulty", FAULTY)


def cell(event, index, **coordinates):
    return Cell.of(event, index=index, metric="euclidean", bucket_size=8, threads=1, **coordinates)


def outcomes(event, *indexes, protocol=None, store=None):
    cells = [cell(event, index) for index in indexes]
    return run_cells(event, cells, store, protocol or Protocol(1))


@pytest.mark.parametrize(
    ("fault", "outcome", "reason"),
    [
        ("crash", "failed", "killed by SIGSEGV"),
        ("abort", "failed", "killed by SIGABRT; the end of its stderr: libfaulty: assertion n > 0"),
        ("leave", "failed", "ended with exit code 3"),
        ("throw", "failed", "ArithmeticError: no neighbours today"),
        ("repeat", "failed", "faulty returned one hit twice in a bucket (query 0)"),
        ("outside", "failed", "faulty returned a row number outside of the event (query 0)"),
        ("reshape", "failed", "TypeError: faulty(fault=reshape) answered int32 of shape"),
    ],
)
@pytest.mark.usefixtures("faulty")
def test_a_fault_costs_its_own_cell_and_says_why(toy_event, fault, outcome, reason):
    bad, good = outcomes(toy_event, f"faulty(fault={fault})", "faulty")
    assert bad.status.outcome == outcome
    assert reason in bad.status.reason
    assert bad.timing is bad.quality is bad.peak_memory_mb is None
    assert str(good.status) == "ok"


@pytest.mark.parametrize("fault", ["hang", "hang_in_c"])
@pytest.mark.usefixtures("faulty")
def test_a_hang_ends_at_the_limit(toy_event, fault):
    protocol = Protocol(1, Limits(timeout_seconds=15))
    bad, good = outcomes(toy_event, f"faulty(fault={fault})", "faulty", protocol=protocol)
    assert bad.status.outcome == "timeout"
    assert bad.status.reason == "not done after 15 s"
    assert str(good.status) == "ok"


@pytest.mark.usefixtures("faulty")
def test_memory_without_end_ends_at_the_limit(toy_event):
    protocol = Protocol(1, Limits(memory_mb=800))
    bad, good = outcomes(toy_event, "faulty(fault=hoard)", "faulty", protocol=protocol)
    assert bad.status.outcome == "failed"
    assert "MemoryError" in bad.status.reason
    assert str(good.status) == "ok"


def test_what_is_not_installed_is_skipped_with_the_mend(toy_event, install):
    install("brought", ABSENT)
    absent, present = outcomes(toy_event, "absent", "scipy-kdtree")
    assert absent.status.outcome == "skipped"
    assert "not installed: pip install 'no-such-distribution'" in absent.status.reason
    assert present.status.outcome == "ok"


def test_a_metric_that_a_library_lacks_is_skipped(toy_event):
    lacking = Cell.of(toy_event, index="scipy-kdtree", metric="dot", bucket_size=5)
    (record,) = run_cells(toy_event, [lacking])
    assert str(record.status) == (
        "skipped: scipy-kdtree has no dot distance, only euclidean, manhattan"
    )


@pytest.mark.usefixtures("faulty")
def test_the_truth_never_reaches_an_index(toy_event, make_particles):
    event = replace(toy_event, particles=make_particles([2**60 + 1], [1.0]))
    (record,) = outcomes(event, "faulty(fault=spy)")
    assert record.status.outcome == "ok", record.status
    assert record.quality.n_trackable == 40


@pytest.mark.usefixtures("faulty")
def test_what_is_measured_is_what_was_spent(toy_event):
    protocol = Protocol(2)
    busy, large, well = outcomes(
        toy_event, "faulty(fault=busy)", "faulty(fault=large)", "faulty", protocol=protocol
    )
    assert len(busy.timing.warm) == 2
    for one in filter(None, (busy.timing.cold, *busy.timing.warm)):
        assert one.query_seconds >= 0.3
        assert one.cores_used * (one.build_seconds + one.query_seconds) >= 0.3
        assert one.cores_used < 1.5
    assert large.peak_memory_mb - well.peak_memory_mb == pytest.approx(40, abs=15)


@pytest.mark.usefixtures("faulty")
def test_cells_of_one_table_are_measured_in_rounds(toy_event, tmp_path):
    store, seen = Store(tmp_path), []
    cells = [cell(toy_event, "faulty", seed=seed) for seed in range(3)]
    records = run_cells(
        toy_event, cells, store, Protocol(3),
        lambda record: seen.append(record.cell),
        lambda cell, number: seen.append((number, cell)),
    )  # fmt: skip
    for number in (1, 2):
        assert sorted(seen[3 * number - 3 : 3 * number], key=repr) == [
            (number, one) for one in cells
        ]
    assert {one for one in seen[6:] if isinstance(one, tuple)} == {(3, one) for one in cells}
    assert {one for one in seen[6:] if not isinstance(one, tuple)} == set(cells)
    for record in records:
        assert [one.number for one in record.rounds] == [1, 2, 3]
        assert len(record.timing.warm) == 3
        for one, timed in zip(record.rounds, record.timing.warm, strict=True):
            assert one.seconds >= timed.seconds
        assert row_of(record).rounds == 3
    assert list(store) == sorted(records, key=lambda record: seen.index(record.cell))


@pytest.mark.usefixtures("faulty")
def test_a_crash_in_a_later_round_costs_its_own_cell(toy_event, monkeypatch):
    """The process that follows makes a cold pass again, which is not among the warm ones."""
    monkeypatch.setattr(course, "is_disturbed", lambda *_: False)  # no pass is made again
    protocol, told = Protocol(3), []
    cells = [cell(toy_event, "faulty(fault=crash_at_third)"), cell(toy_event, "faulty")]
    bad, good = run_cells(
        toy_event, cells, protocol=protocol, tell=lambda *passed: told.append(passed)
    )
    assert str(bad.status) == "failed: its process ended with exit code 3"
    assert bad.rounds == ()
    assert bad.conditions.seconds > 0
    assert (cells[0], 2) in told or (cells[0], 3) in told
    assert str(good.status) == "ok"
    assert len(good.timing.warm) == len(good.rounds) == 3


@pytest.mark.usefixtures("faulty")
def test_an_interrupted_table_loses_its_rounds_and_no_record(toy_event, tmp_path):
    store = Store(tmp_path)
    tables = [[cell(toy_event, "faulty", queries=number, seed=seed) for seed in range(2)]
              for number in (10, 20)]  # fmt: skip

    def stop_in_the_second(cell, number):
        if cell in tables[1] and number == 2:
            raise KeyboardInterrupt

    every = [*tables[0], *tables[1]]
    with pytest.raises(KeyboardInterrupt):
        run_cells(toy_event, every, store, Protocol(2, again=True), tell=stop_in_the_second)
    finished = list(store)
    assert {record.cell for record in finished} == set(tables[0])
    records = run_cells(toy_event, every, store, Protocol(2, again=True))
    assert all(record in finished for record in records[:2])
    assert [len(record.rounds) for record in records[2:]] == [2, 2]
    assert len(list(store)) == 4


def test_only_the_first_pass_with_a_metric_is_cold(toy_event):
    cells = [
        Cell.of(toy_event, index="scipy-kdtree", metric=metric, bucket_size=k, threads=1)
        for metric in ("angular", "manhattan")
        for k in (5, 6)
    ]
    records = run_cells(toy_event, cells)
    assert [record.timing.cold is not None for record in records] == [True, False, True, False]
    assert all(len(record.timing.warm) == Protocol().repetitions for record in records)


def test_queries_in_batches_give_the_same_buckets(toy_event):
    cells = [
        Cell.of(toy_event, index="scipy-kdtree", bucket_size=8, queries=100, batch=batch)
        for batch in (None, 1, 30, 1000)
    ]
    records = run_cells(toy_event, cells, protocol=Protocol(1))
    assert all(record.status.outcome == "ok" for record in records)
    qualities = [replace(record.quality, count_seconds=None) for record in records]
    assert all(quality == qualities[0] for quality in qualities)
    assert [row_of(record).batch for record in records] == [None, 1, 30, 1000]


@pytest.mark.usefixtures("faulty")
def test_a_library_is_asked_for_a_batch_in_one_call_and_for_no_more(toy_event):
    cells = [
        cell(toy_event, "faulty(fault=thirty)", queries=100, batch=batch)
        for batch in (1, 30, 31, None)
    ]
    *few, more, all_ = run_cells(toy_event, cells, protocol=Protocol(1))
    assert [str(record.status) for record in few] == ["ok", "ok"]
    assert "asked for 31 at once" in more.status.reason
    assert "asked for 100 at once" in all_.status.reason


def test_threads_are_told_to_the_worker():
    with Worker(1, Limits()) as worker:
        assert worker.call(os.getenv, "OMP_NUM_THREADS") == "1"
    assert "OMP_NUM_THREADS" not in os.environ


@pytest.mark.usefixtures("faulty")
def test_finished_cells_are_not_measured_again_and_interrupted_ones_are(toy_event, tmp_path):
    store, seen = Store(tmp_path), []

    def stop_after_two(record):
        seen.append(record)
        if len(seen) == 2:
            raise KeyboardInterrupt

    cells = [cell(toy_event, "faulty", seed=seed) for seed in range(4)]
    with pytest.raises(KeyboardInterrupt):
        run_cells(toy_event, cells, store, Protocol(1, again=True), stop_after_two)
    assert len(list(store)) == 2
    records = run_cells(toy_event, cells, store, Protocol(1, again=True))
    assert [record.cell for record in records] == cells
    assert [record for record in records if record.cell in {one.cell for one in seen}] == sorted(
        seen, key=lambda record: record.cell.seed
    )
    assert len(list(store)) == 4


@pytest.mark.usefixtures("faulty")
def test_a_finished_sweep_measures_anew_next_time(toy_event, tmp_path):
    store, cells = Store(tmp_path), [cell(toy_event, "faulty")]
    for times in (1, 2):
        run_cells(toy_event, cells, store, Protocol(1, again=True))
        assert len(list(store)) == times
    run_cells(toy_event, cells, store, Protocol(1))
    assert len(list(store)) == 2
    run_cells(toy_event, cells, store, Protocol(1, again=True, since=now()))
    assert len(list(store)) == 3


def test_a_marker_that_was_damaged_does_not_make_old_records_new(toy_event, tmp_path):
    store, cells = Store(tmp_path), [Cell.of(toy_event, index="scipy-kdtree", bucket_size=5)]
    marker = marker_of(tmp_path, cells)
    marker.parent.mkdir(parents=True)
    for text in ("", "yesterday"):
        marker.write_text(text)
        with pytest.raises(BadInputError, match="does not say when a sweep began: delete it"):
            run_cells(toy_event, cells, store, Protocol(1, again=True))
    assert list(store) == []


def test_a_kill_of_the_harness_loses_at_most_the_cell_in_flight(tmp_path):
    """And leaves no worker behind."""
    script = tmp_path / "sweep.py"
    script.write_text(
        textwrap.dedent("""
        import sys
        from pathlib import Path
        import numpy as np
        from nearhit.cells.cell import Cell
        from nearhit.data.event import Event, Hits
        from nearhit.measure.runner import Protocol, run_cells
        from nearhit.records.store import Store
        if __name__ == "__main__":
            n = 500
            x, y, z = np.random.default_rng(0).normal(size=(3, n)).astype(np.float32)
            ids = np.arange(n, dtype=np.int32)
            event = Event("toy", Hits(ids.astype(np.int64), x, y, z, ids, ids, ids))
            cells = [
                Cell.of(event, index="scipy-kdtree", bucket_size=k, threads=1)
                for k in range(1, 400)
            ]
            say = lambda record: print(record.cell.bucket_size, flush=True)
            run_cells(event, cells, Store(Path(sys.argv[1])), Protocol(1), say)
    """)
    )
    command = [sys.executable, str(script), str(tmp_path / "records")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as harness:
        for _ in range(5):
            harness.stdout.readline()
        children = psutil.Process(harness.pid).children(recursive=True)
        harness.send_signal(signal.SIGKILL)
        said = 5 + len(harness.stdout.readlines())
    torn = []
    kept = list(Store(tmp_path / "records", unreadable=torn.append))
    assert len(torn) <= 1
    assert said <= len(kept) <= said + 1
    _, alive = psutil.wait_procs(children, timeout=20)
    assert not [child for child in alive if child.status() != psutil.STATUS_ZOMBIE]


def test_what_an_event_lacks_is_refused_before_any_time_is_spent(make_event, tmp_path):
    event = make_event(np.eye(5, 3) + 1, [1, 1, 1, 1, 1])
    wanting = Cell.of(event, index="scipy-kdtree", bucket_size=2, trackable=Trackable(min_pt=1.0))
    with pytest.raises(BadInputError, match="no particles"):
        run_cells(event, [wanting], Store(tmp_path))
    assert list(Store(tmp_path)) == []


def test_an_event_without_truth_is_measured_without_quality(make_event):
    event = make_event(np.random.default_rng(0).normal(size=(50, 3)))
    (record,) = run_cells(event, [Cell.of(event, index="scipy-kdtree", bucket_size=5)])
    assert record.status.outcome == "ok"
    assert record.quality.n_trackable is None
    assert record.quality.recall == 1.0


def test_straight_tracks_are_found_whole(toy_event):
    """Angular buckets hold straight tracks from the origin; euclidean ones do not."""
    angular, euclidean = (
        run_cells(toy_event, [Cell.of(toy_event, index="scipy-kdtree", metric=m, bucket_size=8)])[0]
        for m in ("angular", "euclidean")
    )
    assert angular.quality.figures["particle_efficiency"] > 0.9
    assert euclidean.quality.figures["particle_efficiency"] < 0.1


def test_provenance_names_what_was_measured(toy_event):
    provenance = provenance_of(Cell.of(toy_event, index="annoy"))
    assert {"annoy", "nearhit", "numpy"} <= set(provenance.versions)
    assert provenance.package == "annoy"
    assert provenance.commit != "unknown"
    assert time.strftime("%Y") <= provenance.started[:4]


@pytest.mark.parametrize(
    ("coordinates", "answer"),
    [
        ({"bucket_size": 0}, "at least 1 hit"),
        ({"queries": 0}, "from 1 to the 350 hits"),
        ({"queries": 351}, "from 1 to the 350 hits"),
        ({"threads": 0}, "Threads must be from 1"),
        ({"threads": 10**6}, "Threads must be from 1"),
        ({"metric": "cosine"}, "no metric 'cosine'"),
    ],
)
def test_a_cell_without_sense_is_refused(toy_event, coordinates, answer):
    with pytest.raises(BadInputError, match=answer):
        Cell.of(toy_event, index="annoy", **coordinates)
