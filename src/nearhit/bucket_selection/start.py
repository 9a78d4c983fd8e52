"""Select buckets around the hits of given layers."""

import re
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from nearhit.data.event import Event
from nearhit.errors import BadInputError
from nearhit.parameter import parameter
from nearhit.plugins.bucket_selection import AllBuckets, Rows

_LAYER = re.compile(r"(\d+)/(\d+)")


@dataclass(frozen=True)
class QueriedLayers(AllBuckets):
    """Buckets around the hits of layers, by their numbers."""

    name: ClassVar[str] = "layers"

    of: str = parameter("8/2", "volume/layer as 'nearhit data info' prints them, such as 8/2 8/4")

    def __post_init__(self) -> None:
        if not self.of.split() or not all(map(_LAYER.fullmatch, self.of.split())):
            raise BadInputError(f"layers(of={self.of}) must be volume/layer, such as 8/2 8/4.")

    def select_queries(self, event: Event, rows: Rows) -> Rows:
        """Return the rows of hits in these layers."""
        layers = [tuple(map(int, place.split("/"))) for place in self.of.split()]
        volume, layer = event.hits.volume[rows], event.hits.layer[rows]
        inside = [(volume == place[0]) & (layer == place[1]) for place in layers]
        return rows[np.logical_or.reduce(inside)]


@dataclass(frozen=True)
class StartLayer(AllBuckets):
    """Buckets around the hits in a cylinder, by default that of ACTS' hashing seeder."""

    name: ClassVar[str] = "start-layer"

    r_min: float = parameter(25.0, "least distance from the beam line, mm", at_least=0)
    r_max: float = parameter(40.0, "largest distance from the beam line, mm", at_least=0)
    z_max: float = parameter(550.0, "largest |z|, mm", at_least=0)

    def select_queries(self, event: Event, rows: Rows) -> Rows:
        """Return the rows of the hits in the cylinder."""
        radius = np.hypot(event.hits.x[rows], event.hits.y[rows])
        near = np.abs(event.hits.z[rows]) <= self.z_max
        return rows[(radius >= self.r_min) & (radius <= self.r_max) & near]
