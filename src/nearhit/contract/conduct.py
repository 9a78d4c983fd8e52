"""Clauses on how an index behaves: twice, in threads, in memory, beside others."""

import gc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from time import perf_counter, process_time

import numpy as np

from nearhit.errors import SkippedError
from nearhit.machine.hardware import MIB, resident_bytes

from .subject import Subject, random_directions, require, require_recall

_BUSY_SECONDS = 0.5  # of work, before processor time over wall time says anything
_BUSY_POINTS = 20_000
_SLACK = 1.3  # cores that one thread may seem to use
_IDLE = 1.6  # cores that two threads get where no other process wants them
BUSY_MACHINE = "the machine is busy or has one core, so that this cannot be told"
_BUILDS = 100
_WARM_BUILDS = 20  # by then a library has grown what it keeps for good
_LEAST_LEAK = 0.5  # of the points' own bytes, for each build


def input_unchanged(subject: Subject) -> None:
    """Neither build nor query writes to the points."""
    points = random_directions(300)
    before = points.copy()
    subject.index().build(points).query(points, 10)
    require(np.array_equal(points, before), "the points were changed")


def two_indexes_at_once(subject: Subject) -> None:
    """Indexes do not disturb each other."""
    points, others = random_directions(2000), random_directions(500, seed=9)
    first = subject.index().build(points)
    second = subject.index().build(others)
    require_recall(subject, others, others, second.query(others, 20))
    require_recall(subject, points, points, first.query(points, 20))


def repeatable_as_claimed(subject: Subject) -> str:
    """The same points, seed and threads give the same answer, where the adapter says so."""
    claim = subject.adapter.repeatable
    claimed = {"always": (1, subject.threads), "one thread": (1,), "never": ()}[claim]
    told = []
    for threads in sorted({1, subject.threads}):
        differing = _differing(subject, threads, threads)
        on = f"{differing:.1%} of buckets differ on {threads} thread{'s' if threads > 1 else ''}"
        require(threads not in claimed or not differing, on)
        told += [on] if differing else []
    return "; ".join(told)


def same_answer_on_all_threads(subject: Subject) -> None:
    """One thread and all of them give the same answer."""
    differing = _differing(subject, 1, subject.threads)
    require(not differing, f"{differing:.1%} of buckets differ")


def _differing(subject: Subject, threads: int, others: int) -> float:
    """Return the share of buckets in which two indexes on so many threads differ."""
    points = random_directions(2000)
    first, second = (
        subject.index(count).build(points).query(points, 20) for count in (threads, others)
    )
    return float((first != second).any(axis=1).mean())


def one_thread_is_one(subject: Subject) -> str:
    """Told to use one thread, neither build nor query keeps more than one core busy."""
    points = random_directions(_BUSY_POINTS)
    query = _cores_used(subject, 1)
    build = _cores_of(lambda: subject.index(1).build(points))  # has loaded and compiled by now
    require(max(build, query) <= _SLACK, f"{build:.2f} cores build, {query:.2f} query")
    _require_idle_machine()
    return f"{max(build, query):.2f} cores"


def all_threads_are_used(subject: Subject) -> str:
    """Told to use all threads, queries keep more than one core busy, if they have any."""
    cores = _cores_used(subject, subject.threads)
    idle = subject.threads > 1 and subject.adapter.threaded != "nothing" and cores < 1.1  # noqa: PLR2004 - a tenth of a core
    if idle:
        _require_idle_machine()
    require(not idle, f"{cores:.2f} cores busy of {subject.threads}")
    return f"{cores:.2f} cores"


def _require_idle_machine() -> None:
    """Refuse to say that a library keeps few cores busy where others leave it no more."""
    block = bytes(MIB)
    with ThreadPoolExecutor(2) as pool:
        cores = _cores_of(lambda: list(pool.map(lambda _: sha256(block).digest(), range(8))))
    if cores < _IDLE:
        raise SkippedError(f"{BUSY_MACHINE}: two threads of nearhit's own get {cores:.2f} cores")


def _cores_used(subject: Subject, threads: int) -> float:
    points = random_directions(_BUSY_POINTS)
    index = subject.index(threads).build(points)
    index.query(points[:2000], 20)  # loads and compiles
    return _cores_of(lambda: index.query(points[:5000], 20))


def _cores_of(call: Callable[[], object]) -> float:
    """Return processor time over wall time of a call that is made again and again."""
    wall, processor = perf_counter(), process_time()
    while perf_counter() - wall < _BUSY_SECONDS:
        call()
    return (process_time() - processor) / (perf_counter() - wall)


def used_from_two_threads(subject: Subject) -> None:
    """Two threads may ask one index at the same time."""
    points = random_directions(2000)
    index = subject.index().build(points)
    with ThreadPoolExecutor(2) as pool:
        for found in pool.map(lambda _: index.query(points, 20), range(8)):
            require_recall(subject, points, points, found)


def memory_given_back(subject: Subject) -> str:
    """Building a hundred indexes, one after the other, holds no more memory than building a few."""
    points = random_directions(10_000)
    for build in range(_BUILDS):
        subject.index().build(points).query(points[:10], 10)
        if build == _WARM_BUILDS:
            gc.collect()
            before = resident_bytes()
    gc.collect()
    leak = (resident_bytes() - before) / (_BUILDS - _WARM_BUILDS)
    require(leak < _LEAST_LEAK * points.nbytes, f"{leak / MIB:.2f} MiB lost with each")
    return ""
