"""Rounds: their order, what is made again in them, and what ends a cell."""

import os
from collections import Counter, defaultdict
from dataclasses import replace
from itertools import count

import pytest

from nearhit.cells.cell import Cell
from nearhit.cells.question import ranked_together
from nearhit.cells.status import OK, Status
from nearhit.machine.conditions import Spent
from nearhit.machine.hardware import cores
from nearhit.measure.judge import Judged
from nearhit.measure.measure import Answer, Measurement, OnePass
from nearhit.measure.rounds import ATTEMPTS, IN_VAIN, Rounds
from nearhit.measure.worker import Limits
from nearhit.measure.workers import Workers
from nearhit.records.results import Pass

QUIET = 0.0


def measured(others=QUIET, seconds=1.0, *, cold=False, last=False):
    """Return what a worker answers that others disturbed by so many cores."""
    spent = Spent(seconds, 1.0, others, 0.0)
    one = OnePass(spent, Pass(0.0, 0.0, seconds, 1.0), {})
    return Measurement(
        seconds, one, 10, replace(one, stages={"cold": 1.0}) if cold else None,
        Answer("euclidean") if last else None,
    )  # fmt: skip


class Scripted:
    """Workers that answer by a function of a cell and the number of times that it was asked."""

    process = 0

    def __init__(self, answer):
        self.answer, self.asked, self.times = answer, [], Counter()

    def of(self, _cell):
        return self

    def measure(self, cell, _event, seconds, *, last):
        self.times[cell.index] += 1
        self.asked.append((cell, seconds, last))
        answer = self.answer(cell, self.times[cell.index])
        if isinstance(answer, Status) or not last:
            return answer
        return replace(answer, answer=Answer("euclidean"))


class Lenient:
    """A judge to whom every answer is right."""

    def judged(self, _cell, answer):
        return Judged(OK, distance=answer.distance)


@pytest.fixture
def cells(toy_event):
    return [Cell.of(toy_event, index=f"annoy(ntrees={n})", threads=cores()) for n in range(1, 9)]


def run(event, cells, number, answer=lambda *_: measured(), limits=None):
    """Return the courses, and the cells in the order of their passes, round by round."""
    workers, told = Scripted(answer), defaultdict(list)
    rounds = Rounds(
        Lenient(), event, workers, number, limits or Limits(), lambda c, n: told[n].append(c)
    )
    return {course.cell: course for course in rounds.of(cells)}, told, workers


def test_each_round_has_every_cell_once_in_an_order_of_its_own(toy_event, cells):
    courses, told, workers = run(toy_event, cells, 4)
    assert list(told) == [1, 2, 3, 4]
    for order in told.values():
        assert Counter(order) == Counter(cells)
    assert len({tuple(map(cells.index, order)) for order in (cells, *told.values())}) == 5
    assert [last for *_, last in workers.asked] == [False] * 24 + [True] * 8
    for course in courses.values():
        assert [one.number for one in course.rounds] == [1, 2, 3, 4]
        assert (course.judged.status, course.peak_bytes) == (OK, 10)
        assert course.judged.distance == "euclidean"


def test_the_order_is_drawn_by_the_seed(toy_event, cells):
    _, once, _ = run(toy_event, cells, 3)
    _, again, _ = run(toy_event, cells, 3)
    _, other, _ = run(toy_event, [replace(cell, seed=1) for cell in cells], 3)
    assert once == again
    assert [[cell.index for cell in order] for order in once.values()] != [
        [cell.index for cell in order] for order in other.values()
    ]


def test_a_disturbed_pass_is_made_again_after_the_round(toy_event, cells):
    disturbed = cells[3]

    def answer(cell, times):
        noisy = cell == disturbed and times == 2
        return measured(1.5, 3.0) if noisy else measured()

    courses, _, workers = run(toy_event, cells, 3, answer)
    asked = [cell for cell, *_ in workers.asked]
    assert asked[16] == disturbed
    assert len(asked) == 3 * len(cells) + 1
    course = courses[disturbed]
    assert [one.attempts for one in course.rounds] == [1, 2, 1]
    assert [one.seconds for one in course.rounds] == [1.0, 1.0, 1.0]
    assert [one.index.query_seconds for one in course.warm] == [1.0, 1.0, 1.0]
    assert not course.disturbed


def test_the_last_round_is_made_again_without_its_answer(toy_event, cells):
    courses, _, workers = run(
        toy_event, cells[:2], 1, lambda _, times: measured(1.5 if times == 1 else QUIET)
    )
    assert [last for *_, last in workers.asked] == [True, True, False, False]
    assert all(course.judged.distance == "euclidean" for course in courses.values())


def test_what_stays_disturbed_keeps_the_least_disturbed_pass_and_its_mark(toy_event, cells):
    others = {1: 1.5, 2: 1.0, 3: 2.0}
    courses, _, workers = run(toy_event, cells[:1], 1, lambda _, times: measured(others[times]))
    (course,) = courses.values()
    assert len(workers.asked) == ATTEMPTS == 3
    (one,) = course.rounds
    assert (one.other_cores, one.attempts) == (1.0, ATTEMPTS)
    assert course.disturbed
    assert not course.failed


def test_a_machine_that_stays_busy_is_not_measured_for_much_longer(toy_event, cells):
    courses, _, workers = run(toy_event, cells, 2, lambda *_: measured(1.5))
    assert len(courses) == len(cells)
    assert len(workers.asked) == 2 * len(cells) + IN_VAIN
    assert all(course.disturbed for course in courses.values())


