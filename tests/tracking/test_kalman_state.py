"""Pulls of the Kalman state on smeared helices, and its covariance, which stays positive definite.

Offset, direction and curvature in the transverse plane, z and cotangent along the beam: each less
the truth, over its standard deviation, has mean 0 and width 1 if the filter knows what it claims.
"""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nearhit.data.detector import GEV_PER_CURVATURE
from nearhit.tracking.kalman_filter import PASSES
from nearhit.tracking.kalman_filter.follow import follow
from nearhit.tracking.kalman_filter.layers import lay_out
from nearhit.tracking.kalman_filter.state import (
    N_COVARIANCE,
    N_STATE,
    scatter,
    transport,
    update,
)
from nearhit.tracking.kalman_filter.trackml_layers import RESOLUTION

N_TRACKS = 4000
MEAN, WIDTH = 0.05, 0.1
HIGHLAND = 0.0136  # GeV
PARAMETERS = ("offset", "direction", "curvature", "z", "cotangent")
VARIANCES = [0, 3, 5, 6, 8]

BARREL = [
    *((8, 2 * i + 2, radius) for i, radius in enumerate((32.0, 72.0, 116.0, 172.0))),
    *((13, 2 * i + 2, radius) for i, radius in enumerate((260.0, 360.0, 500.0, 660.0))),
    *((17, 2 * i + 2, radius) for i, radius in enumerate((820.0, 1020.0))),
]
DISCS = [
    (9, 2 * i + 2, z) for i, z in enumerate((600.0, 700.0, 820.0, 960.0, 1120.0, 1320.0, 1500.0))
]


@dataclass
class Helix:
    """Position and direction of many particles, each (n,), and their constants."""

    x: np.ndarray
    y: np.ndarray
    z: np.ndarray
    phi: np.ndarray
    curvature: np.ndarray
    cotangent: np.ndarray

    def after(self, path):
        """Return the same after a path (n,) in mm."""
        turn = self.phi + self.curvature * path
        return replace(
            self,
            x=self.x + (np.sin(turn) - np.sin(self.phi)) / self.curvature,
            y=self.y - (np.cos(turn) - np.cos(self.phi)) / self.curvature,
            z=self.z + self.cotangent * path,
            phi=turn,
        )

    def at_radius(self, radius):
        """Return the same at a radius outwards, by Newton's method."""
        path = radius - np.hypot(self.x, self.y)
        for _ in range(20):
            there = self.after(path)
            r = np.hypot(there.x, there.y)
            path += (radius - r) * r / (there.x * np.cos(there.phi) + there.y * np.sin(there.phi))
        return self.after(path)

    def at_z(self, z):
        """Return the same at a plane across the beam."""
        return self.after((z - self.z) / self.cotangent)


def produced(random, cotangents, min_pt=1.0, n=N_TRACKS):
    """Return particles near the beam line, as the first pass expects them, with pT up to 10 GeV."""
    phi = random.uniform(-np.pi, np.pi, n)
    offset = random.normal(0, PASSES[0].beam_offset, n)
    pt, charge = random.uniform(min_pt, 10.0, n), random.choice([-1.0, 1.0], n)
    return Helix(
        x=-offset * np.sin(phi),
        y=offset * np.cos(phi),
        z=random.normal(0, 50, n),
        phi=phi,
        curvature=charge * GEV_PER_CURVATURE / pt,
        cotangent=random.uniform(*cotangents, n),
    )


def scattered(random, helix, thickness, barrel):
    """Return particles after a layer of so many radiation lengths (n,): Highland, no logarithm."""
    steep = 1 + helix.cotangent**2
    oblique = np.sqrt(steep if barrel else steep / helix.cotangent**2)
    theta = HIGHLAND * abs(helix.curvature) / GEV_PER_CURVATURE * np.sqrt(thickness * oblique)
    n = len(helix.phi)
    return replace(
        helix,
        phi=helix.phi + random.normal(0, 1, n) * theta,
        cotangent=helix.cotangent + random.normal(0, 1, n) * theta * np.sqrt(steep),
    )


