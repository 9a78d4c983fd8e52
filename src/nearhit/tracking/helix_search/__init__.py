"""Helix search: in each bucket, the helix from the beam line that passes most of its layers.

A particle from the beam line has the azimuth φ = φ0 + asin(c r / 2) and z = z0 + t s, where c is
its curvature, t the cotangent of its polar angle and s = 2 asin(c r / 2) / c its path length in the
transverse plane. `helix` draws and fits helices, `search` does so in each bucket.
"""

from pathlib import Path

from nearhit.data import detector
from nearhit.machine.kernels import forget_stale_kernels

from .helix import HelixCuts
from .search import best_helices, helix_hits

forget_stale_kernels(Path(__file__).parent, detector)

__all__ = ["HelixCuts", "best_helices", "helix_hits"]
