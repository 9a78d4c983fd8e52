"""The TrackML detector: its modules, where they stand and how finely they measure."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nearhit.event import Table

PIXEL_VOLUMES = (7, 8, 9)
SHORT_STRIP_VOLUMES = (12, 13, 14)
LONG_STRIP_VOLUMES = (16, 17, 18)

_PITCHES = {
    PIXEL_VOLUMES: (0.05, 0.05625),
    SHORT_STRIP_VOLUMES: (0.08, 1.2),
    LONG_STRIP_VOLUMES: (0.12, 10.8),
}


@dataclass(frozen=True, eq=False)
class Modules(Table):
    """The sensitive modules, one row each, in order of geometry id.

    A point u, v on a module lies at `centre + axes @ (u, v)`.

    Attributes:
        geometry_id: int64, as ACTS numbers surfaces.
        volume, layer, module: int32, as the challenge numbers them.
        centre: float64 (m, 3), mm.
        axes: float64 (m, 3, 2), the directions of u and v.
        half_widths: float64 (m, 2), along u at the lower and at the upper end of v, mm.
        half_height: float64, along v, mm.
    """

    geometry_id: NDArray[np.int64]
    volume: NDArray[np.int32]
    layer: NDArray[np.int32]
    module: NDArray[np.int32]
    centre: NDArray[np.float64]
    axes: NDArray[np.float64]
    half_widths: NDArray[np.float64]
    half_height: NDArray[np.float64]

    @property
    def pitch(self) -> NDArray[np.float64]:
        """The (m, 2) distance between channels along u and v, mm (TrackML's `detectors.csv`)."""
        pitch = np.zeros((len(self), 2))
        for volumes, value in _PITCHES.items():
            pitch[np.isin(self.volume, volumes)] = value
        return pitch

    def rows_of(self, geometry_id: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the rows of modules by their geometry ids."""
        return np.searchsorted(self.geometry_id, geometry_id)

    def to_global(self, rows: NDArray[np.int64], local: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the global x, y, z (n, 3) in mm of points u, v (n, 2) on the given modules."""
        return np.asarray(self.centre[rows] + np.einsum("nij,nj->ni", self.axes[rows], local))

    def to_local(
        self, rows: NDArray[np.int64], positions: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return u, v (n, 2) in mm of global points (n, 3) on the given modules."""
        return np.asarray(np.einsum("nij,ni->nj", self.axes[rows], positions - self.centre[rows]))