def smeared(random, helix, volume, barrel):
    """Return hits (n, 3), Gaussian about where particles cross a layer."""
    rphi_resolution, z_resolution = RESOLUTION[volume]
    phi = np.arctan2(helix.y, helix.x)
    rphi = random.normal(0, rphi_resolution, len(phi))
    along = random.normal(0, z_resolution, len(phi))
    r, z = (0, along) if barrel else (along, 0)
    x = helix.x - rphi * np.sin(phi) + r * np.cos(phi)
    y = helix.y + rphi * np.cos(phi) + r * np.sin(phi)
    return np.column_stack((x, y, helix.z + z))


@dataclass
class Sample:
    """Smeared hits in their layers, the hits (n, l) of each particle outwards, and the truth."""

    layers: object
    hits: object
    tracks: np.ndarray
    truth: Helix


@pytest.fixture(scope="module")
def make_sample(make_event):
    """Make particles that leave a smeared hit in each layer, scattered in it."""

    def make(detector, cotangents, thickness=0.0, min_pt=1.0, n=N_TRACKS):
        random = np.random.default_rng(3)
        helix, positions = produced(random, cotangents, min_pt, n), []
        barrel = detector is BARREL
        for volume, _, place in detector:
            helix = helix.at_radius(place) if barrel else helix.at_z(place)
            positions.append(smeared(random, helix, volume, barrel))
            helix = scattered(random, helix, thickness, barrel)
        positions = np.stack(positions, axis=1)
        # Two hits beyond all others in each layer, so that no particle is at its edge.
        margin = positions[:2] * [[[1, 1, 0]]] + [[[0, 0, 1]]] * abs(positions).max(axis=0) * 1.1
        margin[1] *= [1, 1, -1]
        positions = np.concatenate((positions, margin)) if barrel else positions
        volume, layer, _ = np.array(detector, np.int32).T
        event = make_event(positions.reshape(-1, 3), volume=np.tile(volume, len(positions)))
        hits = replace(event.hits, layer=np.tile(layer, len(positions)))
        _, layers, hits = lay_out(replace(event, hits=hits))
        tracks = np.argsort(hits.row).reshape(len(positions), -1)[:n]
        return Sample(layers, hits, tracks, helix)

    return make


def followed(sample, cuts, layers=None, n_hits=None):
    """Return states and covariances after the first hits of each particle, others being hidden."""
    n = len(sample.tracks)
    states, covariances = np.empty((n, N_STATE)), np.empty((n, N_COVARIANCE))
    used, track = np.ones(len(sample.hits.row), np.bool_), np.empty(40, np.int64)
    for own, state, covariance in zip(sample.tracks[:, :n_hits], states, covariances, strict=True):
        used[own] = False
        found, _ = follow(
            sample.hits, layers or sample.layers, cuts, used, own[0], own[1],
            track, state, covariance,
        )  # fmt: skip
        used[own] = True
        assert track[:found].tolist() == own.tolist()
    return states, covariances


def pulls_of(sample, states, covariances):
    """Return pulls (n, 5) at the last layer: where the particle passes nearest to the state."""
    truth = sample.truth
    x, y, z, cosine, sine, curvature, cotangent = states.T
    dx, dy = x - truth.x, y - truth.y
    path = dx * np.cos(truth.phi) + dy * np.sin(truth.phi)
    near = truth.after(path)
    turn = np.arctan2(sine, cosine) - near.phi
    residuals = (
        (y - near.y) * np.cos(near.phi) - (x - near.x) * np.sin(near.phi),
        np.arctan2(np.sin(turn), np.cos(turn)),
        curvature - truth.curvature,
        z - near.z,
        cotangent - truth.cotangent,
    )
    return np.column_stack(residuals) / np.sqrt(covariances[:, VARIANCES])


def check(pulls):
    """Mean 0 and width 1, of each parameter."""
    shown = [
        f"{name} {one.mean():.3f} ± {one.std():.3f}"
        for name, one in zip(PARAMETERS, pulls.T, strict=True)
    ]
    assert abs(pulls.mean(axis=0)).max() < MEAN, shown
    assert abs(pulls.std(axis=0) - 1).max() < WIDTH, shown


@pytest.mark.parametrize("detector", [BARREL, DISCS], ids=["barrel", "discs"])
@pytest.mark.parametrize("thickness", [0.0, 0.02], ids=["no scattering", "scattering"])
def test_pulls(make_sample, detector, thickness):
    cotangents = (-1.0, 1.0) if detector is BARREL else (10.5, 16.0)
    sample = make_sample(detector, cotangents, thickness)
    check(pulls_of(sample, *followed(sample, PASSES[0]._replace(thickness=thickness))))


