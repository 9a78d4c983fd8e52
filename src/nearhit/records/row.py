"""A record as one flat row: what tables, files and programs read."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from math import fsum
from operator import attrgetter
from statistics import fmean, median
from typing import Any

from nearhit.cells.cell import Cell
from nearhit.machine.hardware import MIB
from nearhit.plugins.adapter import Device
from nearhit.plugins.registry import trackers
from nearhit.plugins.spec import selections_as_text
from nearhit.plugins.tracker import COUNTS, IN_BUCKETS, STAGES

from .record import Record
from .results import Tracking


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Row:
    """A record as one flat row; what was not measured is None.

    `seconds_per_event` is the median over the warm passes of project + build + query of all hits;
    where only some were queried the query time is scaled to all, and `seconds_per_event_scaled`
    says so. With a tracker it is the whole pipeline from hits in memory to resolved tracks, with
    the buckets that were asked for; nothing is scaled. All times of stages, `cores_used` and
    `copying_seconds` are of the same pass as that median, or means of the two passes that it lies
    between, so that stages add up to it.

    The range is over `rounds` rounds; None where passes were back to back. `disturbed` says whether
    other processes disturbed one of them; None where that is not known.

    A report fills in `breaks`, the clauses of the contract that the library breaks by its
    certificate; `stale`, why the record is not of the code and libraries that are here; and what
    follows from the other rows of its table: `front`, whether it is on the Pareto front;
    `times_fastest`, its seconds over those of the fastest row; `exact_share`, its particle
    efficiency over that of exact search; and `default_seconds`, the seconds per event of its
    library at the default setting.
    """

    record: Record
    event: str
    event_digest: str
    event_origin: str
    library: str
    index: str
    tracker: str | None
    choices: str
    metric: str
    bucket_size: int
    queries: int | None
    threads: int
    device: Device
    batch: int | None
    seed: int
    min_hits: int
    min_pt: float
    min_share: float
    status: str
    reason: str
    breaks: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    front: bool | None = None
    times_fastest: float | None = None
    exact_share: float | None = None
    default_seconds: float | None = None
    distance: str
    n_hits: int
    n_queries: int
    n_trackable: int | None = None
    bucket_purity: float | None = None
    leading_particle_size: float | None = None
    particle_efficiency: float | None = None
    recall: float | None = None
    project_seconds: float | None = None
    build_seconds: float | None = None
    query_seconds: float | None = None
    queries_per_second: float | None = None
    seconds_per_event: float | None = None
    seconds_per_event_min: float | None = None
    seconds_per_event_max: float | None = None
    seconds_per_event_scaled: bool | None = None
    repetitions: int | None = None
    rounds: int | None = None
    disturbed: bool | None = None
    cold_seconds: float | None = None
    single_query_seconds: float | None = None
    single_query_seconds_p99: float | None = None
    cores_used: float | None = None
    copying_seconds: float | None = None
    reads_truth: bool = False
    trackml_score: float | None = None
    track_efficiency: float | None = None
    fake_share: float | None = None
    fragment_share: float | None = None
    duplicate_share: float | None = None
    central_efficiency: float | None = None
    central_prompt_efficiency: float | None = None
    hits_on_track: float | None = None
    cluster_efficiency: float | None = None
    cluster_purity: float | None = None
    n_tracks: int | None = None
    n_hits_on_tracks: int | None = None
    n_buckets: int | None = None
    hits_per_bucket: float | None = None
    reachable: float | None = None
    n_seeds: int | None = None
    n_candidates: int | None = None
    seconds_per_stage: dict[str, float] | None = None
    seconds_per_bucket: float | None = None
    peak_memory_mb: float | None
    memory_per_hit_bytes: float | None
    machine: str
    cpu: str
    cores: int
    governor: str
    machine_memory_mb: int
    commit: str
    dirty: bool
    library_version: str
    started: str
    load: float
    versions: dict[str, str]
    own_cores: float | None = None
    other_cores: float | None = None
    stolen_cores: float | None = None
    most_threads: int | None = None
    load_after: float | None = None

    @property
    def cell(self) -> Cell:
        """What was measured."""
        return self.record.cell

    @property
    def tracker_name(self) -> str | None:
        """The tracker without its parameters."""
        return self.cell.tracker.name if self.cell.tracker else None

    def to_json(self) -> dict[str, Any]:
        """Return the row ready for JSON, with the identity of its record."""
        names = (field.name for field in fields(self))
        return {name: getattr(self, name) for name in names} | {"record": self.record.identity}


def row_of(record: Record) -> Row:
    """Return a record as one flat row."""
    cell, machine, tracker = record.cell, record.provenance.machine, record.cell.tracker
    memory, seen = record.peak_memory_mb, record.conditions
    known = trackers().get(tracker.name) if tracker else None  # what is not known declares nothing
    return Row(
        record=record,
        **_copied(record) | _figures(record) | _times(record) | _tracking(record),
        library=cell.index.name,
        index=str(cell.index),
        tracker=str(tracker) if tracker else None,
        reads_truth=known is not None and known.truth,
        choices=selections_as_text(cell.choices),
        min_share=float(cell.trackable.min_share),
        status=record.status.outcome,
        reason=record.status.reason,
        rounds=len(record.rounds) or None,
        memory_per_hit_bytes=memory and memory * MIB / record.n_hits,
        machine=machine.name,
        machine_memory_mb=machine.memory_mb,
        library_version=record.provenance.versions[record.provenance.package],
        load_after=seen.load if seen else None,
    )


_COPIED: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("", ("event_origin", "distance", "n_hits", "n_queries", "peak_memory_mb", "disturbed")),
    ("cell", ("event", "event_digest", "metric", "bucket_size", "queries", "threads")),
    ("cell", ("device", "batch", "seed")),
    ("cell.trackable", ("min_hits", "min_pt")),
    ("provenance", ("commit", "dirty", "started", "load", "versions")),
    ("provenance.machine", ("cpu", "cores", "governor")),
    ("conditions", ("own_cores", "other_cores", "stolen_cores", "most_threads")),
    ("quality", ("n_trackable", "recall")),
    ("tracking", ("n_trackable", "n_tracks", "n_hits_on_tracks", "n_buckets", "hits_per_bucket")),
    ("tracking", ("reachable",)),
)
"""What a row has under the names that it has in a part of a record."""


def _copied(record: Record) -> dict[str, Any]:
    return {
        name: getattr(held, name)
        for part, names in _COPIED
        if (held := attrgetter(part)(record) if part else record) is not None
        for name in names
    }


def _figures(record: Record) -> dict[str, Any]:
    figures = record.quality.figures if record.quality else {}
    names = ("bucket_purity", "leading_particle_size", "particle_efficiency")
    return {name: figures.get(name) for name in names}


_OF_PASSES = ("project_seconds", "build_seconds", "query_seconds", "cores_used", "copying_seconds")


def _times(record: Record) -> dict[str, Any]:
    if record.timing is None:
        return {}
    timing, middle = record.timing, _middle(seconds_of_passes(record))
    of_passes = {
        name: fmean(getattr(timing.warm[at], name) for at in middle) for name in _OF_PASSES
    }
    return {
        **of_passes,
        **_spread(seconds_of_passes(record), timing.cold.seconds if timing.cold else None),
        "queries_per_second": record.n_queries / of_passes["query_seconds"],
        "seconds_per_event_scaled": record.n_queries < record.n_hits,
        "single_query_seconds": timing.single_query_seconds.median,
        "single_query_seconds_p99": timing.single_query_seconds.p99,
    }


def seconds_of_passes(record: Record) -> list[float]:
    """Return the seconds per event of every warm pass."""
    if record.tracking:  # stages in whatever order they are kept
        return [fsum(stages.values()) for stages in record.tracking.warm]
    scale = record.n_hits / record.n_queries
    return [
        one.project_seconds + one.build_seconds + one.query_seconds * scale
        for one in (record.timing.warm if record.timing else ())
    ]


def _middle(seconds: Sequence[float]) -> list[int]:
    """Return the place of the median, or the two places that it lies between."""
    ordered, half = sorted(range(len(seconds)), key=seconds.__getitem__), (len(seconds) - 1) // 2
    return ordered[half : len(seconds) - half]


def _spread(warm: list[float], cold: float | None) -> dict[str, Any]:
    return {
        "seconds_per_event": median(warm),
        "seconds_per_event_min": min(warm),
        "seconds_per_event_max": max(warm),
        "repetitions": len(warm),
        "cold_seconds": cold,
    }


_SCORES = (
    *("trackml_score", "central_efficiency", "central_prompt_efficiency", "hits_on_track"),
    *("cluster_efficiency", "cluster_purity", "fake_share", "fragment_share", "duplicate_share"),
)


def _tracking(record: Record) -> dict[str, Any]:
    """Return what a tracker did; with one, the seconds are those of the whole pipeline."""
    tracking = record.tracking
    if tracking is None:
        return {}
    totals = seconds_of_passes(record)
    stages = _seconds_per_stage(tracking, _middle(totals))
    inside = sum(stages.get(stage, 0.0) for stage in IN_BUCKETS)
    return {
        **{name: tracking.scores.get(name) for name in _SCORES},
        "track_efficiency": tracking.scores.get("double_majority_efficiency"),
        **{f"n_{name}": tracking.counts.get(name) for name in COUNTS},
        **_spread(totals, fsum(tracking.cold.values()) if tracking.cold else None),
        "seconds_per_event_scaled": False,
        "seconds_per_stage": stages,
        "seconds_per_bucket": _per_bucket(record.cell, inside, tracking.n_buckets),
    }


def _per_bucket(cell: Cell, seconds: float, n_buckets: int) -> float | None:
    return seconds / n_buckets if n_buckets and not cell.takes_whole_event else None


def _seconds_per_stage(tracking: Tracking, middle: list[int]) -> dict[str, float]:
    """Return the seconds of every stage that there was, and of scoring."""
    stages = [stage for stage in STAGES if stage in tracking.warm[0]]
    seconds = {stage: fmean(tracking.warm[at][stage] for at in middle) for stage in stages}
    return seconds | {"score": tracking.score_seconds}
