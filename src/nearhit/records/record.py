"""What was measured, as it is kept: one cell, one status, every repetition, and where it ran."""

from dataclasses import asdict, dataclass, field, replace
from fractions import Fraction
from statistics import median
from typing import Any, Self

from nearhit.cells.cell import Cell
from nearhit.cells.status import Status
from nearhit.data.recipe import EventRecipe, origin_of
from nearhit.machine.conditions import Conditions
from nearhit.machine.hardware import Machine
from nearhit.plugins.spec import IndexSpec, SelectionSpec, TrackerSpec
from nearhit.quality import Trackable

from .checksum import FORMAT, parsed_json, sealed_json, short_digest
from .migration import recipe_in


@dataclass(frozen=True)
class Pass:
    """One way through project, build and query.

    Attributes:
        project_seconds: hits to points.
        build_seconds: points to index.
        query_seconds: all queries, in one batch.
        cores_used: processor seconds per second of wall time, over build and query.
        copying_seconds: of build and query, what copying to and from a device took.
    """

    project_seconds: float
    build_seconds: float
    query_seconds: float
    cores_used: float
    copying_seconds: float = 0.0

    @property
    def seconds(self) -> float:
        """The whole way."""
        return self.project_seconds + self.build_seconds + self.query_seconds


@dataclass(frozen=True)
class Timing:
    """Every time that was taken of a cell.

    Attributes:
        cold: the pass that paid for imports and compilation; None where the worker had run the
            library with this metric before.
        warm: the passes after it.
        single_query_seconds: latency of queries one by one.
    """

    cold: Pass | None
    warm: tuple[Pass, ...]
    single_query_seconds: tuple[float, ...]

    def median(self, stage: str) -> float:
        """Return the median over the warm passes of an attribute of `Pass`."""
        return float(median(getattr(one, stage) for one in self.warm))


@dataclass(frozen=True)
class Quality:
    """What the truth and the exact answer say of the buckets.

    Attributes:
        n_trackable: trackable particles in the event; None where it has no truth.
        figures: by name, see `nearhit.quality.FIGURES`.
        leading_sizes: buckets with leading particle size 0, 1, 2, …
        recall: share of the exact k nearest returned.
        leading_sizes_with_noise: as `leading_sizes`, where noise counts as one particle.
        noise_share: of the hits with truth, see `nearhit.quality.noise_share`; None without truth.
        count_seconds: what counting took from which all but recall follows; it is no part of
            bucketing. None without truth.
    """

    n_trackable: int | None
    figures: dict[str, float | None]
    leading_sizes: tuple[int, ...]
    recall: float
    leading_sizes_with_noise: tuple[int, ...] = ()
    noise_share: float | None = None
    count_seconds: float | None = None


@dataclass(frozen=True)
class Tracking:
    """What a tracker made of the buckets.

    Attributes:
        cold: seconds of each stage of the first pass, which paid for imports and compilation; None
            where the worker had run the tracker before.
        warm: the same of the passes after it, from hits in memory to resolved tracks.
        n_buckets: buckets that it was given.
        hits_per_bucket: mean hits of one.
        counts: of what it counted on its way: seeds, candidates.
        n_tracks: tracks that it found.
        n_hits_on_tracks: hits of the event that are on one.
        score_seconds: what scoring took, which is no part of tracking; 0, as all that follows is
            empty, where the event has no truth.
        scores: by name, see `nearhit.scoring.SCORES`.
        n_trackable: trackable particles in the event.
        reachable: share of them of which one of the buckets holds enough.
        profiles: by axis, see `nearhit.scoring.profiles`.
        track_sizes: tracks of 0, 1, 2, … hits, see `nearhit.scoring.track_sizes`.
        found_sizes: particles by their hits and those on their best track, see
            `nearhit.scoring.found_sizes`.
    """

    cold: dict[str, float] | None
    warm: tuple[dict[str, float], ...]
    n_buckets: int
    hits_per_bucket: float
    counts: dict[str, int]
    n_tracks: int
    n_hits_on_tracks: int
    score_seconds: float = 0.0
    scores: dict[str, float | None] = field(default_factory=dict)
    n_trackable: int | None = None
    reachable: float | None = None
    profiles: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    track_sizes: list[int] = field(default_factory=list)
    found_sizes: list[list[int]] = field(default_factory=list)


