"""The contract of a metric: what "near" means."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nearhit.data.event import Event, Hits
from nearhit.errors import SkippedError

from .adapter import Adapter, Distance


@dataclass(frozen=True)
class Metric:
    """A projection of hits to points, and the distance that is meant between the points.

    Attributes:
        name: what users write.
        distances: base distances that order the projected points alike, the one that is meant
            first. A library that lacks the first is asked for the next, openly: every record
            names the distance that was searched.
        formula: the coordinates of a point, for people.
        coordinates: takes hits, gives (n, d).
        physical: whether the points say anything of the hits; stand-ins for features that do not
            exist yet only show what a number of dimensions costs.
    """

    name: str
    distances: tuple[Distance, ...]
    formula: str
    coordinates: Callable[[Hits], NDArray[np.floating]]
    physical: bool = True

    def project(self, event: Event) -> NDArray[np.float32]:
        """Return the (n, d) float32 points of an event, row by row beside its hits.

        Raises:
            BadInputError: the metric is not defined for one of the hits.
        """
        return self.coordinates(event.hits).astype(np.float32, copy=False)

    def distance_in(self, adapter: type[Adapter]) -> Distance:
        """Return the distance to ask a library for.

        Raises:
            SkippedError: the library has none that orders the points as this metric does.
        """
        for distance in self.distances:
            if distance in adapter.distances:
                return distance
        raise SkippedError(
            f"{adapter.name} has no {self.distances[0]} distance, only "
            f"{', '.join(adapter.distances)}"
        )
