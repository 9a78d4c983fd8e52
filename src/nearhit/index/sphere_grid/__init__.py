"""The exact k nearest directions, from a grid in azimuth and pseudorapidity.

Tracks that point at the origin leave hits that are even in azimuth φ and pseudorapidity η, and
(φ, η) is conformal: dθ² + sin²θ dφ² = sin²θ (dφ² + dη²). So square cells in (φ, η) hold alike many
hits everywhere, and are square on the sphere, too. All queries of one cell share their candidates,
the hits of a square window of cells around it; an answer stands if the k-th candidate is nearer
than the window's edge, and else the window grows.
"""

from .grid import SphereGrid, build
from .search import query

__all__ = ["SphereGrid", "build", "query"]
