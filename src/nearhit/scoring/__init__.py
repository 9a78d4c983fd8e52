"""Track scores: TrackML score, efficiency under every matching, fakes, fragments, duplicates."""

from .clusters import found_sizes, track_sizes
from .matching import MATCHINGS, Matching
from .pairs import Pairs, pairs_of
from .profiles import AXES, profiles
from .scored import Scored
from .scores import (
    TrackKinds,
    best_of_particles,
    efficiency,
    found_particles,
    majority_pairs,
    track_kinds,
    trackml_score,
)
from .table import SCORES

__all__ = [
    "AXES",
    "MATCHINGS",
    "SCORES",
    "Matching",
    "Pairs",
    "Scored",
    "TrackKinds",
    "best_of_particles",
    "efficiency",
    "found_particles",
    "found_sizes",
    "majority_pairs",
    "pairs_of",
    "profiles",
    "track_kinds",
    "track_sizes",
    "trackml_score",
]
