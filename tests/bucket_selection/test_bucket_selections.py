"""Bucket selections: the hits to query and the buckets to keep, without looking at the truth."""

import numpy as np
import pytest

from nearhit.bucket_selection import buckets_kept, rows_asked
from nearhit.bucket_selection.cover import Cover
from nearhit.bucket_selection.joined import Joined
from nearhit.bucket_selection.pointing import Pointing
from nearhit.bucket_selection.start import QueriedLayers, StartLayer
from nearhit.data.buckets import MISSING, Buckets
from nearhit.errors import BadInputError, SkippedError
from nearhit.plugins.registry import bucket_selections
from nearhit.plugins.spec import selections_as_text, selections_from


def buckets(*members):
    width = max(map(len, members))
    padded = [[*one, *[MISSING] * (width - len(one))] for one in members]
    queries = np.array([one[0] for one in members], np.int32)
    return Buckets(queries, np.array(padded, np.int32))


def test_a_start_layer_is_a_cylinder(make_event):
    event = make_event([(30, 0, 0), (0, -40, 550), (0, 41, 0), (24, 0, 0), (30, 0, 551)])
    assert rows_asked(event, [StartLayer()], None, 0).tolist() == [0, 1]
    with pytest.raises(SkippedError, match="no hit to query after bucket selection"):
        rows_asked(event, [StartLayer(r_min=100, r_max=200)], None, 0)


def test_layers_are_named_as_they_are_printed(make_event):
    event = make_event(np.ones((4, 3)), volume=[8, 8, 9, 7])
    assert rows_asked(event, [QueriedLayers("8/2")], None, 0).tolist() == [0, 1]
    assert rows_asked(event, [QueriedLayers("7/2 9/2")], None, 0).tolist() == [2, 3]
    for wrong in ("", "8", "8/x", "8/2,9/2"):
        with pytest.raises(BadInputError, match="must be volume/layer"):
            QueriedLayers(wrong)


def test_queries_are_drawn_of_what_is_left(make_event):
    event = make_event(np.ones((100, 3)), volume=[8] * 60 + [9] * 40)
    drawn = rows_asked(event, [QueriedLayers("9/2")], 10, 3)
    assert len(set(drawn.tolist())) == 10
    assert drawn.min() >= 60
    assert np.array_equal(drawn, rows_asked(event, [QueriedLayers("9/2")], 10, 3))
    assert len(rows_asked(event, [QueriedLayers("9/2")], 99, 3)) == 40


def test_joined_buckets_hold_each_hit_once(make_event):
    # Hits 0 and 1 look to +x, hit 2 to -x.
    event = make_event([(1, 0.1, 0), (1, 0.2, 5), (-1, 0.1, 9), (1, 0, 0), (0, 1, 0)])
    joined = Joined(by="phi", bins=2).select_buckets(event, buckets([0, 3], [1, 3, 4], [2]))
    assert joined.members.tolist() == [[0, 1, 2, 3, 4]]
    joined = Joined(by="phi", bins=100).select_buckets(event, buckets([0, 3], [1, 3, 4], [2]))
    assert sorted(row[row != MISSING].tolist() for row in joined.members) == [
        [0, 3],
        [1, 3, 4],
        [2],
    ]
    joined = Joined(by="z", bins=2).select_buckets(event, buckets([0, 3], [1, 3, 4], [2]))
    assert joined.members.tolist() == [[0, 3, MISSING, MISSING], [1, 2, 3, 4]]
    with pytest.raises(SkippedError, match="joined buckets lack"):
        joined.around_hits("helix")


def test_joining_and_cover_of_no_buckets_are_none(make_event):
    event = make_event(np.ones((3, 3)))
    nothing = Buckets(np.empty(0, np.int32), np.empty((0, 5), np.int32))
    for choice in (Joined(), Cover(), Pointing()):
        assert len(choice.select_buckets(event, nothing).members) == 0


def greedy(members, n_hits, times):
    """The same by definition: in each step the first bucket that adds most."""
    lacks, chosen = np.full(n_hits, times), []
    while True:
        adds = [sum(lacks[hit] > 0 for hit in one if hit >= 0) for one in members]
        adds = [0 if place in chosen else number for place, number in enumerate(adds)]
        if max(adds) == 0:
            return sorted(chosen)
        best = int(np.argmax(adds))
        chosen.append(best)
        for hit in members[best]:
            if hit >= 0 and lacks[hit] > 0:
                lacks[hit] -= 1


@pytest.mark.parametrize("times", [1, 2])
def test_a_cover_covers_with_as_few_buckets_as_greed_finds(make_event, times):
    random = np.random.default_rng(1)
    event = make_event(random.normal(size=(80, 3)))
    members = np.array([random.permutation(80)[:9] for _ in range(80)], np.int32)
    members[3, 5:] = MISSING
    found = Buckets(np.arange(80, dtype=np.int32), members)
    kept = Cover(times).select_buckets(event, found)
    count = np.bincount(kept.members[kept.members >= 0], minlength=80)
    possible = np.bincount(members[members >= 0], minlength=80)
    assert (count >= np.minimum(possible, times)).all()
    assert len(kept.queries) <= len(greedy(members, 80, times)) + 2
    assert len(kept.queries) < 80 * times / 2


def test_pointing_keeps_what_may_be_a_particle(helical_event):
    """Buckets of whole tracks are kept, of hits that no two of one track are not."""
    ids = helical_event.truth.particle_id
    tracks = [np.flatnonzero(ids == one) for one in np.unique(ids)[:10]]
    apart = [np.array([track[place % len(track)] for track in tracks]) for place in range(6)]
    kept = Pointing().select_buckets(helical_event, buckets(*(map(list, tracks + apart))))
    assert len(kept.queries) >= len(tracks)
    assert set(kept.queries.tolist()) >= {track[0] for track in tracks}
    none = Pointing(layers=64).select_buckets(helical_event, buckets(*map(list, tracks)))
    assert len(none.queries) == 0


def test_selections_are_applied_in_turn_and_printed_back():
    text = "start-layer(r_max=50) + cover"
    selections = selections_from(text)
    printed = "start-layer(r_min=25.0,r_max=50.0,z_max=550.0) + cover(times=1)"
    assert selections_as_text(selections) == printed
    assert selections_from(printed) == selections
    assert selections_from("") == ()
    for wrong, sentence in (
        ("cover +", "cannot be parsed"),
        ("covers", "did you mean cover"),
        ("layers(of=8)", "must be volume/layer"),
        ("joined(by=eta)", "write one of phi, z"),
    ):
        with pytest.raises(BadInputError, match=sentence):
            selections_from(wrong)


def test_a_selection_after_joining_says_what_it_lacks(helical_event):
    found = buckets([0, 1, 2], [3, 4, 5])
    with pytest.raises(SkippedError, match="pointing looks around the queried hit"):
        buckets_kept(helical_event, [Joined(), Pointing()], found)


def test_no_choice_sees_the_truth(helical_event):
    found = buckets(*[list(range(at, at + 12)) for at in range(0, 240, 12)])
    hidden = helical_event.without_truth()
    for make in bucket_selections().values():
        mine, theirs = (make().select_buckets(event, found) for event in (helical_event, hidden))
        assert np.array_equal(mine.members, theirs.members)
