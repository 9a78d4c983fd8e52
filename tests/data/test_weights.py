"""Hit weights: by hand, by the official ones, and where there are none."""

from dataclasses import replace

import numpy as np
import pytest
from nearhit.datasets.readers.trackml import read_event

from nearhit.data.event import Truth
from nearhit.data.weights import formula_weights, hit_weights
from nearhit.errors import BadInputError

FIRST, SECOND = (1 << 52) | (1 << 24), (1 << 52) | (2 << 24)


@pytest.fixture
def event(make_event, make_particles):
    """Nine hits of a particle of 3 GeV, four of one of 0.3 GeV, three of one more, one of noise."""
    z = [*range(9, 0, -1), 10, 20, 30, 40, 1, 2, 3, 5]
    ids = [FIRST] * 9 + [SECOND] * 4 + [SECOND + 1] * 3 + [0]
    positions = np.column_stack((np.ones(17), np.ones(17), z))
    return make_event(
        positions, ids, particles=make_particles([FIRST, SECOND, SECOND + 1], [3, 0.3, 5])
    )


def test_weights_by_hand(event):
    weight = hit_weights(event)
    profile = np.array([6, 5, 3, 3, 3, 5, 6, 8, 10]) / 49  # hits stand in the reverse order
    four = np.interp(np.linspace(0, 8, 4), range(9), [10, 8, 6, 5, 3, 3, 3, 5, 6])
    expected = np.concatenate((profile, 0.2 * four / four.sum(), np.zeros(4))) / 1.2
    assert weight == pytest.approx(expected)
    assert weight.sum() == pytest.approx(1)


def test_particles_that_the_detector_made_weigh_nothing(event, make_particles):
    ids = event.truth.particle_id.copy()
    ids[9:13] = made = SECOND | (1 << 16) | 5
    particles = make_particles([FIRST, made, SECOND + 1], [3, 0.3, 5])
    weight = formula_weights(replace(event, truth=Truth(ids), particles=particles))
    assert weight[9:13].tolist() == [0, 0, 0, 0]
    # Ids that are no barcodes do not tell who was made where.
    small = np.select([ids == FIRST, ids == made], [1, 2], 0)
    plain = make_particles([1, 2], [3, 0.3])
    assert (formula_weights(replace(event, truth=Truth(small), particles=plain))[:13] > 0).all()


def test_the_events_own_weights_come_first(event):
    own = np.full(17, 0.5)
    assert hit_weights(replace(event, truth=Truth(event.truth.particle_id, own))) is own


def test_what_weights_need(event):
    with pytest.raises(BadInputError, match="no truth"):
        hit_weights(replace(event, truth=None))
    with pytest.raises(BadInputError, match="no particles"):
        hit_weights(replace(event, particles=None))


def test_the_formula_gives_the_official_weights(trackml):
    """Two hits nearly as far along the beam may swap their ranks: coordinates are rounded."""
    event = read_event(trackml / "event000000001")
    official, formula = event.truth.weight, formula_weights(event)
    assert ((official > 0) == (formula > 0)).all()
    weighed = official > 0
    ratio = formula[weighed] / official[weighed]
    assert (np.abs(ratio / np.median(ratio) - 1) < 1e-4).mean() > 0.98
    assert official.sum() == pytest.approx(0.0513, abs=1e-4)