def test_passes_are_made_again_once_the_machine_has_become_quiet(toy_event, cells):
    """The first of two rounds is disturbed, and in the second the last pass but one."""
    busy = {*range(1, 9), *range(9, 9 + IN_VAIN), 18}
    passes = count(1)
    courses, _, workers = run(
        toy_event, cells, 2, lambda *_: measured(1.5 if next(passes) in busy else QUIET)
    )
    assert len(workers.asked) == 8 + IN_VAIN + 8 + 1
    assert sum(one.attempts for course in courses.values() for one in course.rounds) == 20
    assert not any(course.disturbed for course in courses.values())


def test_what_the_system_does_not_tell_is_not_made_again(toy_event, cells):
    courses, _, workers = run(toy_event, cells, 1, lambda *_: measured(None))
    assert len(workers.asked) == len(cells)
    assert not any(course.disturbed for course in courses.values())


@pytest.mark.parametrize("times", [1, 2, 4])
def test_a_failure_ends_its_own_cell_in_any_round(toy_event, cells, times):
    bad, fell = cells[5], Status("failed", "it fell")
    courses, _, workers = run(
        toy_event, cells, 4,
        lambda cell, time: fell if (cell, time) == (bad, times) else measured(),
    )  # fmt: skip
    assert courses[bad].judged.status == fell
    assert workers.times[bad.index] == times
    del courses[bad]
    assert all(len(course.rounds) == 4 and not course.failed for course in courses.values())


def test_a_failure_of_a_pass_made_again_counts(toy_event, cells):
    fell = Status("failed", "it fell")
    courses, _, _ = run(
        toy_event, cells[:2], 2, lambda _, times: measured(1.5) if times == 1 else fell
    )
    assert [course.judged.status for course in courses.values()] == [fell, fell]


def test_the_limit_is_for_all_passes_of_a_cell_together(toy_event, cells):
    slow = cells[0]
    courses, _, workers = run(
        toy_event, cells[:2], 4,
        lambda cell, _: measured(seconds=6.0 if cell == slow else 1.0), Limits(10.0),
    )  # fmt: skip
    assert [seconds for cell, seconds, _ in workers.asked if cell == slow] == [10.0, 4.0]
    assert str(courses[slow].judged.status) == "timeout: not done after 10 s"
    assert not courses[cells[1]].failed


def test_a_pass_made_again_does_not_count_for_the_limit_and_never_exceeds_it(toy_event, cells):
    courses, _, workers = run(
        toy_event, cells[:1], 3, lambda *_: measured(1.5, seconds=3.0), Limits(10.0)
    )
    left = [seconds for _, seconds, _ in workers.asked]
    assert left == [10.0, 7.0, 7.0, 7.0, 4.0]
    (course,) = courses.values()
    assert not course.failed
    assert [one.attempts for one in course.rounds] == [3, 1, 1]


def test_cold_passes_of_later_rounds_are_not_kept(toy_event, cells):
    courses, _, _ = run(
        toy_event, cells[:2], 3,
        lambda cell, times: measured(cold=(cell == cells[0]) == (times == 1)),
    )  # fmt: skip
    assert courses[cells[0]].cold.stages == {"cold": 1.0}
    assert courses[cells[1]].cold is None
    assert all(len(course.warm) == 3 for course in courses.values())


def test_one_table_ranks_indexes_on_equal_terms_and_whole_pipelines(toy_event):
    def cell(**coordinates):
        return Cell.of(toy_event, **{"index": "annoy", "bucket_size": 8} | coordinates)

    first, second = cell(), cell(index="hnswlib(M=6)")
    tracked = [cell(tracker="helix"), Cell.of(toy_event, index="whole-event", tracker="dbscan",
                                              bucket_size=8)]  # fmt: skip
    alone = [cell(bucket_size=9), cell(metric="euclidean"), cell(queries=9), cell(batch=3)]
    assert ranked_together([first, *tracked, *alone, second]) == [
        [first, second], tracked, *([one] for one in alone)
    ]  # fmt: skip


def test_workers_live_on_within_the_budget(toy_event):
    cells = [Cell.of(toy_event, index=name, threads=1) for name in ("annoy", "pykdtree", "hnswlib")]
    for budget, live_on in ((2**40, True), (0, False)):
        with Workers(Limits(), budget) as workers:
            first = [process_of(workers, cell) for cell in cells]
            again = [process_of(workers, cell) for cell in cells]
        assert (first == again) is live_on
        assert len({*first, *again}) == (3 if live_on else 6)


def test_the_worker_that_was_idle_longest_ends_first(toy_event):
    one, two, three = (
        Cell.of(toy_event, index=name, threads=1) for name in ("annoy", "pykdtree", "hnswlib")
    )
    with Workers(Limits(), 2**40) as workers:
        first, second = process_of(workers, one), process_of(workers, two)
        assert process_of(workers, one) == first
        workers._budget = int(1.5 * workers.of(one).resident_bytes)  # room for one idle worker
        process_of(workers, three)
        assert process_of(workers, one) == first
        assert process_of(workers, two) != second


def process_of(workers, cell):
    worker = workers.of(cell)
    process = worker.call(os.getpid)
    assert process == worker.process
    return process
