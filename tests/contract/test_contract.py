"""Every adapter keeps the contract, in a process of its own; whoever breaks it is found out."""

import importlib.util

import pytest

from nearhit.contract import CLAUSES, Subject
from nearhit.contract.certificate import Certificate, certify
from nearhit.contract.conduct import BUSY_MACHINE
from nearhit.machine.hardware import cores
from nearhit.measure.worker import Limits
from nearhit.plugins.registry import adapters, installed_version, metric_named
from nearhit.plugins.spec import IndexSpec

SUBJECTS = [
    pytest.param(
        name,
        distance,
        id=f"{name}-{distance}",
        marks=[pytest.mark.slow] if adapter.compiles or place else [],
    )
    for name, adapter in adapters().items()
    for place, distance in enumerate(adapter.distances)
]
"""In a quick run one distance each, and none of a library that compiles for each of them."""

DEMANDED = [clause for clause in CLAUSES.values() if clause.demanded]


def broken(spec, distance, event, clauses=DEMANDED, limits=None):
    """Return what is broken, and why."""
    certificate = certify(spec, distance, event, cores(), limits or Limits(), clauses)
    return {name: str(certificate.clauses[name]) for name in certificate.broken}


@pytest.mark.parametrize(("name", "distance"), SUBJECTS)
def test_every_adapter_keeps_the_contract(toy_event, name, distance):
    if installed_version(adapters()[name]) is None:
        pytest.skip(f"{adapters()[name].package} is not installed")
    if "cpu" not in adapters()[name].devices:
        pytest.skip(f"{name} needs a CUDA device")
    assert not broken(IndexSpec.parse(name), distance, toy_event)


@pytest.mark.parametrize(
    ("settings", "distance"),
    [
        ("scann(reorder=60)", "euclidean"),
        ("scann(reorder=60)", "dot"),
        ("faiss-hnsw(M=4,efConstruction=20)", "euclidean"),
        ("annoy(search_k=2000)", "angular"),
    ],
)
def test_other_parameters_keep_it_too(toy_event, settings, distance):
    spec = IndexSpec.parse(settings)
    if installed_version(adapters()[spec.name]) is None:
        pytest.skip(f"{spec.name} is not installed")
    assert not broken(spec, distance, toy_event)


@pytest.mark.parametrize("storage", ["fp16", "int8"])
def test_coordinates_of_few_bits_find_most(toy_event, storage):
    pytest.importorskip("faiss")
    spec = IndexSpec.parse(f"faiss-ivf(storage={storage})")
    asked = [CLAUSES[name] for name in ("shape and type", "neighbours", "as many points as k")]
    assert not broken(spec, "euclidean", toy_event, asked)
    certificate = certify(spec, "manhattan", toy_event, 1, Limits(), asked[:1])
    refusal = f"skipped: faiss-ivf has no manhattan distance in {storage}"
    assert str(certificate.clauses["shape and type"]) == refusal


