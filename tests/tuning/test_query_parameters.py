"""A query parameter takes effect on a built index, as if the index had been built with it."""

import numpy as np
import pytest

from nearhit.index.index import Index
from nearhit.plugins.registry import adapters, runs_here
from nearhit.tuning.space import Space

pytestmark = pytest.mark.filterwarnings(  # ngt's folder goes with its index, unasked
    "ignore:Exception ignored in:pytest.PytestUnraisableExceptionWarning"
)

K = 10
BISECTED = [
    pytest.param(name, marks=[pytest.mark.slow] if adapter.compiles else [])
    for name, adapter in adapters().items()
    if runs_here(adapter) and adapter.devices == ("cpu",) and Space.of(name, K).query
]


@pytest.mark.parametrize("library", BISECTED)
def test_it_takes_effect_without_building_again(library):
    points = np.random.default_rng(2).normal(size=(3_000, 3)).astype(np.float32)
    space = Space.of(library, K)
    built = Index(space.default).build(points)
    queries = points[:200]
    exact = _exact(queries, points)
    for value in (space.ladder[0], space.ladder[-1]):
        spec = space.spec({}, value)
        turned = built.set_parameters(spec).query(queries, K)
        fresh = Index(spec).build(points).query(queries, K)
        if adapters()[library].repeatable == "never":  # two builds differ, not what they find
            assert abs(_shared(turned, exact) - _shared(fresh, exact)) < 0.1, value
        else:
            assert _shared(turned, fresh) == 1.0, value


@pytest.mark.parametrize("library", BISECTED)
def test_more_of_it_finds_no_less(library):
    points = np.random.default_rng(4).normal(size=(3_000, 3)).astype(np.float32)
    queries = points[:200]
    space = Space.of(library, K)
    built = Index(space.default).build(points)
    exact = _exact(queries, points)
    recalls = []
    for value in space.ladder[:: len(space.ladder) // 5]:
        found = built.set_parameters(space.spec({}, value)).query(queries, K)
        recalls.append(_shared(exact, found))
    assert np.all(np.diff(recalls) >= -0.005), recalls


def _exact(queries, points):
    return np.argsort(((queries[:, None] - points) ** 2).sum(axis=2), axis=1)[:, :K]


def _shared(one, other):
    return np.mean([np.isin(a, b).mean() for a, b in zip(one, other, strict=True)])
