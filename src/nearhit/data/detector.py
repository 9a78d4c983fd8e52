"""The TrackML detector: field, sensors, and the position and shape of its modules."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from nearhit.machine.simulation_libraries import installed

from .event import Table

FIELD = 2.0
"""Of the solenoid, tesla."""

GEV_PER_CURVATURE = 0.3e-3 * FIELD
"""pT in GeV over the transverse curvature in 1/mm: pT = 0.3 B R, B in tesla, R in metres."""

_LAYERS = 1000  # more than a volume has
_CANDIDATES = 6  # nearest modules by their centres
_OFF = 1.0  # mm: no hit is as far outside its module

PIXEL_VOLUMES = (7, 8, 9)
SHORT_STRIP_VOLUMES = (12, 13, 14)
LONG_STRIP_VOLUMES = (16, 17, 18)


@dataclass(frozen=True)
class Sensor:
    """Read-out of a kind of module, as in TrackML's `detectors.csv`.

    Attributes:
        pitch: between channels along u and v, mm.
        thickness: of the active silicon, mm.
        analogue: whether a channel reads out its charge, or only that it was hit.
    """

    pitch: tuple[float, float]
    thickness: float
    analogue: bool


# Pitches are those of `detectors.csv`. Thicknesses follow from genuine clusters, whose size grows
# with the slope as in 0.14 mm of silicon in the pixel barrel, and in 0.3 mm in its end caps.
_PIXEL_DISC = Sensor((0.05, 0.05625), 0.3, analogue=True)
_SHORT_STRIP = Sensor((0.08, 1.2), 0.5, analogue=False)
SENSORS = {
    7: _PIXEL_DISC,
    8: Sensor((0.05, 0.05625), 0.15, analogue=True),
    9: _PIXEL_DISC,
    **dict.fromkeys(SHORT_STRIP_VOLUMES, _SHORT_STRIP),
    16: Sensor((0.12, 10.4), 0.7, analogue=False),
    17: Sensor((0.12, 10.8), 0.7, analogue=False),
    18: Sensor((0.12, 10.4), 0.7, analogue=False),
}
"""The sensors by volume."""


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
    def normal(self) -> NDArray[np.float64]:
        """The (m, 3) unit vectors across the modules."""
        return np.cross(self.axes[:, :, 0], self.axes[:, :, 1])

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

    def row_at(
        self,
        volume: NDArray[np.integer[Any]],
        layer: NDArray[np.integer[Any]],
        positions: NDArray[np.float64],
    ) -> NDArray[np.int64]:
        """Return the row of the module of each hit (n,); -1 where there is none in its layer.

        Modules are matched by position, because the challenge and ACTS number those of the end
        caps differently.
        """
        rows = np.full(len(positions), -1)
        hit_layer, own_layer = (
            volumes * _LAYERS + layers
            for volumes, layers in ((volume, layer), (self.volume, self.layer))
        )
        for one in np.unique(hit_layer):
            hits, modules_ = np.flatnonzero(hit_layer == one), np.flatnonzero(own_layer == one)
            if len(modules_):
                rows[hits] = self._nearest(modules_, positions[hits])
        return rows

    def _nearest(
        self, rows: NDArray[np.int64], positions: NDArray[np.float64]
    ) -> NDArray[np.int64]:
        """Return the nearest of the given modules to each position (n, 3); -1 if it is far off."""
        _, place = cKDTree(self.centre[rows]).query(positions, k=min(_CANDIDATES, len(rows)))
        near = rows[place.reshape(len(positions), -1)]
        offset = positions[:, np.newaxis] - self.centre[near]
        local = np.einsum("nkij,nki->nkj", self.axes[near], offset)
        sizes = np.stack((self.half_widths[near].max(axis=-1), self.half_height[near]), axis=-1)
        outside = np.maximum(np.abs(local) - sizes, 0).sum(axis=-1)
        outside += np.abs(np.einsum("nki,nki->nk", self.normal[near], offset))
        best = outside.argmin(axis=1)[:, np.newaxis]
        least = np.take_along_axis(outside, best, axis=1)[:, 0]
        found = np.take_along_axis(near, best, axis=1)[:, 0]
        return np.where(least < _OFF, found, -1)


@cache
def modules() -> Modules:
    """Return the modules of the detector.

    Raises:
        BadInputError: the simulation is not installed.
    """
    surfaces: list[Any] = []
    geometry().visitSurfaces(surfaces.append)
    surfaces.sort(key=lambda surface: surface.geometryId.value)
    ids = [surface.geometryId for surface in surfaces]
    shapes = np.array([_half_sizes(surface.bounds.values()) for surface in surfaces])
    context = installed_acts().GeometryContext.dangerouslyDefaultConstruct()
    return Modules(
        geometry_id=np.array([one.value for one in ids], np.int64),
        volume=np.array([one.volume for one in ids], np.int32),
        layer=np.array([one.layer for one in ids], np.int32),
        module=np.array([one.sensitive for one in ids], np.int32),
        centre=np.array([vector(surface.center(context)) for surface in surfaces]),
        axes=np.array(
            [_axes(surface.localToGlobalTransform(context).rotation) for surface in surfaces]
        ),
        half_widths=shapes[:, :2],
        half_height=shapes[:, 2],
    )


@cache
def geometry() -> Any:
    """Return ACTS' tracking geometry of the detector.

    Raises:
        BadInputError: the simulation is not installed.
    """
    acts = installed_acts()
    config = acts.examples.GenericDetector.Config()
    for level in ("logLevel", "surfaceLogLevel", "layerLogLevel", "volumeLogLevel"):
        setattr(config, level, acts.logging.ERROR)
    _KEPT.append(acts.examples.GenericDetector(config))  # owns the surfaces
    return _KEPT[-1].trackingGeometry()


_KEPT: list[Any] = []


def installed_acts() -> Any:
    """Return the module of ACTS, its examples loaded.

    Raises:
        BadInputError: it is not installed.
    """
    installed("acts.examples")
    return installed("acts")


def vector(point: Any) -> tuple[float, float, float]:
    """Return the three numbers of one of ACTS' vectors."""
    return point[0], point[1], point[2]


def _half_sizes(bounds: list[float]) -> tuple[float, float, float]:
    """Return the half widths below and above and the half height of a rectangle or a trapezoid."""
    first, second, third, fourth = bounds
    # ACTS gives a rectangle by its corners, a trapezoid by half sizes and a rotation of 0.
    return (third, third, fourth) if first < 0 else (first, second, third)


def _axes(rotation: Any) -> list[list[float]]:
    return [[rotation[row, column] for column in (0, 1)] for row in (0, 1, 2)]