FAULTY = """
    import itertools
    import os
    import signal
    import threading
    import time
    import numpy as np
    from scipy.spatial import cKDTree
    from nearhit.adapter import Setting, adapter, parameter
    from nearhit.errors import SkippedError

    draw = itertools.count()
    lost = []

    @adapter
    class Faulty:
        name = "faulty"
        package = "faulty"
        extra = None
        licence = "MIT"
        distances = {"euclidean": 2}
        exact = True
        repeatable = "always"
        exhaustive = True
        threaded = "query"
        setting: Setting
        fault: str = parameter("none", "what is wrong")

        def build(self, points):
            if self.fault == "writes to its input":
                points[0] += 1
            refused = {
                "cannot hold one point": len(points) == 1,
                "cannot hold k points": len(points) == 20,
                "not for many": len(points) == 10**6,
                "flat": points.shape[1] > 3,
                "long": points.shape[1] == 1,
                "wide": points.shape[1] == 625,
                "refuses what is read-only": not points.flags.writeable,
            }
            if refused.get(self.fault):
                raise RuntimeError("refused")
            if self.fault == "refuses" and points.shape[1] != 3:
                raise SkippedError("only in space")
            if self.fault == "crashes at one point" and len(points) == 1:
                os.kill(os.getpid(), signal.SIGSEGV)
            if self.fault == "builds busy" and len(points) > 10_000:
                burn()
            if self.fault == "leaks":
                lost.append(points.copy())
            Faulty.points = self.points = points

        def query(self, points, k):
            if self.fault == "busy":
                helper = threading.Thread(target=burn)
                helper.start()
                helper.join()
            if self.fault == "not for two":
                time.sleep(0.05)  # meanwhile the other thread begins
                own = threading.get_ident()
                if self.__dict__.setdefault("thread", own) != own:
                    raise RuntimeError("busy")
            indexed = Faulty.points if self.fault == "shares" else self.points
            if len(indexed) > 10_000:  # brute force would take all memory
                found = cKDTree(indexed).query(points, k)[1]
                return far(self, found) if self.fault == "far among many" else found
            asked, held = points.astype(float), indexed.astype(float)
            if self.fault in {"overflows", "underflows"}:
                asked, held = points, indexed
            with np.errstate(all="ignore"):
                products = asked @ held.T
                lengths = (asked**2).sum(axis=1)[:, None] + (held**2).sum(axis=1)
                found = np.argsort(lengths - 2 * products, axis=1, kind="stable")[:, :k]
            damage = FAULTS.get(self.fault, lambda self, found: found)
            return damage(self, found)

    def burn():
        matrix = np.ones((800, 800))
        until = time.perf_counter() + 0.3
        others = [threading.Thread(target=burn_once, args=(matrix, until)) for _ in range(2)]
        for other in others:
            other.start()
        for other in others:
            other.join()

    def burn_once(matrix, until):
        while time.perf_counter() < until:
            np.sqrt(matrix)

    def twice(self, found):
        found[:, -1] = found[:, 0]
        return found

    def far(self, found):
        return (found + len(self.points) // 2) % len(self.points)

    def lacks(self, found):
        alike = len(self.points) == 100 and not np.ptp(self.points, axis=0).any()
        found[:, -1] = -1 if alike else found[:, -1]
        return found

    FAULTS = {
        "reversed": lambda self, found: found[:, ::-1].copy(),
        "twice": twice,
        "one less": lambda self, found: found[:, :-1] if found.shape[1] > 1 else found,
        "off": lambda self, found: found + 1,
        "far": far,
        "far from others": lambda self, found: far(self, found) if len(found) == 100 else found,
        "far in the event": far,
        "far in ties": far,
        "unsteady": lambda self, found: np.roll(found, next(draw), axis=1),
        "by threads": lambda self, found: np.roll(found, self.setting.threads, axis=1),
        "holes": lambda self, found: np.where(np.arange(found.shape[1]) == 1, -1, found),
        "lacks one of the identical": lacks,
    }
"""


SERIAL = {"one thread is one", "all threads are used"}  # the faulty index has no threads

LEAK = "memory given back"

FAULTS = {
    "reversed": "nearest first",
    "twice": "no duplicates",
    "one less": "shape and type",
    "off": "rows in range",
    "far": "neighbours",
    "far from others": "neighbours of others",
    "far in the event": "neighbours in the event",
    "far in ties": "ties",
    "unsteady": "repeatable as claimed",
    "by threads": "same answer on all threads",
    "holes": "rows in range",
    "shares": "two indexes at once",
    "writes to its input": "input unchanged",
    "cannot hold one point": "fewer points than k",
    "cannot hold k points": "as many points as k",
    "lacks one of the identical": "identical points",
    "flat": "5 dimensions",
    "long": "1 dimension",
    "wide": "625 dimensions",
    "overflows": "magnitude 1e+30",
    "underflows": "magnitude 1e-30",
    "refuses what is read-only": "read-only",
    "busy": "one thread is one",
    "serial": "all threads are used",
    "not for two": "used from two threads",
    "not for many": "million points",
}

ALSO = {
    "builds busy": "one thread is one",
    "far among many": "million points",
    "far": "1 dimension",
}


