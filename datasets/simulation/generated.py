"""Generated particles."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from nearhit.data.event import Table


@dataclass(frozen=True, eq=False)
class Generated(Table):
    """Charged particles, one row each.

    Attributes:
        particle_id: int64, unique and positive, see `barcode`.
        kind: int64, PDG code.
        vertex: float64 (p, 3), production vertex, mm.
        momentum: float64 (p, 3), GeV.
        mass: float64, GeV.
        charge: float64, in units of the positron charge.
    """

    particle_id: NDArray[np.int64]
    kind: NDArray[np.int64]
    vertex: NDArray[np.float64]
    momentum: NDArray[np.float64]
    mass: NDArray[np.float64]
    charge: NDArray[np.float64]

    @classmethod
    def of_rows(cls, particle_id: NDArray[np.int64], rows: NDArray[np.float64]) -> Self:
        """Create particles from rows (p, 9): kind, charge, mass, vertex x y z, momentum x y z."""
        rows = rows.reshape(-1, 9)
        kind, charge, mass = rows[:, :3].T
        return cls(particle_id, kind.astype(np.int64), rows[:, 3:6], rows[:, 6:], mass, charge)

    def followed(self, min_pt: float, max_eta: float) -> Self:
        """Return the particles with pT of at least `min_pt` (GeV) and |η| of at most `max_eta`."""
        pt = np.hypot(self.momentum[:, 0], self.momentum[:, 1])
        return self.select((pt > min_pt) & (np.abs(self.momentum[:, 2]) < pt * np.sinh(max_eta)))
