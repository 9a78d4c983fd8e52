"""A record as one flat row: what tables, files and programs read."""

from statistics import median
from typing import Any

import numpy as np

from .hardware import MIB
from .record import Record, Timing

Row = dict[str, Any]


def row_of(record: Record) -> Row:
    """Return a record as one flat row; what was not measured is None.

    Times are medians over the warm passes. `seconds_per_event` is project + build + query of all
    hits; where only some were queried the query time is scaled to all, and
    `seconds_per_event_scaled` says so. `breaks` is for the clauses of the contract that the library
    breaks, which a report fills in from its certificate.
    """
    return {
        **_coordinates(record),
        "status": record.status.outcome,
        "reason": record.status.reason,
        "breaks": (),
        "distance": record.distance,
        "n_hits": record.n_hits,
        "n_queries": record.n_queries,
        **_quality(record),
        **_times(record),
        "peak_memory_mb": record.peak_memory_mb,
        "memory_per_hit_bytes": _per_hit(record),
        **_origin(record),
    }


def _coordinates(record: Record) -> Row:
    cell = record.cell
    return {
        "event": cell.event,
        "event_digest": cell.event_digest,
        "event_origin": record.event_origin,
        "library": cell.index.name,
        "index": str(cell.index),
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


def _seconds_per_event(timing: Timing, scale: float) -> list[float]:
    return [
        one.project_seconds + one.build_seconds + one.query_seconds * scale for one in timing.warm
    ]


def _per_hit(record: Record) -> float | None:
    return record.peak_memory_mb and record.peak_memory_mb * MIB / record.n_hits


def _origin(record: Record) -> Row:
    provenance = record.provenance
    return {
        "machine": provenance.machine.name,
        "commit": provenance.commit,
        "library_version": provenance.versions[provenance.package],
        "started": provenance.started,
        "load": provenance.load,
        "versions": provenance.versions,
    }