@pytest.fixture
def faulty_subject(install, toy_event):
    install("faulty", FAULTY)
    points = metric_named("angular").project(toy_event)

    def subject(fault, threads=1):
        return Subject(IndexSpec("faulty", (("fault", fault),)), "euclidean", threads, points)

    return subject


@pytest.mark.parametrize(
    ("fault", "clause"),
    [
        pytest.param(fault, clause, marks=[pytest.mark.alone] if clause in SERIAL else [])
        for fault, clause in [*FAULTS.items(), *ALSO.items()]
    ],
)
def test_each_fault_breaks_its_clause(faulty_subject, fault, clause):
    threads = 1 if CLAUSES[clause].one_thread else 2
    status = CLAUSES[clause].status(faulty_subject(fault, threads))
    if BUSY_MACHINE in status.reason:
        pytest.skip(status.reason)
    assert status.outcome == "failed", status


def test_lost_memory_is_found_in_a_process_of_its_own(install, toy_event):
    """Here, what other tests gave back could hide it."""
    install("faulty", FAULTY)
    held = broken(
        IndexSpec("faulty", (("fault", "leaks"),)), "euclidean", toy_event, [CLAUSES[LEAK]]
    )
    assert "MiB leaked per build" in held[LEAK]


@pytest.mark.parametrize("name", sorted(set(CLAUSES) - SERIAL))
def test_without_a_fault_none_is_broken(faulty_subject, name):
    assert CLAUSES[name].status(faulty_subject("none", 2)).outcome == "ok"


def test_every_clause_can_be_broken():
    """What the harness does for every library no adapter can break."""
    harness = {"no points", "not finite", "float64", "Fortran order", "not contiguous"}
    between = {"2 dimensions", "3 dimensions", "12 dimensions"}  # as the other dimensions
    assert set(FAULTS.values()) == set(CLAUSES) - harness - between - {LEAK}


def test_what_an_index_refuses_with_a_reason_is_not_broken(faulty_subject):
    status = CLAUSES["5 dimensions"].status(faulty_subject("refuses"))
    assert str(status) == "skipped: only in space"


def test_an_index_that_claims_less_is_told_how_much_differs(faulty_subject, monkeypatch):
    subject = faulty_subject("unsteady", 2)
    monkeypatch.setattr(subject.adapter, "repeatable", "never")
    status = CLAUSES["repeatable as claimed"].status(subject)
    assert (
        str(status)
        == "ok: 100.0% of buckets differ on 1 thread; 100.0% of buckets differ on 2 threads"
    )


@pytest.mark.parametrize("clause", sorted(SERIAL))
def test_a_busy_machine_says_nothing_of_threads(faulty_subject, monkeypatch, clause):
    monkeypatch.setattr("nearhit.contract.conduct._cores_of", lambda _: 1.0)
    status = CLAUSES[clause].status(faulty_subject("none", 2))
    assert status.outcome == "skipped"
    assert BUSY_MACHINE in status.reason


def test_queries_that_are_not_finite_are_refused(faulty_subject, monkeypatch):
    subject = faulty_subject("none")
    monkeypatch.setattr("nearhit.index.index.Index.query", lambda *_: None)
    status = CLAUSES["not finite"].status(subject)
    assert str(status) == "failed: invalid input was accepted"


def test_a_crash_costs_its_own_clause(install, toy_event):
    install("faulty", FAULTY)
    spec = IndexSpec("faulty", (("fault", "crashes at one point"),))
    chosen = [CLAUSES[name] for name in ("shape and type", "fewer points than k", "ties")]
    certificate = certify(spec, "euclidean", toy_event, 1, Limits(), chosen)
    assert certificate.broken == ("fewer points than k",)
    assert "SIGSEGV" in certificate.clauses["fewer points than k"].reason
    assert Certificate.from_json(certificate.to_json()) == certificate


def test_the_libraries_of_the_card_are_installed():
    """Without this, a broken environment would pass by skipping everything."""
    for module in ("annoy", "faiss", "hnswlib", "pynndescent", "scann"):
        assert importlib.util.find_spec(module) is not None, module