@dataclass(frozen=True)
class Provenance:
    """Where a record comes from.

    Attributes:
        machine: what it ran on.
        commit: of nearhit; with `+` and a digest where the tree had changes.
        package: the distribution that holds the library.
        versions: of that distribution and of what nearhit stands on.
        started: UTC, ISO 8601.
        load: processes that wanted to run, averaged over the minute before.
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
    format: int = field(default=FORMAT)

    @property
    def event_origin(self) -> str:
        """How the event was made, in one line; empty where that is not known."""
        return origin_of(self.event_recipe)

    @property
    def identity(self) -> str:
        """The 16 hexadecimal digits that name what was measured, with what, and where.

        Two records of one identity are repetitions of each other; no other coordinate tells them
        apart.
        """
        return identity_of(self.cell, self.provenance)

    @property
    def identities(self) -> tuple[str, ...]:
        """Its identity, and those that it had before cells had all their coordinates of today."""
        return tuple(_identity(self.cell, self.provenance, names) for names in _UNUSED)

    def to_json(self) -> str:
        """Return the record as one line of strict JSON."""
        # Pairs, as JSON that is sorted by key keeps no order of parameters.
        return sealed_json(asdict(self) | {"event_recipe": list(self.event_recipe.items())})

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote.

        Raises:
            NewerError: by a newer nearhit.
            ValueError, KeyError, TypeError: it is not a record, or not the one that was written.
        """
        raw = parsed_json(text)
        return cls(
            cell=_cell(raw["cell"]),
            status=Status(**raw["status"]),
            provenance=Provenance.from_raw(raw["provenance"]),
            timing=raw["timing"] and _timing(raw["timing"]),
            quality=raw["quality"] and _quality(raw["quality"]),
            event_recipe=_event_recipe(raw),
            tracking=_tracking(raw.get("tracking")),
            conditions=_conditions(raw.get("conditions")),
            **{key: raw[key] for key in _PLAIN},
        )


_PLAIN = ("n_hits", "n_queries", "distance", "peak_memory_mb", "format")


def identity_of(cell: Cell, provenance: Provenance) -> str:
    """Return the identity that a record of this cell has, or would have."""
    return _identity(cell, provenance, _UNUSED[0])


_UNUSED = (("tracker", "choices"), ("tracker", "choices", "batch"))
"""Coordinates that are left out where they are not used: today, and in the beginning."""


def _identity(cell: Cell, provenance: Provenance, unused: tuple[str, ...]) -> str:
    content = {
        "cell": _coordinates(cell, unused),
        "machine": provenance.machine.name,
        "commit": provenance.commit,
        "versions": provenance.versions,
    }
    return short_digest(content)


def _coordinates(cell: Cell, unused: tuple[str, ...]) -> dict[str, Any]:
    """Return a cell as JSON has it, without some coordinates that it does not use."""
    raw = asdict(cell)
    return {key: raw[key] for key in raw if raw[key] or key not in unused}


def _cell(raw: dict[str, Any]) -> Cell:
    trackable = Trackable(
        **raw["trackable"] | {"min_share": Fraction(raw["trackable"]["min_share"])}
    )
    tracker = raw.get("tracker") and TrackerSpec.from_raw(raw["tracker"])
    choices = tuple(map(SelectionSpec.from_raw, raw.get("choices", ())))
    index = IndexSpec.from_raw(raw["index"])
    return replace(Cell(**raw), index=index, trackable=trackable, tracker=tracker, choices=choices)


def _event_recipe(raw: dict[str, Any]) -> EventRecipe:
    found = raw.get("event_recipe")
    return recipe_in(raw.get("event_origin", "")) if found is None else dict(found)


def _timing(raw: dict[str, Any]) -> Timing:
    return Timing(
        cold=raw["cold"] and Pass(**raw["cold"]),
        warm=tuple(Pass(**one) for one in raw["warm"]),
        single_query_seconds=tuple(raw["single_query_seconds"]),
    )


def _tracking(raw: dict[str, Any] | None) -> Tracking | None:
    return Tracking(**raw | {"warm": tuple(raw["warm"])}) if raw else None


def _conditions(raw: dict[str, Any] | None) -> Conditions | None:
    return Conditions(**raw) if raw else None


def _quality(raw: dict[str, Any]) -> Quality:
    histograms = ("leading_sizes", "leading_sizes_with_noise")
    return Quality(**raw | {name: tuple(raw.get(name, ())) for name in histograms})
