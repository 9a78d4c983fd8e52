"""Select buckets with hits that may be of one particle from the beam line."""

from dataclasses import dataclass
from math import pi
from typing import ClassVar

import numba
import numpy as np
from numpy.typing import NDArray

from nearhit.data.buckets import Buckets
from nearhit.data.event import Event
from nearhit.machine.kernels import inlined, kernel
from nearhit.parameter import parameter
from nearhit.plugins.bucket_selection import AllQueries

_VERTEX = 200.0  # mm along the beam
_LEAST_RADIAL = 5.0  # mm between the hits of a doublet


@dataclass(frozen=True)
class Pointing(AllQueries):
    """Buckets whose queried hit agrees with hits in other layers on a vertex and a curvature.

    Each doublet with the queried hit has a vertex on the beam line and a curvature; a bucket is
    kept if doublets of enough layers agree on both.
    """

    name: ClassVar[str] = "pointing"

    layers: int = parameter(5, "number of agreeing layers", at_least=2, at_most=64)
    vertex: float = parameter(5.0, "largest difference of vertices, mm", at_least=0)
    curvature: float = parameter(0.0002, "largest difference of curvatures, rad/mm", at_least=0)

    def select_buckets(self, event: Event, buckets: Buckets) -> Buckets:
        """Return the buckets that may hold a particle, in order."""
        queries, hits = buckets.around_hits(self.name), event.hits
        _, layer = np.unique(hits.volume * 1000 + hits.layer, return_inverse=True)
        x, y = hits.x.astype(np.float64), hits.y.astype(np.float64)
        polar = np.hypot(x, y), np.arctan2(y, x), hits.z.astype(np.float64)
        most = np.empty(len(queries), np.int64)
        cuts = self.vertex, self.curvature
        _most_layers(*polar, layer % 64, queries, buckets.members, *cuts, most)
        promising = most >= self.layers
        return Buckets(queries[promising], buckets.members[promising])


@kernel(parallel=True)
def _most_layers(  # noqa: PLR0913, PLR0917 - a kernel takes its arrays one by one
    r: NDArray[np.float64],
    phi: NDArray[np.float64],
    z: NDArray[np.float64],
    layer: NDArray[np.int64],
    queries: NDArray[np.int32],
    members: NDArray[np.int32],
    vertex: float,
    curvature: float,
    most: NDArray[np.int64],
) -> None:
    """Write the largest number of layers (q,) that agree, that of the queried hit included."""
    for bucket in numba.prange(len(queries)):
        vertices = np.empty(members.shape[1])
        curvatures = np.empty(members.shape[1])
        bits = np.empty(members.shape[1], np.uint64)
        first, n = queries[bucket], 0
        own = np.uint64(1) << np.uint64(layer[first])
        for hit in members[bucket]:
            if hit < 0 or abs(r[hit] - r[first]) < _LEAST_RADIAL:
                continue
            radial = r[hit] - r[first]
            vertices[n] = z[first] - r[first] * (z[hit] - z[first]) / radial
            angle = phi[hit] - phi[first]
            curvatures[n] = (angle - 2 * pi * round(angle / (2 * pi))) / radial
            bits[n] = np.uint64(1) << np.uint64(layer[hit])
            n += abs(vertices[n]) < _VERTEX
        most[bucket] = 1
        for one in range(n):
            seen = own
            for other in range(n):
                if (
                    abs(vertices[other] - vertices[one]) <= vertex
                    and abs(curvatures[other] - curvatures[one]) <= curvature
                ):
                    seen |= bits[other]
            most[bucket] = max(most[bucket], _count(seen))


@inlined()
def _count(bits: np.uint64) -> int:
    number = 0
    while bits:
        bits &= bits - np.uint64(1)
        number += 1
    return number
