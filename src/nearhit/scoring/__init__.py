"""Scores of tracks: the TrackML score, and efficiency, fakes and duplicates by every matching."""

from .matching import MATCHINGS, Matching
from .pairs import Pairs, pairs_of
from .scores import (
    MatchingScore,
    best_of_particles,
    found_particles,
    majority_pairs,
    matching_score,
    trackml_score,
)

__all__ = [
    "MATCHINGS",
    "Matching",
    "MatchingScore",
    "Pairs",
    "best_of_particles",
    "found_particles",
    "majority_pairs",
    "matching_score",
    "pairs_of",
    "trackml_score",
]
