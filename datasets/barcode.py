"""Particle ids: five whole numbers in 64 bits, as ACTS and the challenge's files have them."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

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
    order = np.argsort(collision, kind="stable")
    starts = np.flatnonzero(np.diff(collision[order], prepend=-1))
    number = np.empty_like(collision)
    number[order] = np.arange(len(collision)) - np.repeat(
        starts, np.diff(starts, append=len(collision))
    )
    none = np.zeros_like(collision)
    return Barcode((collision, none, number + 1, none, none)).particle_id


def daughter_ids(parents: NDArray[np.int64], taken: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return an id for each daughter (n,) of the given parents, one generation below.

    Daughters of one primary particle are numbered on from all whose ids are `taken`, itself too.
    """
    primary, vertex, particle, generation, _ = Barcode.of(parents).fields
    family, taken_family = parents >> _SHIFTS[2], taken >> _SHIFTS[2]
    order = np.argsort(family, kind="stable")
    starts = np.flatnonzero(np.diff(family[order], prepend=-1))
    number = np.empty_like(parents)
    number[order] = np.arange(len(parents)) - np.repeat(
        starts, np.diff(starts, append=len(parents))
    )
    known = np.sort(taken_family)
    before = np.searchsorted(known, family, "right") - np.searchsorted(known, family, "left")
    return Barcode((primary, vertex, particle, generation + 1, number + before)).particle_id
