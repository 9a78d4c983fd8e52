"""Every adapter keeps the contract, in a process of its own; whoever breaks it is found out."""

import importlib.util

import pytest

from nearhit.contract import CLAUSES, broken_clauses
from nearhit.hardware import cores
from nearhit.registry import adapters, installed_version
from nearhit.spec import IndexSpec
from nearhit.worker import Limits, Worker

SUBJECTS = [
    pytest.param(name, distance, id=f"{name}-{distance}")
    for name, adapter in adapters().items()
    for distance in adapter.distances
]


@pytest.mark.parametrize(("name", "distance"), SUBJECTS)
def test_every_adapter_keeps_the_contract(name, distance):
    if installed_version(adapters()[name]) is None:
        pytest.skip(f"{adapters()[name].package} is not installed")
    with Worker(cores(), Limits()) as worker:
        broken = worker.call(broken_clauses, IndexSpec.parse(name), distance, cores())
    assert broken == dict.fromkeys(CLAUSES, "")


@pytest.mark.parametrize(
    ("settings", "distance"),
    [
        ("scann(reorder=60)", "euclidean"),
        ("scann(reorder=60)", "dot"),
        ("faiss-hnsw(M=4,efConstruction=20)", "euclidean"),
        ("annoy(search_k=2000)", "angular"),
    ],
)
def test_other_parameters_keep_it_too(settings, distance):
    spec = IndexSpec.parse(settings)
    if installed_version(adapters()[spec.name]) is None:
        pytest.skip(f"{spec.name} is not installed")
    with Worker(cores(), Limits()) as worker:
        broken = worker.call(broken_clauses, spec, distance, cores())
    assert broken == dict.fromkeys(CLAUSES, "")


FAULTY = """
    from dataclasses import dataclass
    import itertools
    import numpy as np
    from nearhit.adapter import Setting, parameter

    draw = itertools.count()

    @dataclass
    class Faulty:
        name = "faulty"
        package = "faulty"
        extra = None
        distances = {"euclidean": 2}
        exact = True
        repeatable = "always"
        exhaustive = True
        compiles = False
        setting: Setting
        fault: str = parameter("none", "what is wrong")

        def build(self, points):
            if self.fault == "writes to its input":
                points[0] += 1
            if self.fault == "cannot hold one point" and len(points) == 1:
                raise RuntimeError("one point")
            Faulty.points = self.points = points

        def query(self, points, k):
            indexed = Faulty.points if self.fault == "shares" else self.points
            distances = ((points[:, None].astype(float) - indexed) ** 2).sum(axis=2)
            found = np.argsort(distances, axis=1, kind="stable")[:, :k]
            return FAULTS.get(self.fault, lambda found: found)(found)

    def twice(found):
        found[:, -1] = found[:, 0]
        return found

    FAULTS = {
        "reversed": lambda found: found[:, ::-1].copy(),
        "twice": twice,
        "one less": lambda found: found[:, :-1] if found.shape[1] > 1 else found,
        "off": lambda found: found + 1,
        "far": lambda found: (found + 150) % len(found) if len(found) > 200 else found,
        "unsteady": lambda found: np.roll(found, next(draw), axis=1),
        "holes": lambda found: np.where(np.arange(found.shape[1]) == 1, -1, found),
    }
"""


@pytest.mark.parametrize(
    ("fault", "clause"),
    [
        ("none", None),
        ("reversed", "nearest first"),
        ("twice", "no duplicates"),
        ("one less", "shape and type"),
        ("off", "rows in range"),
        ("far", "finds neighbours"),
        ("unsteady", "repeatable as claimed"),
        ("holes", "rows in range"),
        ("shares", "two indexes at once"),
        ("writes to its input", "input unchanged"),
        ("cannot hold one point", "bucket larger than event"),
    ],
)
def test_the_contract_finds_each_fault(install, fault, clause):
    install("faulty", FAULTY)
    spec = IndexSpec("faulty", (("fault", fault),))
    broken = {name for name, complaint in broken_clauses(spec, "euclidean", 1).items() if complaint}
    assert broken if clause else not broken
    assert clause is None or clause in broken


def test_every_clause_is_needed(install):
    """No clause of the contract is one that nothing can break."""
    install("faulty", FAULTY)
    faults = ["reversed", "twice", "one less", "off", "far", "unsteady", "shares"]
    faults += ["writes to its input", "cannot hold one point"]
    broken = set()
    for fault in faults:
        complaints = broken_clauses(IndexSpec("faulty", (("fault", fault),)), "euclidean", 1)
        broken |= {name for name, complaint in complaints.items() if complaint}
    assert broken == set(CLAUSES)


def test_the_libraries_of_the_card_are_installed():
    """Without this, a broken environment would pass by skipping everything."""
    for module in ("annoy", "faiss", "hnswlib", "pynndescent", "scann"):
        assert importlib.util.find_spec(module) is not None, module
