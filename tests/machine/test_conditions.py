"""Conditions of the machine in the record of a cell."""

import math
import os
import subprocess
import sys
from functools import partial

import pytest

from nearhit.cells.cell import Cell
from nearhit.machine import conditions
from nearhit.machine.conditions import Conditions, ResourceMonitor, is_disturbed
from nearhit.measure.runner import Protocol, run_cells

BUSY = "import time\nend = time.process_time() + {seconds}\nwhile time.process_time() < end: pass"


def python(code):
    return [sys.executable, "-c", code]


def watched(monkeypatch, start, end):
    samples = iter([conditions._Sample(*start), conditions._Sample(*end)])
    monkeypatch.setattr(conditions, "_sample", lambda: next(samples))
    with ResourceMonitor() as watch:
        pass
    return watch.conditions()


def test_time_of_others_is_busy_time_less_our_own(monkeypatch):
    seen = watched(monkeypatch, (100.0, 1.0, 50.0, 3.0), (110.0, 6.0, 62.0, 4.0))
    assert seen.seconds == 10.0
    assert seen.own_cores == 0.5
    assert seen.other_cores == pytest.approx(0.7)
    assert seen.stolen_cores == pytest.approx(0.1)


def test_rounded_ticks_do_not_make_the_time_of_others_negative(monkeypatch):
    assert watched(monkeypatch, (0.0, 0.0, 0.0, 0.0), (1.0, 0.5, 0.49, 0.0)).other_cores == 0.0


@pytest.mark.parametrize("busy", [(math.nan, math.nan), (7.0, 7.1)], ids=["no counts", "not ours"])
def test_time_of_others_is_unknown_where_the_system_does_not_count_ours(monkeypatch, busy):
    seen = watched(monkeypatch, (0.0, 0.0, busy[0], busy[0]), (10.0, 5.0, busy[1], busy[1]))
    assert seen.own_cores == 0.5
    assert seen.other_cores is None
    assert seen.stolen_cores is None


def test_our_own_time_includes_processes_that_ended():
    before = sum(os.times()[:4])
    with ResourceMonitor() as watch:
        subprocess.run(python(BUSY.format(seconds=0.3)), check=True)
    seen = watch.conditions()
    spent = sum(os.times()[:4]) - before  # on starting an interpreter, too
    assert 0.3 <= seen.own_cores * seen.seconds <= spent + 0.05  # it is told in hundredths
    assert seen.load >= 0.0


def test_an_orphaned_process_counts_as_another():
    """A process whose parent has ended, which tells by a file when it has had its time."""
    orphan = f"import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', {BUSY!r}])".replace(
        "{seconds}", "0.5"
    )
    with ResourceMonitor() as watch:
        subprocess.run(python(orphan), check=True, stdout=subprocess.PIPE)  # until all have ended
    seen = watch.conditions()
    if seen.other_cores is None:
        pytest.skip("this system does not count processors' time")
    assert (seen.other_cores + seen.stolen_cores) * seen.seconds >= 0.4


THREADS = """
import subprocess, sys, time
from nearhit.machine.conditions import ResourceMonitor

with (
    ResourceMonitor() as watch,
    subprocess.Popen([sys.executable, "-c", sys.argv[1]], stdin=subprocess.PIPE) as process,
):
    deadline = time.monotonic() + 60
    while max(watch._counts, default=0) < 7 and time.monotonic() < deadline:
        time.sleep(0.05)
    process.communicate()
print(watch.conditions().most_threads)
"""


def test_threads_of_the_worker_are_counted():
    """In a process of its own, which has no other child."""
    worker = "import sys, threading\n" + "threading.Thread(target=sys.stdin.read).start()\n" * 6
    seen = subprocess.run([*python(THREADS), worker], check=True, capture_output=True, text=True)
    assert int(seen.stdout) == 7


def test_every_record_of_a_worker_has_its_conditions(toy_event):
    cell = partial(Cell.of, toy_event, index="scipy-kdtree", bucket_size=5, threads=1)
    measured, skipped = run_cells(toy_event, [cell(), cell(metric="dot")], protocol=Protocol(1))
    seen = measured.conditions
    passes = measured.timing.cold.seconds + sum(one.seconds for one in measured.timing.warm)
    assert seen.seconds >= passes
    assert seen.own_cores > 0
    assert seen.most_threads >= 1
    assert skipped.conditions is None


@pytest.mark.parametrize(
    ("threads", "others", "stolen", "disturbed"),
    [
        (2, 0.05, 0.0, False),
        (2, 0.2, 0.0, True),  # it takes the processors that were asked for
        (2, 0.0, 0.2, True),
        (1, 0.4, 0.0, False),
        (1, 0.9, 0.0, True),  # it keeps the other one busy, and with it the memory
        (1, 0.0, 0.2, True),
        (2, None, 0.0, None),
        (2, 0.0, None, None),
    ],
)
def test_what_others_may_take_depends_on_what_is_left(threads, others, stolen, disturbed):
    assert is_disturbed(Conditions(10.0, 1.0, others, stolen, 1, 0.0), threads, 2) is disturbed


def test_what_the_counts_do_not_resolve_disturbs_nothing():
    """One tick of each of two processors is a whole core over a hundredth of a second."""
    assert not is_disturbed(Conditions(0.01, 1.0, 2.0, 2.0, 1, 0.0), 2, 2)
    assert is_disturbed(Conditions(1.0, 1.0, 2.0, 2.0, 1, 0.0), 2, 2)
