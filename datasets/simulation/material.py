"""Material on the surfaces of the detector."""

import re
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from nearhit.data.detector import geometry, installed_acts, modules
from nearhit.data.event import Table

_SLAB = re.compile(
    r"l0=(?P<length>[^|]+)\|ar=(?P<mass>[^|]+)\|z=(?P<charge>[^|]+)\|.*\|t=(?P<t>\S+)"
)


@dataclass(frozen=True, eq=False)
class Material(Table):
    """Surfaces with material, one row each, in order of geometry id.

    Attributes:
        geometry_id: int64, ACTS geometry id of the surface.
        lengths: float64, thickness / nuclear interaction length.
        thickness: float64, mm.
        mass_number, atomic_number: int64, numbers of the nuclei.
        normal: float64 (m, 3), normal of planes and discs; zero for cylinders around the beam.
    """

    geometry_id: NDArray[np.int64]
    lengths: NDArray[np.float64]
    thickness: NDArray[np.float64]
    mass_number: NDArray[np.int64]
    atomic_number: NDArray[np.int64]
    normal: NDArray[np.float64]

    def rows_of(self, geometry_id: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the rows of surfaces with the given geometry ids."""
        return np.searchsorted(self.geometry_id, geometry_id)

    def slant(
        self,
        rows: NDArray[np.int64],
        position: NDArray[np.float64],
        momentum: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        """Return the path lengths (n,) through the given surfaces in units of their thickness."""
        normal = self.normal[rows]
        cylinder = ~normal.any(axis=1)
        radius = np.hypot(position[cylinder, 0], position[cylinder, 1])
        normal[cylinder, :2] = position[cylinder, :2] / radius[:, np.newaxis]
        along = np.abs(np.einsum("ni,ni->n", normal, momentum))
        return np.asarray(np.linalg.norm(momentum, axis=1) / np.maximum(along, 1e-9))


@cache
def material() -> Material:
    """Return the material of the detector.

    Raises:
        BadInputError: the simulation is not installed.
    """
    acts = installed_acts()
    surfaces = sorted(geometry().extractMaterialSurfaces(), key=lambda one: one.geometryId.value)
    slabs = [_SLAB.search(one.surfaceMaterial.toString()) for one in surfaces]
    length, mass, charge, thickness = np.array(
        [slab.group("length", "mass", "charge", "t") for slab in slabs if slab], float
    ).T
    ids = np.array([surface.geometryId.value for surface in surfaces], np.int64)
    volumes = np.array([surface.geometryId.volume for surface in surfaces])
    thickness = _as_thick_as_structures(thickness, volumes, np.isin(ids, modules().geometry_id))
    disc = [surface.type == acts.SurfaceType.Disc for surface in surfaces]
    return Material(
        geometry_id=ids,
        lengths=thickness / length,
        thickness=thickness,
        mass_number=np.rint(mass).astype(np.int64),
        atomic_number=np.rint(charge).astype(np.int64),
        normal=_normals(ids, np.array(disc)),
    )


def _as_thick_as_structures(
    thickness: NDArray[np.float64], volumes: NDArray[np.intp], sensitive: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Return the thicknesses, with modules as thick as the supports of their volume.

    In ACTS, modules have a tenth of that. In the genuine event 21000 as many particles start in
    modules as in their supports: 259 and 265 in the pixel detector, 71 and 80 in the barrel of
    short strips.
    """
    thickest = np.zeros(volumes.max() + 1)
    np.maximum.at(thickest, volumes[~sensitive], thickness[~sensitive])
    return np.where(sensitive, thickest[volumes], thickness)


def _normals(ids: NDArray[np.int64], disc: NDArray[np.bool_]) -> NDArray[np.float64]:
    normal = np.zeros((len(ids), 3))
    normal[disc, 2] = 1
    normal[np.searchsorted(ids, modules().geometry_id)] = modules().normal
    return normal
