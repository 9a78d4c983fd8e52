"""Clauses on the behaviour of an index: repeatability, threads, memory, isolation."""

import gc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from time import perf_counter, process_time

import numpy as np

from nearhit.errors import SkippedError
from nearhit.machine.hardware import MIB, resident_bytes

from .subject import Subject, random_directions, require, require_recall

_BUSY_SECONDS = 0.5  # the least wall time over which a ratio of CPU to wall time is meaningful
_BUSY_POINTS = 20_000
_SLACK = 1.3  # cores that one thread may appear to use
_IDLE = 1.6  # cores that two threads get on an idle machine
BUSY_MACHINE = "the machine is busy or has one core, so that this cannot be told"
_BUILDS = 100
_WARM_BUILDS = 20  # builds after which a library's permanent allocations are done
_LEAST_LEAK = 0.5  # leak per build, as a fraction of the size of the points


def input_unchanged(subject: Subject) -> None:
    """Write to the points neither in build nor in query."""
    points = random_directions(300)
    before = points.copy()
    subject.index().build(points).query(points, 10)
    require(np.array_equal(points, before), "the points were changed")


def two_indexes_at_once(subject: Subject) -> None:
    """Keep two indexes in one process independent of each other."""
    points, others = random_directions(2000), random_directions(500, seed=9)
    first = subject.index().build(points)
    second = subject.index().build(others)
    require_recall(subject, others, others, second.query(others, 20))
    require_recall(subject, points, points, first.query(points, 20))


def repeatable_as_claimed(subject: Subject) -> str:
    """Repeat the answer for equal points, seed and threads if the adapter promises it."""
    claim = subject.adapter.repeatable
    claimed = {"always": (1, subject.threads), "one thread": (1,), "never": ()}[claim]
    observed = []
    for threads in sorted({1, subject.threads}):
        differing = _differing(subject, threads, threads)
        on = f"{differing:.1%} of buckets differ on {threads} thread{'s' if threads > 1 else ''}"
        require(threads not in claimed or not differing, on)
        observed += [on] if differing else []
    return "; ".join(observed)


def same_answer_on_all_threads(subject: Subject) -> None:
    """Give the same answer on one thread and on all threads."""
    differing = _differing(subject, 1, subject.threads)
    require(not differing, f"{differing:.1%} of buckets differ")


def _differing(subject: Subject, threads: int, others: int) -> float:
    """Return the share of buckets that differ between indexes on two numbers of threads."""
    points = random_directions(2000)
    first, second = (
        subject.index(count).build(points).query(points, 20) for count in (threads, others)
    )
    return float((first != second).any(axis=1).mean())


def one_thread_is_one(subject: Subject) -> str:
    """Keep at most one core busy in build and in query with one thread."""
    points = random_directions(_BUSY_POINTS)
    query = _cores_used(subject, 1)
    build = _cores_of(lambda: subject.index(1).build(points))  # loaded and compiled by now
    require(max(build, query) <= _SLACK, f"{build:.2f} cores build, {query:.2f} query")
    _require_idle_machine()
    return f"{max(build, query):.2f} cores"


def all_threads_are_used(subject: Subject) -> str:
    """Keep more than one core busy in queries with all threads, if any are used."""
    cores = _cores_used(subject, subject.threads)
    idle = subject.threads > 1 and subject.adapter.threaded != "nothing" and cores < 1.1  # noqa: PLR2004 - a tenth of a core
    if idle:
        _require_idle_machine()
    require(not idle, f"{cores:.2f} cores busy of {subject.threads}")
    return f"{cores:.2f} cores"


def _require_idle_machine() -> None:
    """Raise `SkippedError` if other processes leave too few cores to count those in use."""
    block = bytes(MIB)
    with ThreadPoolExecutor(2) as pool:
        cores = _cores_of(lambda: list(pool.map(lambda _: sha256(block).digest(), range(8))))
    if cores < _IDLE:
        raise SkippedError(f"{BUSY_MACHINE}: two threads of nearhit itself get {cores:.2f} cores")


def _cores_used(subject: Subject, threads: int) -> float:
    points = random_directions(_BUSY_POINTS)
    index = subject.index(threads).build(points)
    index.query(points[:2000], 20)  # loads and compiles
    return _cores_of(lambda: index.query(points[:5000], 20))


def _cores_of(call: Callable[[], object]) -> float:
    """Return CPU time over wall time of a call, repeated for `_BUSY_SECONDS`."""
    wall, processor = perf_counter(), process_time()
    while perf_counter() - wall < _BUSY_SECONDS:
        call()
    return (process_time() - processor) / (perf_counter() - wall)


def used_from_two_threads(subject: Subject) -> None:
    """Answer queries from two threads at the same time."""
    points = random_directions(2000)
    index = subject.index().build(points)
    with ThreadPoolExecutor(2) as pool:
        for found in pool.map(lambda _: index.query(points, 20), range(8)):
            require_recall(subject, points, points, found)


def memory_given_back(subject: Subject) -> str:
    """Hold no more memory after a hundred builds in turn than after a few."""
    points = random_directions(10_000)
    for build in range(_BUILDS):
        subject.index().build(points).query(points[:10], 10)
        if build == _WARM_BUILDS:
            gc.collect()
            before = resident_bytes()
    gc.collect()
    leak = (resident_bytes() - before) / (_BUILDS - _WARM_BUILDS)
    require(leak < _LEAST_LEAK * points.nbytes, f"{leak / MIB:.2f} MiB leaked per build")
    return ""
