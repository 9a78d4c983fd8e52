"""ACTS' chain, on what ACTS simulated."""

import numpy as np
import pytest
from nearhit.datasets.open_event import open_event

from nearhit.bucket_selection import rows_asked
from nearhit.bucket_selection.joined import Joined
from nearhit.bucket_selection.start import StartLayer
from nearhit.data.buckets import MISSING, Buckets
from nearhit.errors import SkippedError
from nearhit.index.index import Index
from nearhit.plugins.registry import metric_named
from nearhit.plugins.spec import IndexSpec, TrackerSpec
from nearhit.quality import Trackable, label_hits
from nearhit.scoring import SCORES, Scored
from nearhit.tracking.run import defect_of_tracks, track, whole_event

pytest.importorskip("acts", reason="the extra 'simulate' is not installed")
pytest.importorskip("pythia8mc", reason="the extra 'simulate' is not installed")


@pytest.fixture(scope="module")
def muons():
    return open_event("muons@5")


def efficiency_and_fakes(event, name, buckets):
    found = track(TrackerSpec.parse(name), 1, 0, event.without_truth(), buckets)
    assert not defect_of_tracks(found.tracks, len(event))
    assert {"select", "seed", "follow", "resolve"} <= set(found.stages)
    assert found.counts["seeds"] >= found.counts["candidates"] >= len(found.tracks)
    labels = label_hits(event, Trackable(min_hits=7))
    scored = Scored(event, labels, found.tracks)
    return SCORES["double_majority_efficiency"].value(scored), SCORES["fake_share"].value(scored)


def buckets_of(event, k, queries=None):
    points = metric_named("angular").project(event)
    rows = np.arange(len(event), dtype=np.int32)[:queries]
    members = Index(IndexSpec.parse("scipy-kdtree")).build(points).query(points[rows], k)
    return Buckets(rows, members)


def test_the_standard_chain_finds_muons(muons):
    efficiency, fakes = efficiency_and_fakes(muons, "acts", whole_event(muons))
    assert efficiency > 0.9
    assert fakes < 0.02


def test_a_higher_cut_finds_fewer(muons):
    event = whole_event(muons)
    low, high = (efficiency_and_fakes(muons, f"acts(seed_pt={pt})", event)[0] for pt in (0.4, 5.0))
    assert high < 0.8 * low


def test_seeds_of_buckets_are_followed_through_the_event(muons):
    """Buckets of all hits of a direction: their seeds are nearly those of the event."""
    buckets = buckets_of(muons, 60)
    seeds = efficiency_and_fakes(muons, "acts-seeds", buckets)[0]
    inside = efficiency_and_fakes(muons, "acts", buckets_of(muons, 60, queries=300))[0]
    assert seeds > 0.8
    assert 0 < inside < seeds


@pytest.mark.parametrize("name", ["acts", "acts-seeds"])
@pytest.mark.parametrize("members", [[0], [0, MISSING], [0, 1], [0, 0, 0, 0], [MISSING] * 3])
def test_a_bucket_without_a_triplet_has_no_track_and_no_warning(muons, name, members):
    buckets = Buckets(np.array([0], np.int32), np.array([members], np.int32))
    found = track(TrackerSpec.parse(name), 1, 0, muons.without_truth(), buckets)
    assert len(found.tracks) == 0


@pytest.mark.parametrize("name", ["acts", "acts-seeds"])
def test_joined_buckets_are_seeded_once_each(muons, name):
    """Buckets of a start layer, joined, hold what the buckets hold, in fewer goes."""
    choices = [StartLayer(), Joined(by="phi", bins=20)]
    rows = rows_asked(muons, choices, None, 0)
    points = metric_named("angular").project(muons)
    members = Index(IndexSpec.parse("scipy-kdtree")).build(points).query(points[rows], 50)
    event, spec = muons.without_truth(), TrackerSpec.parse(name)
    found = track(spec, 1, 0, event, Buckets(rows, members), choices)
    assert len(found.buckets.members) == 20
    assert len(found.tracks) > 300


def test_no_pixels_no_tracks(muons):
    strips = muons.select(muons.hits.volume > 9)
    for name, buckets in (("acts", whole_event(strips)), ("acts-seeds", buckets_of(strips, 5))):
        found = track(TrackerSpec.parse(name), 1, 0, strips.without_truth(), buckets)
        assert len(found.tracks) == 0


def test_hits_on_no_module_are_refused_by_number(helical_event):
    with pytest.raises(SkippedError, match="lies on no module"):
        track(TrackerSpec.parse("acts"), 1, 0, helical_event, whole_event(helical_event))


def test_modules_are_found_by_place(muons):
    from nearhit.data.detector import modules

    hits = muons.hits
    rows = modules().row_at(hits.volume, hits.layer, hits.positions.astype(float))
    assert np.array_equal(modules().module[rows], hits.module)
    assert np.array_equal(modules().volume[rows], hits.volume)


def test_modules_of_a_genuine_event_are_found(trackml):
    from nearhit.data.detector import modules

    hits = open_event(str(trackml / "event000000001")).hits
    rows = modules().row_at(hits.volume, hits.layer, hits.positions.astype(float))
    assert (rows >= 0).all()
    assert np.array_equal(modules().layer[rows], hits.layer)
