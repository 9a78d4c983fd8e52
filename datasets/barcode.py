"""Barcodes: particle ids of five integers in 64 bits, as in ACTS and the TrackML challenge."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from nearhit.data.grouping import place_in_group
from nearhit.errors import BadInputError

FIELDS = ("pv", "sv", "part", "gen", "subpart")
"""Primary vertex, secondary vertex, particle, generation and sub-particle, by their ACTS names."""

_SHIFTS = (52, 40, 24, 16, 0)
_WIDTHS = (12, 12, 16, 8, 16)

MOST = (2**11 - 1, 2**12 - 1, 2**16 - 1, 2**8 - 1, 2**16 - 1)
"""Largest value of each field; that of the first one keeps ids of 64 bits positive."""


@dataclass(frozen=True, eq=False)
class Barcode:
    """Decoded particle ids.

    Attributes:
        fields: five arrays int64 (n,) in the order of `FIELDS`.
    """

    fields: tuple[NDArray[np.int64], ...]

    @classmethod
    def of(cls, particle_id: NDArray[np.int64]) -> Self:
        """Decode particle ids (n,)."""
        return cls(
            tuple(
                (particle_id >> shift) & ((1 << width) - 1)
                for shift, width in zip(_SHIFTS, _WIDTHS, strict=True)
            )
        )

    @property
    def particle_id(self) -> NDArray[np.int64]:
        """The encoded particle ids, int64 (n,).

        Raises:
            BadInputError: a field is too large.
        """
        for name, field, most in zip(FIELDS, self.fields, MOST, strict=True):
            if field.max(initial=0) > most:
                raise BadInputError(
                    f"Particle ids hold numbers up to {most} in their field {name!r}, not "
                    f"{field.max()}: simulate fewer collisions or particles."
                )
        ids = np.zeros_like(self.fields[0])
        for field, shift in zip(self.fields, _SHIFTS, strict=True):
            ids = ids | (field << shift)
        return ids


def primary_ids(collision: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return ids (n,) of primary particles, numbered from 1 within each collision."""
    none = np.zeros_like(collision)
    return Barcode((collision, none, place_in_group(collision) + 1, none, none)).particle_id


def daughter_ids(parents: NDArray[np.int64], taken: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return ids (n,) of daughters of the given parents (n,), one generation below them.

    The numbers of the daughters of one primary particle continue after all ids in `taken`, which
    include its own.
    """
    primary, vertex, particle, generation, _ = Barcode.of(parents).fields
    family, known = parents >> _SHIFTS[2], np.sort(taken >> _SHIFTS[2])
    before = np.searchsorted(known, family, "right") - np.searchsorted(known, family, "left")
    number = place_in_group(family) + before
    return Barcode((primary, vertex, particle, generation + 1, number)).particle_id
