"""A record as one flat row: what tables, files and programs read."""

from dataclasses import dataclass, fields
from math import fsum
from statistics import median
from typing import Any

import numpy as np

from nearhit.cells.cell import Cell
from nearhit.machine.hardware import MIB
from nearhit.plugins.adapter import Device
from nearhit.plugins.registry import trackers
from nearhit.plugins.spec import TrackerSpec, selections_as_text
from nearhit.plugins.tracker import COUNTS, IN_BUCKETS, STAGES

from .record import Record
from .results import Tracking


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Row:
    """A record as one flat row; what was not measured is None.

    Times are medians over the warm passes. `seconds_per_event` is project + build + query of all
    hits; where only some were queried the query time is scaled to all, and
    `seconds_per_event_scaled` says so. With a tracker it is the whole pipeline from hits in memory
    to resolved tracks, with the buckets that were asked for; nothing is scaled.

    A report fills in `breaks`, the clauses of the contract that the library breaks by its
    certificate; `stale`, why the record is not of the code and libraries that are here; and
    `front`, whether it is on the Pareto front of its table.
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
    cold_seconds: float | None = None
    single_query_seconds: float | None = None
    single_query_seconds_p99: float | None = None
    cores_used: float | None = None
    copying_seconds: float | None = None
    reads_truth: bool = False
    trackml_score: float | None = None
    track_efficiency: float | None = None
    fake_share: float | None = None
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

    def to_json(self) -> dict[str, Any]:
        """Return the row ready for JSON, with the identity of its record."""
        names = (field.name for field in fields(self))
        return {name: getattr(self, name) for name in names} | {"record": self.record.identity}


def row_of(record: Record) -> Row:
    """Return a record as one flat row."""
    return Row(
        record=record,
        **_coordinates(record),
        status=record.status.outcome,
        reason=record.status.reason,
        distance=record.distance,
        n_hits=record.n_hits,
        n_queries=record.n_queries,
        **_quality(record) | _times(record) | _tracking(record),
        peak_memory_mb=record.peak_memory_mb,
        memory_per_hit_bytes=record.peak_memory_mb and record.peak_memory_mb * MIB / record.n_hits,
        **_origin(record),
        **_conditions(record),
    )


def reads_truth(tracker: TrackerSpec | None) -> bool:
    """Return whether a tracker declares that it reads the truth; one not known here does not."""
    known = trackers().get(tracker.name) if tracker else None
    return known is not None and known.truth


_OF_CELL = (
    *("event", "event_digest", "metric", "bucket_size", "queries", "threads", "device"),
    *("batch", "seed"),
)


def _coordinates(record: Record) -> dict[str, Any]:
    cell = record.cell
    return {
        **{name: getattr(cell, name) for name in _OF_CELL},
        "event_origin": record.event_origin,
        "library": cell.index.name,
        "index": str(cell.index),
        "tracker": cell.tracker and str(cell.tracker),
        "reads_truth": reads_truth(cell.tracker),
        "choices": selections_as_text(cell.choices),
        "min_hits": cell.trackable.min_hits,
        "min_pt": cell.trackable.min_pt,
        "min_share": float(cell.trackable.min_share),
    }


def _quality(record: Record) -> dict[str, Any]:
    quality = record.quality
    if quality is None:
        return {}
    names = ("bucket_purity", "leading_particle_size", "particle_efficiency")
    figures = {name: quality.figures.get(name) for name in names}
    return figures | {"n_trackable": quality.n_trackable, "recall": quality.recall}


_MEDIANS = ("project_seconds", "build_seconds", "query_seconds", "cores_used", "copying_seconds")


def _times(record: Record) -> dict[str, Any]:
    if record.timing is None:
        return {}
    timing, scale = record.timing, record.n_hits / record.n_queries
    events = [
        one.project_seconds + one.build_seconds + one.query_seconds * scale for one in timing.warm
    ]
    return {
        **{name: timing.median(name) for name in _MEDIANS},
        **_spread(events, timing.cold.seconds if timing.cold else None),
        "queries_per_second": record.n_queries / timing.median("query_seconds"),
        "seconds_per_event_scaled": record.n_queries < record.n_hits,
        "single_query_seconds": median(timing.single_query_seconds),
        "single_query_seconds_p99": float(np.percentile(timing.single_query_seconds, 99)),
    }


def _spread(warm: list[float], cold: float | None) -> dict[str, Any]:
    return {
        "seconds_per_event": median(warm),
        "seconds_per_event_min": min(warm),
        "seconds_per_event_max": max(warm),
        "repetitions": len(warm),
        "cold_seconds": cold,
    }


_SCORES = {
    "trackml_score": "trackml_score",
    "track_efficiency": "double_majority_efficiency",
    "fake_share": "double_majority_fake_share",
    "central_efficiency": "central_efficiency",
    "central_prompt_efficiency": "central_prompt_efficiency",
    "hits_on_track": "hits_on_track",
    "cluster_efficiency": "cluster_efficiency",
    "cluster_purity": "cluster_purity",
}
_OF_TRACKS = (
    *("n_tracks", "n_hits_on_tracks", "n_buckets", "hits_per_bucket", "reachable"),
    "n_trackable",
)


def _tracking(record: Record) -> dict[str, Any]:
    """Return what a tracker did; with one, the seconds are those of the whole pipeline."""
    tracking = record.tracking
    if tracking is None:
        return {}
    stages = _seconds_per_stage(tracking)
    inside = sum(stages.get(stage, 0.0) for stage in IN_BUCKETS)
    totals = [fsum(stages.values()) for stages in tracking.warm]  # in whatever order they are kept
    return {
        **{name: tracking.scores.get(key) for name, key in _SCORES.items()},
        **{name: getattr(tracking, name) for name in _OF_TRACKS},
        **{f"n_{name}": tracking.counts.get(name) for name in COUNTS},
        **_spread(totals, fsum(tracking.cold.values()) if tracking.cold else None),
        "seconds_per_event_scaled": False,
        "seconds_per_stage": stages,
        "seconds_per_bucket": inside / tracking.n_buckets if tracking.n_buckets else None,
    }


def _seconds_per_stage(tracking: Tracking) -> dict[str, float]:
    """Return the median seconds of every stage that there was, and of scoring."""
    stages = [stage for stage in STAGES if stage in tracking.warm[0]]
    seconds = {stage: median(one[stage] for one in tracking.warm) for stage in stages}
    return seconds | {"score": tracking.score_seconds}


def _origin(record: Record) -> dict[str, Any]:
    provenance, machine = record.provenance, record.provenance.machine
    same = ("commit", "dirty", "started", "load", "versions")
    return {
        **{name: getattr(provenance, name) for name in same},
        "machine": machine.name,
        "cpu": machine.cpu,
        "cores": machine.cores,
        "governor": machine.governor,
        "machine_memory_mb": machine.memory_mb,
        "library_version": provenance.versions[provenance.package],
    }


def _conditions(record: Record) -> dict[str, Any]:
    """Return what the machine did meanwhile; old records do not say."""
    seen = record.conditions
    if seen is None:
        return {}
    names = ("own_cores", "other_cores", "stolen_cores", "most_threads")
    return {name: getattr(seen, name) for name in names} | {"load_after": seen.load}
