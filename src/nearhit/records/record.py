"""The record of one measured cell: its status, every repetition, and where it ran."""

from dataclasses import asdict, dataclass, field, replace
from fractions import Fraction
from typing import Any, Self

from nearhit.cells.cell import Cell
from nearhit.cells.status import Status
from nearhit.data.recipe import EventRecipe, origin_of
from nearhit.machine.conditions import Conditions, is_disturbed
from nearhit.machine.hardware import Machine
from nearhit.plugins.spec import IndexSpec, SelectionSpec, TrackerSpec
from nearhit.quality import Trackable

from .checksum import FORMAT, json_with_checksum, parsed_json, short_digest
from .migration import migrated
from .results import Quality, Round, Timing, Tracking


@dataclass(frozen=True)
class Provenance:
    """Origin of a record: machine, code and libraries.

    Attributes:
        machine: what it ran on.
        commit: of nearhit; with `+` and a digest where the tree had changes.
        package: the distribution that holds the library.
        versions: of that distribution and of what nearhit stands on.
        started: UTC, ISO 8601.
        load: runnable processes, averaged over the minute before.
    """

    machine: Machine
    commit: str
    package: str
    versions: dict[str, str]
    started: str
    load: float

    @property
    def dirty(self) -> bool:
        """Whether the tree had changes that its commit does not hold."""
        return "+" in self.commit

    @classmethod
    def from_raw(cls, raw: dict[str, Any]) -> Self:
        """Return what a record's JSON holds of it."""
        return cls(**raw | {"machine": Machine(**raw["machine"])})


@dataclass(frozen=True)
class Record:
    """One measured cell.

    Attributes:
        cell: what was measured.
        status: how it ended.
        n_hits: hits in the event.
        n_queries: hits queried.
        provenance: where it comes from.
        distance: the base distance that the library searched, empty if it never came to it.
        timing: None unless `ok`, and where no index was asked.
        quality: None unless `ok`, and where no index was asked.
        peak_memory_mb: the worker's peak over an empty worker, MiB; None unless `ok`.
        event_recipe: how the event was made; empty where that is not known.
        tracking: None unless `ok` and a tracker was asked.
        conditions: what the machine did meanwhile; None where no worker was asked.
        rounds: of the warm passes, in their order; empty in records before format 5, whose passes
            were made back to back, and unless `ok`.
    """

    cell: Cell
    status: Status
    n_hits: int
    n_queries: int
    provenance: Provenance
    distance: str = ""
    timing: Timing | None = None
    quality: Quality | None = None
    peak_memory_mb: float | None = None
    event_recipe: EventRecipe = field(default_factory=dict)
    tracking: Tracking | None = None
    conditions: Conditions | None = None
    rounds: tuple[Round, ...] = ()
    format: int = field(default=FORMAT)

    @property
    def event_origin(self) -> str:
        """How the event was made, in one line; empty where that is not known."""
        return origin_of(self.event_recipe)

    @property
    def disturbed(self) -> bool | None:
        """Whether others disturbed a round, or all passes where they were back to back.

        None where that is not known.
        """
        threads, cores = self.cell.threads, self.provenance.machine.cores
        taken = self.rounds or ((self.conditions,) if self.conditions else ())
        told = {is_disturbed(one, threads, cores) for one in taken} - {None}
        return any(told) if told else None

    @property
    def identity(self) -> str:
        """The 16 hexadecimal digits that name what was measured, with what, and where.

        Two records of one identity are repetitions of each other; no other coordinate tells them
        apart.
        """
        return identity_of(asdict(self.cell), self.provenance)

    def to_json(self) -> str:
        """Return the record as one line of strict JSON."""
        # Pairs, as JSON that is sorted by key keeps no order of parameters.
        return json_with_checksum(asdict(self) | {"event_recipe": list(self.event_recipe.items())})

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote, now or in an older format.

        Raises:
            NewerError: by a newer nearhit.
            ValueError, KeyError, TypeError: it is not a record, or not the one that was written.
        """
        raw = migrated(parsed_json(text))
        return cls(
            cell=_cell(raw["cell"]),
            status=Status(**raw["status"]),
            provenance=Provenance.from_raw(raw["provenance"]),
            timing=raw["timing"] and Timing.from_raw(raw["timing"]),
            quality=raw["quality"] and Quality.from_raw(raw["quality"]),
            event_recipe=dict(raw["event_recipe"]),
            tracking=Tracking.from_raw(raw["tracking"]) if raw.get("tracking") else None,
            conditions=Conditions(**raw["conditions"]) if raw.get("conditions") else None,
            rounds=tuple(Round(**one) for one in raw["rounds"]),
            **{key: raw[key] for key in _PLAIN},
        )


_PLAIN = ("n_hits", "n_queries", "distance", "peak_memory_mb", "format")


UNUSED = ("tracker", "choices")
"""Coordinates that an identity leaves out where a cell does not use them."""


def identity_of(
    cell: dict[str, Any], provenance: Provenance, unused: tuple[str, ...] = UNUSED
) -> str:
    """Return the identity that a record of a cell, as JSON has it, has."""
    content = {
        "cell": {key: cell[key] for key in cell if cell[key] or key not in unused},
        "machine": provenance.machine.name,
        "commit": provenance.commit,
        "versions": provenance.versions,
    }
    return short_digest(content)


def _cell(raw: dict[str, Any]) -> Cell:
    trackable = Trackable(
        **raw["trackable"] | {"min_share": Fraction(raw["trackable"]["min_share"])}
    )
    tracker = raw.get("tracker") and TrackerSpec.from_raw(raw["tracker"])
    choices = tuple(map(SelectionSpec.from_raw, raw.get("choices", ())))
    index = IndexSpec.from_raw(raw["index"])
    return replace(Cell(**raw), index=index, trackable=trackable, tracker=tracker, choices=choices)
