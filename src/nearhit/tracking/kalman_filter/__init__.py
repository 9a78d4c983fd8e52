"""Tracks by following: pairs of inner hits that point at the beam, walked outwards layer by layer.

The order of things: `trackml_layers` says what layers measure and where tracks start, `layers`
sorts an event's hits into them, `crossings` finds which layer comes after which; `circle` and
`state` are the helix and how well it is known; `follow`, `inward` and `overlaps` collect the hits
of one track, `seeds` starts them everywhere, and `take` gives every hit to one track at most.
`search` runs all of it, in passes whose `cuts` grow looser.
"""

from pathlib import Path

from nearhit.data import detector
from nearhit.machine.kernels import forget_stale_kernels
from nearhit.tracking import ambiguity_resolution

from .cuts import PASSES, Cuts
from .search import Search

forget_stale_kernels(Path(__file__).parent, detector, ambiguity_resolution)

__all__ = ["PASSES", "Cuts", "Search"]
