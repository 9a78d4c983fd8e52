"""Sides run each pass together, and none waits for a dead one."""

import json
import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from nearhit.compare.lockstep import TURN_FILE, Side, run_in_lockstep
from nearhit.measure.worker import Limits

STOPPING = Path(__file__).with_name("stopping_turn.py")
CELLS = [{"passes": 3}, {"passes": 2}]


@pytest.fixture
def run(tmp_path):
    def run(*words, threads=1, timeout=60.0):
        log = tmp_path / "log"
        sides = [
            Side(word, (sys.executable, "-I", str(STOPPING), str(log), word)) for word in words
        ]
        jobs = []
        for word in words:
            (tmp_path / word).mkdir()
            out = str(tmp_path / word / "out.jsonl")
            jobs.append({"cells": CELLS, "threads": threads, "out": out})
        found = run_in_lockstep(sides, jobs, Limits(timeout))
        return found, [json.loads(line) for line in log.read_text().splitlines()]

    return run


def test_no_side_begins_a_pass_before_all_have_ended_the_last(run):
    found, log = run("one", "two", "three")
    assert [sorted(lines) for lines, _ in found] == [[0, 1]] * 3
    passes = [(number, passed) for _, _, number, passed, _ in log]
    assert passes == sorted(passes)
    assert len(log) == 3 * 2 * 5


def test_a_pass_is_on_one_core_and_the_next_on_the_next(run):
    _, log = run("one", "two")
    cores = sorted(os.sched_getaffinity(0))
    for _, _, _, passed, on in log:
        assert on == [cores[passed % len(cores)]]


def test_with_more_threads_they_go_one_after_the_other_there_and_back(run):
    _, log = run("one", "two", threads=2)
    first = [(word, what) for word, what, number, passed, _ in log if (number, passed) == (0, 0)]
    second = [(word, what) for word, what, number, passed, _ in log if (number, passed) == (0, 1)]
    assert first == [("one", "begins"), ("one", "ends"), ("two", "begins"), ("two", "ends")]
    assert second == [("two", "begins"), ("two", "ends"), ("one", "begins"), ("one", "ends")]
    assert {len(on) for *_, on in log} == {len(os.sched_getaffinity(0))}


def test_nobody_waits_for_one_that_died(run):
    (whole, _), (none, end) = run("lives", "dies")[0]
    assert sorted(whole) == [0, 1]
    assert not none
    assert str(end) == "failed: its process ended with exit code 1; the end of its stderr: it died"


def test_only_the_one_that_hangs_is_late(run):
    (whole, _), (none, end) = run("lives", "hangs", timeout=3.0)[0]
    assert sorted(whole) == [0, 1]
    assert not none
    assert str(end) == "timeout: not done after 3 s"


def test_a_wait_between_two_readings_of_the_clock_is_not_subtracted():
    """The thread loses its core for 16 ms after the first reading, before a pass of 3 ms."""
    timed = runpy.run_path(os.fspath(TURN_FILE))["_timed"]
    state = {"now": 0, "waited": 0, "preempted": False}

    def waited():
        before = state["waited"]
        if not state["preempted"]:
            state.update(now=16_000_000, waited=16_000_000, preempted=True)
        return before

    def work():
        state["now"] += 3_000_000

    timed.__globals__.update(_waited_ns=waited, perf_counter_ns=lambda: state["now"])
    seconds, _ = timed(work)
    assert seconds == 0.003


def test_what_waits_for_a_core_is_not_counted():
    """Two share a core, so that each waits half of the time."""
    turn = runpy.run_path(os.fspath(TURN_FILE))
    core = min(os.sched_getaffinity(0))
    spin = f"import os; os.sched_setaffinity(0, {{{core}}})\nprint(flush=True)\nwhile True: pass"
    other = subprocess.Popen([sys.executable, "-c", spin], stdout=subprocess.PIPE)
    before = os.sched_getaffinity(0)
    try:
        assert other.stdout.readline()
        os.sched_setaffinity(0, {core})
        seconds, processor = turn["_timed"](lambda: sum(range(10_000_000)))
    finally:
        os.sched_setaffinity(0, before)
        other.kill()
        other.communicate()
    assert seconds == pytest.approx(processor, rel=0.3)
