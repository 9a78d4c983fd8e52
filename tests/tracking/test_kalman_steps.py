"""The steps of the Kalman tracker one by one: navigation, nearest hit, inward, overlaps, seeds."""

from math import inf

import numpy as np
import pytest

from nearhit.data.detector import GEV_PER_CURVATURE
from nearhit.tracking.ambiguity_resolution import MAX_HITS
from nearhit.tracking.kalman_filter import PASSES
from nearhit.tracking.kalman_filter.inward import extend_inward
from nearhit.tracking.kalman_filter.layers import lay_out
from nearhit.tracking.kalman_filter.navigation import AFTER_BINS, layers_after, layers_before
from nearhit.tracking.kalman_filter.nearest import nearest_hit
from nearhit.tracking.kalman_filter.overlaps import add_overlaps, tangent

CUTS = PASSES[0]
N_LAYERS = 10


@pytest.fixture(scope="module")
def laid_out(helical_event):
    """Layers, hits and the hits (30, 10) of each helix, outwards."""
    _, layers, hits = lay_out(helical_event)
    return layers, hits, np.argsort(hits.row).reshape(30, N_LAYERS)


def room_for(own):
    """Return a track with room for more hits."""
    track = np.full(MAX_HITS, -1, np.int64)
    track[: len(own)] = own
    return track


# Three barrel layers within |z| < 500 mm, then two discs.
BARREL = np.array([True, True, True, False, False])
PLACE = np.array([30.0, 70.0, 120.0, 600.0, 700.0])
LOW = np.array([-500.0, -500.0, -500.0, 30.0, 30.0])
HIGH = np.array([500.0, 500.0, 500.0, 180.0, 180.0])


def test_navigation_goes_outwards_through_the_barrel_and_on_into_the_discs():
    after = layers_after(BARREL, PLACE, LOW, HIGH)
    middle, end = AFTER_BINS // 2, AFTER_BINS - 1
    assert after[0, middle, :2].tolist() == [1, 2]
    assert after[2, middle].max() == -1
    assert after[0, end, 0] == 3  # 480 mm from the centre the second cylinder is too short
    assert after[3, middle, 0] == 4
    assert after[4, middle].max() == -1


def test_navigation_inwards_is_nearest_first_and_barrels_before_discs():
    before = layers_before(layers_after(BARREL, PLACE, LOW, HIGH), BARREL, PLACE)
    assert before[2, :3].tolist() == [1, 0, -1]
    assert before[0].max() == -1
    assert before[4, 0] == 3
    assert set(before[4, 1:].tolist()) <= {0, 1, 2, -1}


def test_the_nearest_hit_is_that_of_least_chi_squared(laid_out):
    layers, hits, tracks = laid_out
    hit = tracks[0, 3]
    x, y, z, phi = hits.x[hit], hits.y[hit], hits.z[hit] + 0.3, hits.phi[hit]
    where = (hits.layer[hit], x, y, z, np.cos(phi), np.sin(phi), 0.0, 0.5)

    def search(used, n_sigma):
        return nearest_hit(hits, layers, used, *where, 0.02**2, 0.1**2, n_sigma, inf, 0.3)

    free = np.zeros(len(hits.row), np.bool_)
    found, path, rphi, z_residual, chi_squared = search(free, 4.0)
    assert found == hit
    assert (path, rphi) == pytest.approx((0, 0), abs=1e-3)
    assert z_residual == pytest.approx(-0.3)
    assert chi_squared == pytest.approx(9, rel=1e-3)
    assert search(free, 2.9)[0] == -1
    free[hit] = True
    assert search(free, 4.0)[0] == -1


@pytest.mark.parametrize("missing", [1, 2, 3])
def test_a_track_is_extended_inwards_to_its_first_hit(laid_out, missing):
    layers, hits, tracks = laid_out
    used = np.zeros(len(hits.row), np.bool_)
    for own in tracks:
        track = room_for(own[missing:])
        n = extend_inward(hits, layers, CUTS, used, track, N_LAYERS - missing)
        assert track[:n].tolist() == own.tolist()


def test_a_track_is_extended_by_free_hits_alone_and_by_three_at_most(laid_out):
    layers, hits, tracks = laid_out
    used = np.zeros(len(hits.row), np.bool_)
    own = tracks[0]
    assert extend_inward(hits, layers, CUTS, used, room_for(own[5:]), 5) == 8
    used[own] = True
    assert extend_inward(hits, layers, CUTS, used, room_for(own[2:]), 8) == 8


def test_the_tangent_is_that_of_the_helix(laid_out):
    """Along the chord from the hit before to the hit after, of a curvature of pT > 0.5 GeV."""
    _, hits, tracks = laid_out
    for own in tracks:
        first, last = own[3], own[5]
        curvature, cosine, sine, cotangent = tangent(hits, own, N_LAYERS, 4)
        dx, dy = hits.x[last] - hits.x[first], hits.y[last] - hits.y[first]
        chord = np.hypot(dx, dy)
        assert (cosine * dx + sine * dy) / chord == pytest.approx(1, abs=2e-3)
        assert abs(curvature) < GEV_PER_CURVATURE / 0.5 * 1.01
        assert cotangent == pytest.approx((hits.z[last] - hits.z[first]) / chord, rel=0.01)


def test_overlaps_are_added_once_a_module(make_helices):
    _, layers, hits = lay_out(make_helices(1.5))
    tracks = np.argsort(hits.row).reshape(30, 2, N_LAYERS)
    used = np.zeros(len(hits.row), np.bool_)
    for own, second in tracks:
        track = room_for(own)
        total = add_overlaps(hits, layers, CUTS, used, track, N_LAYERS)
        assert track[:N_LAYERS].tolist() == own.tolist()
        assert sorted(track[N_LAYERS:total]) == sorted(second)
    one_module = hits._replace(module=np.zeros_like(hits.module))
    assert add_overlaps(one_module, layers, CUTS, used, room_for(tracks[0, 0]), N_LAYERS) == 10
    used[:] = True
    assert add_overlaps(hits, layers, CUTS, used, room_for(tracks[0, 0]), N_LAYERS) == 10
