"""Trackers: what they find of what is known, and what they do where there is nothing to find."""

from dataclasses import replace

import numpy as np
import pytest

from nearhit.data.buckets import MISSING, Buckets
from nearhit.index.index import Index
from nearhit.plugins.registry import metric_named, trackers
from nearhit.plugins.spec import IndexSpec, TrackerSpec
from nearhit.quality import Trackable, count_buckets, label_hits
from nearhit.scoring import SCORES, Scored, pairs_of
from nearhit.tracking.run import check_tracker, defect_of_tracks, track, whole_event

# ACTS' own need hits on modules: see test_acts.py.
IN_BUCKETS = [
    name for name, one in trackers().items() if one.takes != "event" and one.package != "pyacts"
]


def find(text, event, buckets, threads=2):
    spec = TrackerSpec.parse(text)
    shown = event if trackers()[spec.name].truth else event.without_truth()
    found = track(spec, threads, 0, shown, buckets)
    assert not defect_of_tracks(found.tracks, len(event))
    assert min(found.stages.values()) >= 0
    return found.tracks


def buckets_of(event, k):
    points = metric_named("angular").project(event)
    members = Index(IndexSpec.parse("scipy-kdtree")).build(points).query(points, k)
    return Buckets(np.arange(len(event), dtype=np.int32), members)


ONE = ("trackml_score", "double_majority_efficiency")
NONE = ("fake_share", "fragment_share", "duplicate_share")
"""Scores that are 1, and shares that are 0, of perfect tracks."""


def scores(event, tracks):
    labels = label_hits(event, Trackable())
    scored = Scored(event, labels, tracks)
    return {name: SCORES[name].value(scored) for name in (*ONE, *NONE)}


def test_kalman_finds_every_helix_whole(helical_event):
    found = scores(helical_event, find("kalman", helical_event, whole_event(helical_event)))
    assert found == pytest.approx(dict.fromkeys(ONE, 1) | dict.fromkeys(NONE, 0))


def test_kalman_starts_in_buckets_and_follows_out_of_them(helical_event):
    """A bucket of 30 of the 300 hits seldom holds a whole particle, but often its first two."""
    buckets = buckets_of(helical_event, 30)
    kalman = scores(helical_event, find("kalman", helical_event, buckets))
    oracle = scores(helical_event, find("oracle", helical_event, buckets))
    assert kalman["trackml_score"] > oracle["trackml_score"]
    assert kalman["fake_share"] == 0
    nothing = Buckets(buckets.queries, buckets.members[:, :1])
    assert len(find("kalman", helical_event, nothing)) == 0


def test_helix_finds_what_is_in_the_bucket(helical_event):
    found = scores(helical_event, find("helix", helical_event, everything(helical_event)))
    assert found["trackml_score"] > 0.99
    assert found["fake_share"] + found["fragment_share"] < 0.02


def everything(event):
    """A bucket of all hits around each."""
    rows = np.arange(len(event), dtype=np.int32)
    return Buckets(rows, np.tile(rows, (len(event), 1)))


def test_the_oracle_in_the_whole_event_is_perfect(helical_event, toy_event):
    found = scores(helical_event, find("oracle", helical_event, whole_event(helical_event)))
    assert found == pytest.approx(dict.fromkeys(ONE, 1) | dict.fromkeys(NONE, 0))
    assert len(find("oracle", toy_event, whole_event(toy_event))) == 40


def test_the_oracle_has_of_each_particle_what_its_fullest_bucket_holds(toy_event):
    buckets = buckets_of(toy_event, 6)
    labels = label_hits(toy_event, Trackable())
    most = count_buckets(buckets, labels).most
    tracks = find("oracle", toy_event, buckets)
    pairs = pairs_of(replace(toy_event, truth=with_weights(toy_event)), tracks, labels)
    assert dict(zip(pairs.particle, pairs.hits, strict=True)) == dict(enumerate(most))


def test_what_perfect_tracking_misses_in_small_buckets_is_a_fragment_and_no_fake(helical_event):
    found = scores(helical_event, find("oracle", helical_event, buckets_of(helical_event, 4)))
    assert found["fragment_share"] > 0.1
    assert (found["fake_share"], found["duplicate_share"]) == (0, 0)


def with_weights(event):
    return replace(event.truth, weight=np.full(len(event), 1 / len(event)))


@pytest.mark.parametrize("name", ["dbscan(eps=0.02)", "agglomerative(distance=0.05)"])
def test_clusters_are_straight_tracks(toy_event, name):
    """Hits of one direction lie on one spot of the sphere."""
    labels = label_hits(toy_event, Trackable())
    tracks = find(name, toy_event, whole_event(toy_event))
    scored = Scored(toy_event, labels, tracks)
    assert SCORES["double_majority_efficiency"].value(scored) > 0.8


@pytest.mark.parametrize("name", IN_BUCKETS)
@pytest.mark.parametrize("members", [[0], [0, MISSING], [0, 4], [0, 1, 2, 3]])
def test_a_bucket_without_a_track_has_none_and_no_warning(make_event, name, members):
    """One hit, two hits, and four of one place; a clustering may take these for a track."""
    event = make_event([[30.0, 5.0, 10.0]] * 4 + [[70.0, 12.0, 25.0]], np.zeros(5))
    buckets = Buckets(np.array([0], np.int32), np.array([members], np.int32))
    tracks = find(name, event, buckets)
    clustered = name in {"dbscan", "agglomerative"} and len(members) == 4
    assert len(tracks) == int(clustered)


@pytest.mark.parametrize("name", ["kalman", "oracle"])
@pytest.mark.parametrize("positions", [[[0.0, 0.0, 0.0]], [[0.0, 0.0, 5.0]] * 3, np.eye(3) * 1e30])
def test_an_event_without_a_track_has_none(make_event, name, positions):
    event = make_event(positions, np.zeros(len(positions)))
    assert len(find(name, event, whole_event(event))) == 0


@pytest.mark.parametrize("name", ["kalman", "helix"])
def test_tracks_do_not_depend_on_threads(helical_event, name):
    buckets = buckets_of(helical_event, 50)
    one, two = (find(name, helical_event, buckets, threads).of_hit for threads in (1, 2))
    assert np.array_equal(one, two)


def test_short_tracks_are_dropped(helical_event):
    first = np.tile(np.arange(10) < 5, 30)
    event = helical_event.select(first)
    assert len(find("kalman", event, whole_event(event))) == 30
    assert len(find("kalman(min_hits=6)", event, whole_event(event))) == 0


def test_overlapping_modules_give_a_track_both_hits(make_helices):
    event = make_helices(1.5)
    tracks = find("kalman", event, whole_event(event))
    assert len(tracks) == 30
    assert scores(event, tracks)["trackml_score"] > 0.99


def test_a_detector_that_is_not_known_is_skipped_with_the_reason(make_event):
    from nearhit.errors import SkippedError

    event = make_event(np.eye(3) * 50, volume=99)
    with pytest.raises(SkippedError, match="volume 99"):
        find("kalman", event, whole_event(event))


def test_truth_is_asked_for_where_it_is_needed(make_event):
    from nearhit.errors import SkippedError

    event = make_event(np.eye(3) * 50)
    with pytest.raises(SkippedError, match="reads the truth, and toy has none"):
        check_tracker(trackers()["oracle"], event)
