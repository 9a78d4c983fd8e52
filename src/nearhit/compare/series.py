"""Series: what was measured of each cell on each side, turn by turn, as it is kept."""

from dataclasses import asdict, dataclass, field
from statistics import geometric_mean
from typing import Any, Self

from nearhit.cells.status import OK, Status
from nearhit.records.checksum import FORMAT, json_with_checksum, parsed_json
from nearhit.records.record import Provenance

COMPARISONS = "comparisons"
"""The folder of results that holds them."""


@dataclass(frozen=True)
class Turn:
    """One cell in one fresh worker.

    Attributes:
        seconds: of each warm pass, without those in which it waited for a core.
        processor_seconds: the same on all processors together.
        peak_memory_mb: over what the worker held before it loaded the library, in MiB.
        spent_seconds: the cell's share of the worker's life.
    """

    seconds: tuple[float, ...]
    processor_seconds: tuple[float, ...]
    peak_memory_mb: float
    spent_seconds: float


@dataclass(frozen=True)
class SideSeries:
    """One cell on one side.

    Attributes:
        status: of the side's first turn that did not end well, or `ok`.
        about: index and tracker as that side read them, and the library's version.
        turns: in the order of the rounds.
        losses: by figure, one for each time that the answer was judged.
    """

    status: Status = OK
    about: str = ""
    turns: tuple[Turn, ...] = ()
    losses: dict[str, tuple[float, ...]] = field(default_factory=dict)

    def timed(self, figure: str) -> tuple[float, ...]:
        """Return a timed figure of each turn: the geometric mean of its passes.

        The logarithm of B / A is then the mean over passes that ran at once, which cancels what
        slowed both.
        """
        return tuple(geometric_mean(getattr(turn, figure)) for turn in self.turns)


@dataclass(frozen=True)
class CellSeries:
    """One cell on every side.

    Attributes:
        cell: as it was written.
        arms: in the order of the sides.
    """

    cell: str
    arms: tuple[SideSeries, ...]


@dataclass(frozen=True)
class Series:
    """Everything that was measured together.

    Attributes:
        sides: their labels.
        event: its name.
        event_digest: its content.
        threads: of all cells.
        cells: what was measured.
        provenance: of the nearhit that measured; labels and `SideSeries.about` tell the sides'.
    """

    sides: tuple[str, ...]
    event: str
    event_digest: str
    threads: int
    cells: tuple[CellSeries, ...]
    provenance: Provenance
    format: int = field(default=FORMAT)

    def to_json(self) -> str:
        """Return the series as one line of strict JSON."""
        return json_with_checksum(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote.

        Raises:
            ValueError, KeyError, TypeError: it is not a series of a known format.
        """
        raw = parsed_json(text)
        read = {
            "sides": tuple(raw["sides"]),
            "cells": tuple(
                CellSeries(one["cell"], tuple(map(_side, one["arms"]))) for one in raw["cells"]
            ),
            "provenance": Provenance.from_raw(raw["provenance"]),
        }
        return cls(**raw | read)


def _side(raw: dict[str, Any]) -> SideSeries:
    turns = (
        Turn(**one | {key: tuple(one[key]) for key in ("seconds", "processor_seconds")})
        for one in raw["turns"]
    )
    losses = {name: tuple(values) for name, values in raw["losses"].items()}
    return SideSeries(Status(**raw["status"]), raw["about"], tuple(turns), losses)
