"""Scores in bins of pT and η, and tracks as clusters, by hand."""

from dataclasses import replace
from math import isnan

import numpy as np
import pytest

from nearhit.data.event import Truth
from nearhit.data.tracks import NO_TRACK, Tracks
from nearhit.quality import Trackable, label_hits
from nearhit.scoring import AXES, MATCHINGS, SCORES, Scored, found_sizes, profiles, track_sizes
from nearhit.scoring.kinematics import particle_pt, track_eta, track_pt


@pytest.fixture
def scored(make_event, make_particles):
    """Three particles of 0.15, 1.0 and 4.0 GeV, and the tracks given."""

    def score(particle_ids, tracks, positions=None):
        n = len(particle_ids)
        where = np.arange(3.0 * n).reshape(n, 3) + 1 if positions is None else positions
        event = make_event(where, particles=make_particles([1, 2, 3], [0.15, 1.0, 4.0]))
        share = np.full(n, 1 / n)
        event = replace(event, truth=Truth(np.asarray(particle_ids, np.int64), share))
        labels = label_hits(event, Trackable(min_hits=2))
        return Scored(event, labels, Tracks(np.asarray(tracks, np.int32)))

    return score


def test_particles_are_binned_by_their_true_pt(scored):
    one = scored([1, 1, 2, 2, 3, 3], [0, 0, NO_TRACK, NO_TRACK, 1, 1])
    assert particle_pt(one) == pytest.approx([0.15, 1.0, 4.0])
    pt = profiles(one)["pt"]
    assert pt["edges"] == list(AXES[0].edges)
    assert np.flatnonzero(pt["trackable"]).tolist() == [0, 6, 10]
    assert np.flatnonzero(pt["double_majority_found"]).tolist() == [0, 10]
    for name in MATCHINGS:
        assert sum(pt[f"{name}_found"]) == 2
    assert sum(pt["fakes"] + pt["fragments"] + pt["duplicates"]) == 0


def test_central_efficiency_counts_particles_above_1_gev(scored):
    one = scored([1, 1, 2, 2, 3, 3], [0, 0, NO_TRACK, NO_TRACK, 1, 1])
    assert SCORES["central_efficiency"].value(one) == 0.5  # of 1.0 and 4.0 GeV the latter
    assert SCORES["central_prompt_efficiency"].value(one) == 0.5
    far = np.array([[0, 0, 0], [0, 0, 0], [31, 0, 0]], np.float32)
    moved = replace(one.event, particles=replace(one.event.particles, vertex=far))
    assert SCORES["central_prompt_efficiency"].value(replace(one, event=moved)) == 0
    unknown = replace(one, event=replace(one.event, particles=None))
    assert isnan(SCORES["central_efficiency"].value(unknown))


def circle(radius, n, slope, turned=0.2):
    """Hits of a helix of a radius in mm that starts on the beam line, of a slope in z."""
    angle = np.linspace(0.05, turned, n)
    x, y = radius * np.sin(angle), radius * (1 - np.cos(angle))
    return np.column_stack((x, y, slope * np.hypot(x, y)))


def test_track_pt_is_from_its_circle_and_eta_from_its_hits(scored):
    """1 GeV in 2 T is a circle of 1.668 m."""
    hits = np.vstack((circle(1_668, 5, 1.0), circle(3_336, 4, -2.0)))
    one = scored([2] * 5 + [3] * 4, [7] * 5 + [3] * 4, hits)  # tracks are in order of number
    assert track_pt(one) == pytest.approx([2.0, 1.0], rel=1e-3)
    assert track_eta(one) == pytest.approx(np.arcsinh([-2.0, 1.0]), rel=2e-2)


def test_fakes_fragments_and_duplicates_are_binned_by_their_hits(scored):
    hits = np.vstack((circle(1_668, 6, 1.0), circle(3_336, 4, -2.0)))
    # Track 0 has half of particle 2 and so none; track 1 half of it; track 2 is noise.
    one = scored([2] * 6 + [0] * 4, [0, 0, 0, 1, 1, 1] + [2] * 4, hits)
    pt = profiles(one)["pt"]
    at_1, at_2 = 6, 8
    assert (sum(pt["tracks"]), sum(pt["fakes"]), sum(pt["fragments"])) == (3, 1, 2)
    assert pt["fakes"][at_2] == 1
    assert sum(pt["fragments"][at_1 - 1 : at_1 + 1]) == 2
    assert sum(pt["duplicates"][at_1 - 1 : at_1 + 1]) == sum(pt["duplicates"]) == 1
    eta = profiles(one)["eta"]
    assert sum(eta["tracks"][:8]) == 1  # the one that goes backwards


def test_tracks_without_a_value_are_in_no_bin(scored):
    one = scored([1, 1, 2, 2], [0, 0, 1, 4])
    assert np.isnan(track_pt(one)).all()  # two hits are no circle
    assert sum(profiles(one)["pt"]["tracks"]) == 0
    assert sum(profiles(one)["eta"]["tracks"]) == 1


def test_cluster_efficiency_purity_and_sizes(scored):
    # Track 0: three of particle 1's four and one of 2; track 1: two of noise, one of 1.
    one = scored([1, 1, 1, 2, 0, 0, 1, 2], [0, 0, 0, 0, 1, 1, 1, NO_TRACK])
    assert SCORES["cluster_efficiency"].value(one) == 0.75
    assert SCORES["cluster_purity"].value(one) == 0.75  # noise leads the other track
    assert SCORES["hits_on_track"].value(one) == 3.5
    assert np.flatnonzero(track_sizes(one)).tolist() == [3, 4]
    matrix = np.array(found_sizes(one))
    assert matrix.sum() == 2
    assert matrix[4, 3] == matrix[2, 1] == 1


def test_clusters_without_tracks(scored):
    one = scored([1, 1, 2], [NO_TRACK] * 3)
    assert isnan(SCORES["cluster_purity"].value(one))
    assert isnan(SCORES["hits_on_track"].value(one))
    assert isnan(SCORES["fake_share"].value(one))
    assert sum(track_sizes(one)) == 0
    assert np.array(found_sizes(one))[2, 0] == 1
    assert sum(profiles(one)["eta"]["tracks"]) == 0


def test_every_score_has_a_definition():
    for score in SCORES.values():
        assert score.formula
        assert score.better in {"higher", "lower"}
    assert {f"{name}_efficiency" for name in MATCHINGS} <= set(SCORES)


def test_shares_of_tracks_are_of_all_tracks(scored):
    one = scored([1] * 4 + [2] * 4 + [0], [0, 0, 0, 1, 2, 2, 3, 3, 4])
    shares = [SCORES[f"{kind}_share"].value(one) for kind in ("fake", "fragment", "duplicate")]
    assert shares == [1 / 5, 3 / 5, 2 / 5]
