"""Track scores: pure functions of pairs of tracks and particles."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nearhit.quality import Labels

from .matching import MATCHINGS, Mask, Matching
from .pairs import Pairs


@dataclass(frozen=True)
class MatchingScore:
    """Scores of tracks under one matching.

    Attributes:
        efficiency: share of trackable particles that are found; NaN where there are none.
        fake_share: share of tracks that match no particle; NaN where there are no tracks.
        duplicate_share: share of tracks that match a particle which has a better track.
    """

    efficiency: float
    fake_share: float
    duplicate_share: float


def trackml_score(pairs: Pairs) -> float:
    """Return the TrackML score: the weight of majority particles' hits on double-majority tracks.

    The majority particle has strictly more than half of the track's hits, and the track strictly
    more than half of the particle's (LAL/trackml-library).
    """
    return float(pairs.weight[MATCHINGS["double_majority"].matched(pairs)].sum())


def matching_score(pairs: Pairs, labels: Labels, matching: Matching) -> MatchingScore:
    """Return efficiency, fakes and duplicates under a matching.

    Of the tracks that match one particle, that with most of its hits is the best; ties go to the
    shortest, then to the first. The others are duplicates.
    """
    matched = matching.matched(pairs)
    n_matched = len(np.unique(pairs.track[matched]))
    n_best = len(np.unique(pairs.track[best_of_particles(pairs, matched)]))
    found = found_particles(pairs, labels, matching) & labels.trackable
    n_trackable = labels.n_trackable
    return MatchingScore(
        efficiency=found.sum() / n_trackable if n_trackable else np.nan,
        fake_share=1 - n_matched / pairs.n_tracks if pairs.n_tracks else np.nan,
        duplicate_share=(n_matched - n_best) / pairs.n_tracks if pairs.n_tracks else np.nan,
    )


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
