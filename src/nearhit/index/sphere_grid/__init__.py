"""The exact k nearest directions, from a grid in azimuth and pseudorapidity.

Hits of tracks from the origin are uniform in azimuth φ and pseudorapidity η, and (φ, η) is
conformal: dθ² + sin²θ dφ² = sin²θ (dφ² + dη²). Square cells in (φ, η) therefore hold similar
numbers of hits everywhere, and are square on the sphere, too. All queries of a cell share their
candidates, the hits of a square window of cells around it; an answer is exact if the k-th candidate
is nearer than the edge of the window, otherwise the window grows.
"""

from pathlib import Path

from nearhit.machine.kernels import forget_stale_kernels

from .grid import SphereGrid, build
from .search import query

forget_stale_kernels(Path(__file__).parent)

__all__ = ["SphereGrid", "build", "query"]
