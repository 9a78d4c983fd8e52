"""Track scores by hand, and of perfect tracks."""

from dataclasses import replace
from math import isnan

import numpy as np
import pytest
from nearhit.datasets.open_event import open_event

from nearhit.data.event import Truth
from nearhit.data.tracks import NO_TRACK, Tracks
from nearhit.quality import Trackable, label_hits
from nearhit.scoring import MATCHINGS, majority_pairs, matching_score, pairs_of, trackml_score

TRACKABLE = Trackable(min_hits=1)


@pytest.fixture
def scored(make_event):
    """Score tracks of an event of one hit a particle id, all of weight 1 / n."""

    def score(particle_ids, tracks, weights=None):
        n = len(particle_ids)
        event = make_event(np.arange(3.0 * n).reshape(n, 3) + 1)
        share = np.full(n, 1 / n) if weights is None else np.asarray(weights, float)
        event = replace(event, truth=Truth(np.asarray(particle_ids, np.int64), share))
        labels = label_hits(event, TRACKABLE)
        pairs = pairs_of(event, Tracks(np.asarray(tracks, np.int32)), labels)
        return pairs, labels

    return score


def of(pairs, labels, name):
    result = matching_score(pairs, labels, MATCHINGS[name])
    return result.efficiency, result.fake_share, result.duplicate_share


def test_perfect_tracks_have_perfect_scores(scored):
    pairs, labels = scored([1, 1, 1, 2, 2, 0], [0, 0, 0, 5, 5, -1], [0.3, 0.2, 0.1, 0.2, 0.2, 0])
    assert trackml_score(pairs) == pytest.approx(1)
    for name in MATCHINGS:
        assert of(pairs, labels, name) == (1, 0, 0)


def test_exact_halves_are_no_majority(scored):
    pairs, labels = scored([1, 1, 2, 2], [0, 0, 0, 0])
    assert trackml_score(pairs) == 0
    assert of(pairs, labels, "atlas") == (0, 1, 0)
    assert of(pairs, labels, "one_way") == (1, 1, 0)  # both particles are on it whole
    pairs, labels = scored([1, 1, 1, 1], [0, 0, 1, 1])
    assert trackml_score(pairs) == 0
    assert of(pairs, labels, "double_majority") == (0, 1, 0)
    assert of(pairs, labels, "atlas") == (1, 0, 0.5)  # two pure tracks of one particle
    assert of(pairs, labels, "one_way") == (0, 0, 0.5)


def test_exchanging_one_hit_changes_the_scores_as_defined(scored):
    ids = [1, 1, 1, 2, 2, 2]
    weights = [0.1, 0.2, 0.3, 0.1, 0.1, 0.2]
    pairs, labels = scored(ids, [0, 0, 1, 0, 1, 1], weights)
    assert trackml_score(pairs) == pytest.approx(0.1 + 0.2 + 0.1 + 0.2)
    assert of(pairs, labels, "double_majority") == (1, 0, 0)
    assert of(pairs, labels, "lhc") == (0, 1, 0)
    assert of(pairs, labels, "perfect") == (0, 1, 0)


def test_three_quarters_are_not_more_than_three_quarters(scored):
    assert of(*scored([1, 1, 1, 2], [0, 0, 0, 0]), "lhc") == (0, 1, 0)
    efficiency, fakes, _ = of(*scored([1, 1, 1, 1, 2], [0] * 5), "lhc")
    assert (efficiency, fakes) == (0.5, 0)


def test_all_but_the_best_track_of_a_particle_are_duplicates(scored):
    pairs, labels = scored([1] * 6 + [2], [0, 0, 1, 1, 1, 2, 2])
    assert of(pairs, labels, "atlas") == (0.5, pytest.approx(1 / 3), pytest.approx(1 / 3))
    assert of(pairs, labels, "double_majority") == (0, 1, 0)


def test_a_track_of_noise_is_a_fake(scored):
    pairs, labels = scored([0, 0, 0, 1], [0, 0, 0, -1])
    assert pairs.particle.tolist() == [-1]
    for name in MATCHINGS:
        assert of(pairs, labels, name) == (0, 1, 0)


def test_hits_without_truth_are_not_counted(scored):
    pairs, labels = scored([1, 1, -1, -1, -1], [0, 0, 0, 0, 1])
    assert (pairs.n_tracks, pairs.track_size.tolist()) == (1, [2])
    assert of(pairs, labels, "perfect") == (1, 0, 0)


def test_no_tracks_have_no_fakes(scored):
    pairs, labels = scored([1, 1, 0], [NO_TRACK] * 3)
    assert trackml_score(pairs) == 0
    efficiency, fakes, duplicates = of(pairs, labels, "double_majority")
    assert efficiency == 0
    assert isnan(fakes)
    assert isnan(duplicates)


def test_the_majority_particle_has_most_hits_of_the_track(scored):
    pairs, _ = scored([1, 2, 2, 0, 3, 3], [4, 4, 4, 4, 7, 7])
    assert pairs.particle[majority_pairs(pairs)].tolist() == [1, 2]


def test_perfect_tracks_of_a_whole_event_score_one():
    event = open_event("bundled")
    labels = label_hits(event, Trackable())
    tracks = Tracks(np.where(labels.of_hit >= 0, labels.of_hit, NO_TRACK))
    pairs = pairs_of(event, tracks, labels)
    assert trackml_score(pairs) == pytest.approx(1, abs=1e-6)
    assert matching_score(pairs, labels, MATCHINGS["perfect"]).efficiency == 1


def test_perfect_tracks_of_the_genuine_part_score_its_weights(trackml):
    event = open_event(str(trackml / "event000000001"))
    labels = label_hits(event, Trackable())
    tracks = Tracks(np.where(labels.of_hit >= 0, labels.of_hit, NO_TRACK))
    score = trackml_score(pairs_of(event, tracks, labels))
    assert score == pytest.approx(event.truth.weight.sum())
    assert score == pytest.approx(0.0513, abs=5e-5)
