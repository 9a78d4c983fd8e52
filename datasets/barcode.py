"""Particle ids: five whole numbers in 64 bits, as ACTS and the challenge's files have them."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from nearhit.data.grouping import place_in_group

FIELDS = ("pv", "sv", "part", "gen", "subpart")
"""Primary vertex, secondary vertex, particle, generation and sub-particle, as ACTS' files say."""

_SHIFTS = (52, 40, 24, 16, 0)
_WIDTHS = (12, 12, 16, 8, 16)


@dataclass(frozen=True, eq=False)
class Barcode:
    """The five numbers of particle ids, each an int64 (n,).

    Attributes:
        fields: in the order of `FIELDS`.
    """

    fields: tuple[NDArray[np.int64], ...]

    @classmethod
    def of(cls, particle_id: NDArray[np.int64]) -> Self:
        """Take particle ids apart."""
        return cls(
            tuple(
                (particle_id >> shift) & ((1 << width) - 1)
                for shift, width in zip(_SHIFTS, _WIDTHS, strict=True)
            )
        )

    @property
    def particle_id(self) -> NDArray[np.int64]:
        """The ids put together, int64 (n,)."""
        ids = np.zeros_like(self.fields[0])
        for field, shift in zip(self.fields, _SHIFTS, strict=True):
            ids = ids | (field << shift)
        return ids


def primary_ids(collision: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return an id for each particle (n,) of the given collisions, numbered from 1 in each."""
    none = np.zeros_like(collision)
    return Barcode((collision, none, place_in_group(collision) + 1, none, none)).particle_id


def daughter_ids(parents: NDArray[np.int64], taken: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return an id for each daughter (n,) of the given parents, one generation below.

    Daughters of one primary particle are numbered on from all whose ids are `taken`, itself too.
    """
    primary, vertex, particle, generation, _ = Barcode.of(parents).fields
    family, known = parents >> _SHIFTS[2], np.sort(taken >> _SHIFTS[2])
    before = np.searchsorted(known, family, "right") - np.searchsorted(known, family, "left")
    number = place_in_group(family) + before
    return Barcode((primary, vertex, particle, generation + 1, number)).particle_id
