"""Events: the hits of one collision and, if known, the particles that made them."""

from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from hashlib import sha256
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from nearhit.errors import BadInputError

from .recipe import EventRecipe, origin_of

NOISE = 0
"""Particle id of a noise hit."""

UNKNOWN = -1
"""Particle id of a hit whose truth is not known; such hits count in no figure of quality."""


@dataclass(frozen=True, eq=False)
class Table:
    """Columns of equal length: every field is an array with rows along its first axis, or None."""

    def __post_init__(self) -> None:
        lengths = {name: len(column) for name, column in self.columns().items()}
        if len(set(lengths.values())) > 1:
            raise BadInputError(
                f"{type(self).__name__} needs columns of equal length, not {lengths}."
            )

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return the columns that are not None, by name."""
        named = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: column for name, column in named.items() if column is not None}

    def __len__(self) -> int:
        return len(next(iter(self.columns().values())))

    def select(self, rows: NDArray[Any]) -> Self:
        """Return the table of some rows, given as a mask or as indices."""
        return replace(self, **{name: column[rows] for name, column in self.columns().items()})


@dataclass(frozen=True, eq=False)
class Hits(Table):
    """Measured space points, one row per hit.

    Attributes:
        hit_id: int64, unique within the event.
        x, y, z: float32, global position in mm.
        volume, layer, module: int32, numbers of the detector element.
    """

    hit_id: NDArray[np.int64]
    x: NDArray[np.float32]
    y: NDArray[np.float32]
    z: NDArray[np.float32]
    volume: NDArray[np.int32]
    layer: NDArray[np.int32]
    module: NDArray[np.int32]

    @property
    def positions(self) -> NDArray[np.float32]:
        """Global positions x, y, z in mm, float32 (n, 3)."""
        return np.column_stack((self.x, self.y, self.z))


@dataclass(frozen=True, eq=False)
class Truth(Table):
    """Particle of each hit, in the order of `Hits`.

    Attributes:
        particle_id: int64, `NOISE` for noise, `UNKNOWN` if not known.
        weight: float64, weight of the hit in the TrackML score, or None.
    """

    particle_id: NDArray[np.int64]
    weight: NDArray[np.float64] | None = None


@dataclass(frozen=True, eq=False)
class Particles(Table):
    """Generated particles, one row each; some leave no hit.

    Attributes:
        particle_id: int64, unique and positive.
        momentum: float32 (p, 3), momentum at the vertex in GeV.
        vertex: float32 (p, 3), production vertex in mm.
        charge: float32, in units of the positron charge.
        nhits: int32, number of hits in the whole detector.
    """

    particle_id: NDArray[np.int64]
    momentum: NDArray[np.float32]
    vertex: NDArray[np.float32]
    charge: NDArray[np.float32]
    nhits: NDArray[np.int32]

    @property
    def pt(self) -> NDArray[np.float32]:
        """Transverse momentum in GeV."""
        return np.hypot(self.momentum[:, 0], self.momentum[:, 1])

    @property
    def eta(self) -> NDArray[np.float32]:
        """Pseudorapidity of the momentum."""
        return np.arcsinh(self.momentum[:, 2] / np.maximum(self.pt, np.float32(1e-9)))

    def row_of(self, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the row (m,) of the particle with each id; -1 for ids without a particle."""
        if not len(self):
            return np.full(len(ids), -1)
        order = np.argsort(self.particle_id)
        place = np.searchsorted(self.particle_id, ids, sorter=order).clip(max=len(order) - 1)
        return np.where(self.particle_id[order[place]] == ids, order[place], -1)


def hits_of_particles(particle_id: NDArray[np.int64], truth: Truth | None) -> NDArray[np.int32]:
    """Return the number of hits (p,) of each particle in the truth; 0 without truth."""
    known = np.sort(truth.particle_id) if truth else np.empty(0, np.int64)
    first, last = (np.searchsorted(known, particle_id, side=side) for side in ("left", "right"))
    return (last - first).astype(np.int32)


@dataclass(frozen=True, eq=False)
class Cells(Table):
    """Read-out channels that fired, one row each.

    Attributes:
        hit: int32, row in `Hits` of the hit that the channel belongs to.
        ch0, ch1: int32, channel coordinates on the module.
        value: float32, signal.
    """

    hit: NDArray[np.int32]
    ch0: NDArray[np.int32]
    ch1: NDArray[np.int32]
    value: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Event:
    """One collision.

    Attributes:
        name: name in tables, such as `event000021000`.
        hits: the measured hits.
        truth: particles of the hits, or None.
        particles: the generated particles, or None.
        cells: the read-out channels that fired, or None.
        recipe: how it was made; empty where that is not known.

    Raises:
        BadInputError: a coordinate is not finite, a hit id occurs twice, or truth and hits differ
            in length.
    """

    name: str
    hits: Hits
    truth: Truth | None = None
    particles: Particles | None = None
    cells: Cells | None = None
    recipe: EventRecipe = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not np.isfinite(self.hits.positions).all():
            raise BadInputError(f"{self.name}: every hit needs finite x, y, z.")
        ids = np.sort(self.hits.hit_id)  # np.unique takes ten times as long where all differ
        if (ids[1:] == ids[:-1]).any():
            raise BadInputError(f"{self.name}: every hit needs a hit_id of its own.")
        if self.truth is not None and len(self.truth) != len(self.hits):
            raise BadInputError(f"{self.name}: truth needs one row per hit.")

    def __len__(self) -> int:
        return len(self.hits)

    @property
    def origin(self) -> str:
        """How it was made, in one line; empty where that is not known."""
        return origin_of(self.recipe)

    def in_volumes(self, volumes: tuple[int, ...]) -> "Event":
        """Return the part of the event in the given volumes, with its truth and cells.

        Raises:
            BadInputError: one of the volumes has no hit.
        """
        present = np.unique(self.hits.volume)
        if missing := sorted(set(volumes) - set(present.tolist())):
            raise BadInputError(
                f"{self.name} has no hit in volume {missing[0]}; it has volumes "
                f"{', '.join(map(str, present))}."
            )
        chosen = self.select(np.isin(self.hits.volume, volumes))
        return replace(chosen, name=f"{self.name}[{','.join(map(str, sorted(set(volumes))))}]")

    def select(self, keep: NDArray[np.bool_]) -> "Event":
        """Return the part of the event whose hits are set in the mask `keep` (n,)."""
        return replace(
            self,
            hits=self.hits.select(keep),
            truth=self.truth and self.truth.select(keep),
            cells=self.cells and _cells_of(self.cells, keep),
        )

    def without_truth(self) -> "Event":
        """Return the event with hits and cells only, as indexes and trackers may see it."""
        return replace(self, truth=None, particles=None)

    @cached_property
    def digest(self) -> str:
        """Digest of hits, truth and particles: 16 hexadecimal digits."""
        content = sha256()
        for table in (self.hits, self.truth, self.particles):
            for name, column in (table.columns() if table else {}).items():
                content.update(f"{name}:{column.dtype.str}:{column.shape}".encode())
                content.update(np.ascontiguousarray(column).tobytes())
        return content.hexdigest()[:16]


def _cells_of(cells: Cells, keep: NDArray[np.bool_]) -> Cells:
    new_row = np.cumsum(keep, dtype=np.int32) - 1
    kept = cells.select(keep[cells.hit])
    return replace(kept, hit=new_row[kept.hit])
