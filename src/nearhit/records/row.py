"""A record as one flat row: what tables, files and programs read."""

from math import fsum
from statistics import median
from typing import Any

import numpy as np

from nearhit.machine.hardware import MIB
from nearhit.plugins.spec import selections_as_text
from nearhit.plugins.tracker import COUNTS, IN_BUCKETS, STAGES

from .record import Record
from .results import Timing, Tracking

Row = dict[str, Any]


def row_of(record: Record) -> Row:
    """Return a record as one flat row; what was not measured is None.

    Times are medians over the warm passes. `seconds_per_event` is project + build + query of all
    hits; where only some were queried the query time is scaled to all, and
    `seconds_per_event_scaled` says so. With a tracker it is all of the way from hits in memory to
    resolved tracks, with the buckets that were asked for; nothing is scaled.

    A report fills in `breaks`, the clauses of the contract that the library breaks by its
    certificate, and `stale`, why the record is not of the code and libraries that are here.
    """
    return {
        **_coordinates(record),
        "status": record.status.outcome,
        "reason": record.status.reason,
        "breaks": (),
        "stale": (),
        "distance": record.distance,
        "n_hits": record.n_hits,
        "n_queries": record.n_queries,
        **_quality(record),
        **_times(record),
        **_tracking(record),
        "peak_memory_mb": record.peak_memory_mb,
        "memory_per_hit_bytes": _per_hit(record),
        **_origin(record),
        **_conditions(record),
    }


def _coordinates(record: Record) -> Row:
    cell = record.cell
    return {
        "event": cell.event,
        "event_digest": cell.event_digest,
        "event_origin": record.event_origin,
        "library": cell.index.name,
        "index": str(cell.index),
        "tracker": cell.tracker and str(cell.tracker),
        "choices": selections_as_text(cell.choices),
        "metric": cell.metric,
        "bucket_size": cell.bucket_size,
        "queries": cell.queries,
        "threads": cell.threads,
        "device": cell.device,
        "batch": cell.batch,
        "seed": cell.seed,
        "min_hits": cell.trackable.min_hits,
        "min_pt": cell.trackable.min_pt,
        "min_share": float(cell.trackable.min_share),
    }


def _quality(record: Record) -> Row:
    quality = record.quality
    figures = quality.figures if quality else {}
    return {
        "n_trackable": quality and quality.n_trackable,
        "bucket_purity": figures.get("bucket_purity"),
        "leading_particle_size": figures.get("leading_particle_size"),
        "particle_efficiency": figures.get("particle_efficiency"),
        "recall": quality and quality.recall,
    }


_TIMES = (
    "project_seconds",
    "build_seconds",
    "query_seconds",
    "queries_per_second",
    "seconds_per_event",
    "seconds_per_event_min",
    "seconds_per_event_max",
    "seconds_per_event_scaled",
    "repetitions",
    "cold_seconds",
    "single_query_seconds",
    "single_query_seconds_p99",
    "cores_used",
    "copying_seconds",
)


def _times(record: Record) -> Row:
    if record.timing is None:
        return dict.fromkeys(_TIMES)
    timing, scale = record.timing, record.n_hits / record.n_queries
    events = _seconds_per_event(timing, scale)
    values = (
        timing.median("project_seconds"),
        timing.median("build_seconds"),
        timing.median("query_seconds"),
        record.n_queries / timing.median("query_seconds"),
        median(events),
        min(events),
        max(events),
        record.n_queries < record.n_hits,
        len(timing.warm),
        timing.cold and timing.cold.seconds,
        median(timing.single_query_seconds),
        float(np.percentile(timing.single_query_seconds, 99)),
        timing.median("cores_used"),
        timing.median("copying_seconds"),
    )
    return dict(zip(_TIMES, values, strict=True))


_SCORES = {
    "trackml_score": "trackml_score",
    "track_efficiency": "double_majority_efficiency",
    "fake_share": "double_majority_fake_share",
    "duplicate_share": "double_majority_duplicate_share",
    "central_efficiency": "central_efficiency",
    "central_prompt_efficiency": "central_prompt_efficiency",
    "hits_on_track": "hits_on_track",
    "cluster_efficiency": "cluster_efficiency",
    "cluster_purity": "cluster_purity",
}


def _tracking(record: Record) -> Row:
    """Return what a tracker did; with one, the seconds are those of the whole way."""
    tracking = record.tracking
    scores = tracking.scores if tracking else {}
    row: Row = {name: scores.get(key) for name, key in _SCORES.items()}
    counts = ("n_tracks", "n_hits_on_tracks", "n_buckets", "hits_per_bucket", "reachable")
    row |= {name: tracking and getattr(tracking, name) for name in counts}
    row |= {f"n_{name}": tracking and tracking.counts.get(name) for name in COUNTS}
    if tracking is None:
        return row | {"seconds_per_stage": None, "seconds_per_bucket": None}
    totals = [fsum(stages.values()) for stages in tracking.warm]  # in whatever order they are kept
    stages = _seconds_per_stage(tracking)
    inside = sum(stages.get(stage, 0.0) for stage in IN_BUCKETS)
    return row | {
        "n_trackable": tracking.n_trackable,
        "seconds_per_stage": stages,
        "seconds_per_bucket": inside / tracking.n_buckets if tracking.n_buckets else None,
        "seconds_per_event": median(totals),
        "seconds_per_event_min": min(totals),
        "seconds_per_event_max": max(totals),
        "seconds_per_event_scaled": False,
        "repetitions": len(totals),
        "cold_seconds": tracking.cold and fsum(tracking.cold.values()),
    }


def _seconds_per_stage(tracking: Tracking) -> dict[str, float]:
    """Return the median seconds of every stage that there was, and of scoring."""
    stages = [stage for stage in STAGES if stage in tracking.warm[0]]
    seconds = {stage: median(one[stage] for one in tracking.warm) for stage in stages}
    return seconds | {"score": tracking.score_seconds}


def _seconds_per_event(timing: Timing, scale: float) -> list[float]:
    return [
        one.project_seconds + one.build_seconds + one.query_seconds * scale for one in timing.warm
    ]


def _per_hit(record: Record) -> float | None:
    return record.peak_memory_mb and record.peak_memory_mb * MIB / record.n_hits


def _origin(record: Record) -> Row:
    provenance, machine = record.provenance, record.provenance.machine
    return {
        "machine": machine.name,
        "cpu": machine.cpu,
        "cores": machine.cores,
        "governor": machine.governor,
        "machine_memory_mb": machine.memory_mb,
        "commit": provenance.commit,
        "dirty": provenance.dirty,
        "library_version": provenance.versions[provenance.package],
        "started": provenance.started,
        "load": provenance.load,
        "versions": provenance.versions,
    }


_CONDITIONS = ("own_cores", "other_cores", "stolen_cores", "most_threads")


def _conditions(record: Record) -> Row:
    """Return what the machine did meanwhile; old records do not say."""
    seen = record.conditions
    row: Row = {name: seen and getattr(seen, name) for name in _CONDITIONS}
    return row | {"load_after": seen and seen.load}
