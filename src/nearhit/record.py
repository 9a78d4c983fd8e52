"""What was measured, as it is kept: one cell, one status, every repetition, and where it ran."""

import json
from dataclasses import asdict, dataclass, field, replace
from fractions import Fraction
from hashlib import sha256
from statistics import median
from typing import Any, Self

from .cell import Cell
from .hardware import Machine
from .measure import Pass
from .quality import Trackable
from .spec import ChoiceSpec, IndexSpec, TrackerSpec
from .status import Status

FORMAT = 1
"""The version of the layout; a reader refuses what is newer than itself."""


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
    """

    n_trackable: int | None
    figures: dict[str, float | None]
    leading_sizes: tuple[int, ...]
    recall: float


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
        score_seconds: what scoring took, which is no part of tracking.
        scores: by name, see `nearhit.scoring.SCORES`; empty, as all that follows, where the event
            has no truth.
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
    score_seconds: float
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
        event_origin: how the event was made, in one line; empty where that is not known.
        tracking: None unless `ok` and a tracker was asked.
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
    event_origin: str = ""
    tracking: Tracking | None = None
    format: int = field(default=FORMAT)

    @property
    def identity(self) -> str:
        """The 16 hexadecimal digits that name what was measured, with what, and where.

        Two records of one identity are repetitions of each other; no other coordinate tells them
        apart.
        """
        return identity_of(self.cell, self.provenance)

    def to_json(self) -> str:
        """Return the record as one line of strict JSON."""
        return canonical_json(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote.

        Raises:
            ValueError, KeyError, TypeError: it is not a record of a known format.
        """
        raw = parsed_json(text)
        return cls(
            cell=_cell(raw["cell"]),
            status=Status(**raw["status"]),
            provenance=Provenance.from_raw(raw["provenance"]),
            timing=raw["timing"] and _timing(raw["timing"]),
            quality=raw["quality"] and _quality(raw["quality"]),
            event_origin=raw.get("event_origin", ""),
            tracking=_tracking(raw.get("tracking")),
            **{key: raw[key] for key in _PLAIN},
        )


_PLAIN = ("n_hits", "n_queries", "distance", "peak_memory_mb", "format")


_CAME_LATER = ("tracker", "choices")


def identity_of(cell: Cell, provenance: Provenance) -> str:
    """Return the identity that a record of this cell has, or would have."""
    content = {
        "cell": _coordinates(cell),
        "machine": provenance.machine.name,
        "commit": provenance.commit,
        "versions": provenance.versions,
    }
    return short_digest(content)


def _coordinates(cell: Cell) -> dict[str, Any]:
    """Return a cell as JSON has it; what came to cells later is left out where it is not used."""
    raw = asdict(cell)
    return {key: raw[key] for key in raw if raw[key] or key not in _CAME_LATER}


def short_digest(content: dict[str, Any]) -> str:
    """Return 16 hexadecimal digits that name a content."""
    return sha256(canonical_json(content).encode()).hexdigest()[:16]


def parsed_json(text: str) -> dict[str, Any]:
    """Return what a record or a certificate holds.

    Raises:
        ValueError, KeyError, TypeError: it is not of a known format.
    """
    raw: dict[str, Any] = json.loads(text)
    if raw["format"] > FORMAT:
        raise ValueError(f"format {raw['format']} is newer than this nearhit reads ({FORMAT})")
    return raw


def canonical_json(content: Any) -> str:
    """Return JSON that is the same for the same content: sorted, compact, without NaN."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False, default=str)


def _cell(raw: dict[str, Any]) -> Cell:
    trackable = Trackable(
        **raw["trackable"] | {"min_share": Fraction(raw["trackable"]["min_share"])}
    )
    tracker = raw.get("tracker") and TrackerSpec.from_raw(raw["tracker"])
    choices = tuple(map(ChoiceSpec.from_raw, raw.get("choices", ())))
    index = IndexSpec.from_raw(raw["index"])
    return replace(Cell(**raw), index=index, trackable=trackable, tracker=tracker, choices=choices)


def _timing(raw: dict[str, Any]) -> Timing:
    return Timing(
        cold=raw["cold"] and Pass(**raw["cold"]),
        warm=tuple(Pass(**one) for one in raw["warm"]),
        single_query_seconds=tuple(raw["single_query_seconds"]),
    )


def _tracking(raw: dict[str, Any] | None) -> Tracking | None:
    return Tracking(**raw | {"warm": tuple(raw["warm"])}) if raw else None


def _quality(raw: dict[str, Any]) -> Quality:
    return Quality(**raw | {"leading_sizes": tuple(raw["leading_sizes"])})
