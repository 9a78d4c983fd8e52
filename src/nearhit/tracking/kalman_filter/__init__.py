"""Kalman filter tracking: doublets of inner hits that point at the beam line, followed outwards.

`layers` sorts the hits of an event into layers, whose resolutions are in `trackml_layers` and whose
order is in `navigation`. `circle` and `state` are the helix and its Kalman filter. `follow`,
`inward` and `overlaps` collect the hits of one track by `nearest` and `window`; `seeds` starts
tracks; `search` runs the passes, whose `cuts` grow looser.
"""

from pathlib import Path

from nearhit.data import detector
from nearhit.machine.kernels import forget_stale_kernels
from nearhit.tracking import ambiguity_resolution

from .cuts import PASSES, Cuts
from .search import Search

forget_stale_kernels(Path(__file__).parent, detector, ambiguity_resolution)

__all__ = ["PASSES", "Cuts", "Search"]
