"""Helices of the helix search: drawn through two hits, and fitted to smeared ones."""

import numpy as np
import pytest

from nearhit.tracking.helix_search import HelixCuts
from nearhit.tracking.helix_search.helix import (
    FAR,
    HALF_CURVATURE,
    VERTEX_Z,
    HelixHits,
    chi_squared_of,
    draw,
    fit,
    rotation,
)

CUTS = HelixCuts(n_sigma=6.0, rphi_scattering=0.0, z_scattering=0.0, min_layers=4)
RADII = np.array([32.0, 72.0, 116.0, 172.0, 260.0, 360.0, 500.0, 660.0])
HELICES = [(0.0006, 1.0, 0.5, 30.0), (-0.0012, -3.1, -1.0, -100.0), (1e-5, 3.1, 0.0, 0.0)]


def hits_of(helix, rphi_error=0.0, z_error=0.0):
    """Return the hits of a helix, by the formulas of the module, displaced by these errors."""
    curvature, phi, cotangent, z = helix
    angle = np.arcsin(np.clip(curvature * RADII / 2, -1, 1))
    azimuth = phi + angle + rphi_error / RADII
    return HelixHits(
        r=RADII,
        phi=np.arctan2(np.sin(azimuth), np.cos(azimuth)),
        z=z + cotangent * 2 * angle / curvature + z_error,
        layer=np.arange(len(RADII)),
        module=np.arange(len(RADII), dtype=np.int32),
        rphi_resolution=np.full(len(RADII), 0.02),
        z_resolution=np.full(len(RADII), 0.1),
    )


@pytest.mark.parametrize("curvature", [0.0, 1e-6, -1e-3, 2e-3])
def test_the_rotation_is_an_arcsine(curvature):
    found = [rotation(curvature, radius) for radius in RADII]
    assert found == pytest.approx(np.arcsin(curvature * RADII / 2), rel=1e-4)


@pytest.mark.parametrize("helix", HELICES)
def test_a_helix_is_drawn_through_two_of_its_hits(helix):
    found = np.empty(4)
    for one, other in ((1, 4), (4, 1)):
        assert draw(hits_of(helix), one, other, found)
        turn = found[1] - helix[1]
        assert found[0] == pytest.approx(helix[0], rel=1e-3)
        assert np.arctan2(np.sin(turn), np.cos(turn)) == pytest.approx(0, abs=1e-4)
        assert found[2:] == pytest.approx(helix[2:], abs=0.02)


@pytest.mark.parametrize(
    "helix",
    [(0.0006, 1.0, 0.5, VERTEX_Z + 1), (2 * HALF_CURVATURE * 1.1, 1.0, 0.0, 0.0)],
    ids=["vertex", "curvature"],
)
def test_no_helix_is_drawn_beyond_the_cuts(helix):
    inner = {"one": 0, "other": 2}
    assert not draw(hits_of(helix), *inner.values(), np.empty(4))
    assert draw(hits_of((0.9 * helix[0], 1.0, helix[2], 0.0)), *inner.values(), np.empty(4))
    assert not draw(hits_of((0.0006, 1.0, 0.5, 0.0)), 2, 2, np.empty(4))


@pytest.mark.parametrize("helix", HELICES)
def test_chi_squared_counts_errors_in_units_of_the_resolution(helix):
    for errors, expected in (((0, 0), 0), ((0.04, 0), 4), ((0, 0.3), 9), ((-0.02, 0.1), 2)):
        hits = hits_of(helix, *errors)
        found = [
            chi_squared_of(hits, CUTS, hit, np.array(helix), 0.0, FAR) for hit in range(len(RADII))
        ]
        assert found == pytest.approx([expected] * len(RADII), abs=0.15)  # of the series


def test_a_helix_known_between_two_radii_is_less_so_beyond():
    hits = hits_of(HELICES[0], 0.04)
    inside = chi_squared_of(hits, CUTS, 7, np.array(HELICES[0]), 32.0, 660.0)
    beyond = chi_squared_of(hits, CUTS, 7, np.array(HELICES[0]), 32.0, 172.0)
    assert beyond < inside / 4


def test_the_fit_is_unbiased_and_as_precise_as_least_squares():
    """Pulls of 1,000 fits: their covariance is that of two weighted straight lines."""
    random, truth = np.random.default_rng(6), np.array(HELICES[0])
    around = np.arange(len(RADII), dtype=np.int32)
    found = np.empty((1000, 4))
    for helix in found:
        errors = random.normal(0, 0.02, len(RADII)), random.normal(0, 0.1, len(RADII))
        helix[:] = truth
        fit(hits_of(truth, *errors), CUTS, around, helix)
    reach = np.arcsin(truth[0] * RADII / 2) / truth[0]
    sigmas = []
    for lever, error in ((reach, 0.02 / RADII), (2 * reach, np.full(len(RADII), 0.1))):
        design = np.column_stack((lever, np.ones(len(RADII)))) / error[:, np.newaxis]
        sigmas += np.sqrt(np.linalg.inv(design.T @ design).diagonal()).tolist()
    pulls = (found - truth) / sigmas
    assert abs(pulls.mean(axis=0)).max() < 0.12
    assert abs(pulls.std(axis=0) - 1).max() < 0.1


def test_the_fit_leaves_out_hits_that_are_far_off():
    hits, helix = hits_of(HELICES[0]), np.array(HELICES[0])
    hits.z[3] += 50
    fit(hits, CUTS, np.append(np.arange(len(RADII)), -1).astype(np.int32), helix)
    assert helix == pytest.approx(HELICES[0], rel=1e-3)


def test_too_few_hits_leave_a_helix_as_it_is():
    helix = np.array(HELICES[0])
    fit(hits_of(HELICES[0]), CUTS, np.array([2, -1], np.int32), helix)
    assert helix == pytest.approx(HELICES[0])
