"""Track scores: TrackML score, and efficiency, fakes and duplicates under every matching."""

from .clusters import found_sizes, track_sizes
from .matching import MATCHINGS, Matching
from .pairs import Pairs, pairs_of
from .profiles import AXES, profiles
from .scored import Scored
from .scores import (
    MatchingScore,
    best_of_particles,
    found_particles,
    majority_pairs,
    matching_score,
    trackml_score,
)
from .table import SCORES

__all__ = [
    "AXES",
    "MATCHINGS",
    "SCORES",
    "Matching",
    "MatchingScore",
    "Pairs",
    "Scored",
    "best_of_particles",
    "found_particles",
    "found_sizes",
    "majority_pairs",
    "matching_score",
    "pairs_of",
    "profiles",
    "track_sizes",
    "trackml_score",
]