def test_a_wrong_covariance_is_noticed(make_sample):
    sample, cuts = make_sample(BARREL, (-1.0, 1.0)), PASSES[0]._replace(thickness=0.0)
    states, covariances = followed(sample, cuts)
    with pytest.raises(AssertionError, match="offset"):
        check(pulls_of(sample, states, 4 * covariances))
    wrong = sample.layers._replace(rphi_resolution=1.5 * sample.layers.rphi_resolution)
    with pytest.raises(AssertionError, match="offset"):
        check(pulls_of(sample, *followed(sample, cuts, wrong)))


def blocks(covariance):
    """Return the two blocks of a covariance, the transverse one and that along the beam."""
    c = covariance
    return (
        np.array([[c[0], c[1], c[2]], [c[1], c[3], c[4]], [c[2], c[4], c[5]]]),
        np.array([[c[6], c[7]], [c[7], c[8]]]),
    )


def assert_positive_definite(covariance):
    for block in blocks(covariance):
        scale = np.sqrt(block.diagonal())
        assert np.linalg.eigvalsh(block / np.outer(scale, scale)).min() > 0


@pytest.mark.parametrize("detector", [BARREL, DISCS], ids=["barrel", "discs"])
def test_the_covariance_is_positive_definite_after_every_hit(make_sample, detector):
    sample = make_sample(detector, (-1.0, 1.0) if detector is BARREL else (10.5, 16.0), n=50)
    for n_hits in range(2, len(detector) + 1):
        _, covariances = followed(sample, PASSES[0], n_hits=n_hits)
        for covariance in covariances:
            assert_positive_definite(covariance)


@settings(deadline=None)  # the first example compiles
@given(
    variances=st.lists(st.floats(1e-4, 1e4), min_size=5, max_size=5),
    steps=st.lists(
        st.tuples(st.floats(1, 500), st.floats(1e-3, 0.1), st.floats(1e-3, 5), st.booleans()),
        min_size=1,
        max_size=20,
    ),
    curvature=st.floats(-2e-3, 2e-3),
    cotangent=st.floats(-20, 20),
)
def test_no_step_makes_a_covariance_indefinite(variances, steps, curvature, cotangent):
    covariance = np.zeros(N_COVARIANCE)
    covariance[VARIANCES] = variances * np.array([1, 1e-2, 1e-6, 1, 1e-2])
    for path, rphi_resolution, z_resolution, barrel in steps:
        transport(covariance, path)
        assert_positive_definite(covariance)
        before = covariance[VARIANCES]
        update(covariance, rphi_resolution**2, z_resolution**2)
        assert_positive_definite(covariance)
        assert (covariance[VARIANCES] <= before).all()
        scatter(covariance, curvature, cotangent, 0.02, barrel)
        assert_positive_definite(covariance)


def test_a_step_is_that_of_the_textbook():
    """Transport F C Fᵀ and update (1 - K H) C, in each block."""
    random = np.random.default_rng(4)
    covariance = np.zeros(N_COVARIANCE)
    for rows, size in ((slice(0, 6), 3), (slice(6, 9), 2)):
        root = random.normal(size=(size, size))
        covariance[rows] = (root @ root.T)[np.triu_indices(size)]
    transverse, along = blocks(covariance)
    path, variances = 3.0, (0.5, 0.7)
    jacobians = np.array([[1, path, path**2 / 2], [0, 1, path], [0, 0, 1]]), [[1, path], [0, 1]]
    transport(covariance, path)
    expected = [
        np.array(f) @ c @ np.array(f).T for f, c in zip(jacobians, (transverse, along), strict=True)
    ]
    for found, block in zip(blocks(covariance), expected, strict=True):
        assert found == pytest.approx(block)
    gains = update(covariance, *variances)
    kalman = [block[:, 0] / (block[0, 0] + v) for block, v in zip(expected, variances, strict=True)]
    assert gains == pytest.approx(np.concatenate(kalman))
    for found, block, gain in zip(blocks(covariance), expected, kalman, strict=True):
        assert found == pytest.approx(block - np.outer(gain, block[0]))
