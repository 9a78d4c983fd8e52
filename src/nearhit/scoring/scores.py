"""Track scores: pure functions of pairs of tracks and particles."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nearhit.quality import Labels

from .matching import MATCHINGS, Mask, Matching
from .pairs import Pairs


@dataclass(frozen=True)
class TrackKinds:
    """Tracks that are not the best of a particle they hold, as masks (t,); they may overlap.

    Attributes:
        fakes: more than half of the track is no particle's.
        fragments: more than half of the track is one particle's, of which it holds half or less.
        duplicates: more than half of the track is one particle's, which has a better track.
    """

    fakes: Mask
    fragments: Mask
    duplicates: Mask


def trackml_score(pairs: Pairs) -> float:
    """Return the TrackML score: the weight of majority particles' hits on double-majority tracks.

    The majority particle has strictly more than half of the track's hits, and the track strictly
    more than half of the particle's (LAL/trackml-library).
    """
    return float(pairs.weight[MATCHINGS["double_majority"].found(pairs)].sum())


def track_kinds(pairs: Pairs) -> TrackKinds:
    """Return which tracks are fakes, fragments and duplicates.

    Of the tracks of one particle that with most of its hits is the best; ties go to the shortest,
    then to the first. With one track a hit a duplicate is a fragment, too, unless it and the best
    hold all of the particle between them in equal halves.
    """
    pure = MATCHINGS["atlas"].found(pairs)
    whole = MATCHINGS["double_majority"].found(pairs)
    matched = _tracks(pairs, pairs.track[pure])
    return TrackKinds(
        fakes=~matched,
        fragments=matched & ~_tracks(pairs, pairs.track[whole]),
        duplicates=matched & ~_tracks(pairs, pairs.track[best_of_particles(pairs, pure)]),
    )


def _tracks(pairs: Pairs, numbers: NDArray[np.int64]) -> Mask:
    """Return tracks as a mask (t,)."""
    held: Mask = np.isin(np.arange(pairs.n_tracks), numbers)
    return held


def efficiency(pairs: Pairs, labels: Labels, matching: Matching) -> float:
    """Return the share of trackable particles that are found; NaN where there are none."""
    found = found_particles(pairs, labels, matching)[labels.trackable]
    return float(found.mean()) if found.size else float("nan")


def found_particles(pairs: Pairs, labels: Labels, matching: Matching) -> Mask:
    """Return a mask (p,) of the particles that are found."""
    found = np.zeros(len(labels.sizes), np.bool_)
    found[pairs.particle[matching.found(pairs)]] = True
    return found


def best_of_particles(pairs: Pairs, matched: Mask) -> NDArray[np.int64]:
    """Return the row of the best matched pair of each particle that has one."""
    rows = np.flatnonzero(matched)
    order = np.lexsort((
        pairs.track[rows], pairs.track_size[rows], -pairs.hits[rows], pairs.particle[rows]
    ))  # fmt: skip
    rows = rows[order]
    _, first = np.unique(pairs.particle[rows], return_index=True)
    best: NDArray[np.int64] = rows[first]
    return best


def majority_pairs(pairs: Pairs) -> NDArray[np.int64]:
    """Return the row of each track's pair with most hits, noise included; ties go to the first."""
    order = np.lexsort((pairs.particle, -pairs.hits, pairs.track))
    _, first = np.unique(pairs.track[order], return_index=True)
    rows: NDArray[np.int64] = order[first]
    return rows
