"""Track scores by hand, and of perfect tracks."""

from dataclasses import replace

import numpy as np
import pytest
from nearhit.datasets.open_event import open_event

from nearhit.data.event import Truth
from nearhit.data.tracks import NO_TRACK, Tracks
from nearhit.quality import Trackable, label_hits
from nearhit.scoring import (
    MATCHINGS,
    efficiency,
    majority_pairs,
    pairs_of,
    track_kinds,
    trackml_score,
)

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


def found(pairs, labels, name):
    return efficiency(pairs, labels, MATCHINGS[name])


def kinds(pairs):
    """Return which tracks are fakes, fragments and duplicates."""
    held = track_kinds(pairs)
    return tuple(
        np.flatnonzero(mask).tolist() for mask in (held.fakes, held.fragments, held.duplicates)
    )


def test_perfect_tracks_have_perfect_scores(scored):
    pairs, labels = scored([1, 1, 1, 2, 2, 0], [0, 0, 0, 5, 5, -1], [0.3, 0.2, 0.1, 0.2, 0.2, 0])
    assert trackml_score(pairs) == pytest.approx(1)
    for name in MATCHINGS:
        assert found(pairs, labels, name) == 1
    assert kinds(pairs) == ([], [], [])


def test_exact_halves_are_no_majority(scored):
    pairs, labels = scored([1, 1, 2, 2], [0, 0, 0, 0])
    assert trackml_score(pairs) == 0
    assert found(pairs, labels, "atlas") == 0
    assert found(pairs, labels, "one_way") == 1  # both particles are on it whole
    assert kinds(pairs) == ([0], [], [])
    pairs, labels = scored([1, 1, 1, 1], [0, 0, 1, 1])
    assert trackml_score(pairs) == 0
    assert found(pairs, labels, "double_majority") == 0
    assert found(pairs, labels, "atlas") == 1  # two pure tracks of one particle
    assert found(pairs, labels, "one_way") == 0
    assert kinds(pairs) == ([], [0, 1], [1])


def test_exchanging_one_hit_changes_the_scores_as_defined(scored):
    ids = [1, 1, 1, 2, 2, 2]
    weights = [0.1, 0.2, 0.3, 0.1, 0.1, 0.2]
    pairs, labels = scored(ids, [0, 0, 1, 0, 1, 1], weights)
    assert trackml_score(pairs) == pytest.approx(0.1 + 0.2 + 0.1 + 0.2)
    assert found(pairs, labels, "double_majority") == 1
    assert found(pairs, labels, "lhc") == 0
    assert found(pairs, labels, "perfect") == 0


def test_three_quarters_are_not_more_than_three_quarters(scored):
    assert found(*scored([1, 1, 1, 2], [0, 0, 0, 0]), "lhc") == 0
    assert found(*scored([1, 1, 1, 1, 2], [0] * 5), "lhc") == 0.5


def test_all_but_the_best_track_of_a_particle_are_duplicates(scored):
    """Track 1 has half of particle 1, track 0 less, and track 2 a hit of either particle."""
    pairs, labels = scored([1] * 6 + [2], [0, 0, 1, 1, 1, 2, 2])
    assert kinds(pairs) == ([2], [0, 1], [0])
    assert found(pairs, labels, "atlas") == 0.5
    assert found(pairs, labels, "double_majority") == 0
    pairs, _ = scored([1] * 6, [0, 0, 1, 1, 1, 1])
    assert kinds(pairs) == ([], [0], [0])  # the best has more than half, and is no fragment


def test_perfect_tracking_inside_small_buckets_has_fragments_and_no_fakes(scored):
    pairs, _ = scored([1, 1, 1, 1, 2, 2, 2], [0, 0, -1, -1, 1, 1, -1])
    assert kinds(pairs) == ([], [0], [])


def test_a_track_of_noise_is_a_fake(scored):
    pairs, labels = scored([0, 0, 0, 1], [0, 0, 0, -1])
    assert pairs.particle.tolist() == [-1]
    for name in MATCHINGS:
        assert found(pairs, labels, name) == 0
    assert kinds(pairs) == ([0], [], [])


def test_hits_without_truth_are_not_counted(scored):
    pairs, labels = scored([1, 1, -1, -1, -1], [0, 0, 0, 0, 1])
    assert (pairs.n_tracks, pairs.track_size.tolist()) == (1, [2])
    assert found(pairs, labels, "perfect") == 1
    assert kinds(pairs) == ([], [], [])


def test_no_tracks_have_no_fakes(scored):
    pairs, labels = scored([1, 1, 0], [NO_TRACK] * 3)
    assert trackml_score(pairs) == 0
    assert found(pairs, labels, "double_majority") == 0
    assert kinds(pairs) == ([], [], [])


def test_the_majority_particle_has_most_hits_of_the_track(scored):
    pairs, _ = scored([1, 2, 2, 0, 3, 3], [4, 4, 4, 4, 7, 7])
    assert pairs.particle[majority_pairs(pairs)].tolist() == [1, 2]


def test_perfect_tracks_of_a_whole_event_score_one():
    event = open_event("bundled")
    labels = label_hits(event, Trackable())
    tracks = Tracks(np.where(labels.of_hit >= 0, labels.of_hit, NO_TRACK))
    pairs = pairs_of(event, tracks, labels)
    assert trackml_score(pairs) == pytest.approx(1, abs=1e-6)
    assert found(pairs, labels, "perfect") == 1
    assert kinds(pairs) == ([], [], [])


def test_perfect_tracks_of_the_genuine_part_score_its_weights(trackml):
    event = open_event(str(trackml / "event000000001"))
    labels = label_hits(event, Trackable())
    tracks = Tracks(np.where(labels.of_hit >= 0, labels.of_hit, NO_TRACK))
    score = trackml_score(pairs_of(event, tracks, labels))
    assert score == pytest.approx(event.truth.weight.sum())
    assert score == pytest.approx(0.0513, abs=5e-5)
