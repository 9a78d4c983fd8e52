"""Contract of a metric: a projection of hits to points, and a distance between points."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nearhit.data.event import Event, Hits
from nearhit.errors import SkippedError

from .adapter import Adapter, Distance


@dataclass(frozen=True)
class Metric:
    """A projection of hits to points, with the base distance to use between points.

    Attributes:
        name: the name that users write.
        distances: base distances that order the projected points alike, the intended one first. A
            library that does not support the first is queried with the next one it supports; every
            record names the distance that was used.
        formula: the coordinates of a point, as text for readers.
        coordinates: function from hits to coordinates (n, d).
        physical: whether the points depend on the hits. Random stand-ins for features only show
            the cost of a number of dimensions.
    """

    name: str
    distances: tuple[Distance, ...]
    formula: str
    coordinates: Callable[[Hits], NDArray[np.floating]]
    physical: bool = True

    def project(self, event: Event) -> NDArray[np.float32]:
        """Return the float32 points (n, d) of an event, one row per hit.

        Raises:
            BadInputError: the metric is not defined for one of the hits.
        """
        return self.coordinates(event.hits).astype(np.float32, copy=False)

    def distance_in(self, adapter: type[Adapter]) -> Distance:
        """Return the base distance to use with a library.

        Raises:
            SkippedError: the library supports none of this metric's distances.
        """
        for distance in self.distances:
            if distance in adapter.distances:
                return distance
        raise SkippedError(
            f"{adapter.name} has no {self.distances[0]} distance, only "
            f"{', '.join(adapter.distances)}"
        )
