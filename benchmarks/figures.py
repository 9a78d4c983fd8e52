"""Figures that asv tracks of a cell: those that gate, where smaller is better, and their twins."""

# figure: (unit, its value in a row)
GATED = {
    "seconds_per_event": ("s", lambda row: row.seconds_per_event),
    "build_seconds": ("s", lambda row: row.build_seconds),
    "inefficiency": ("share", lambda row: 1 - row.particle_efficiency),
    "impurity": ("share", lambda row: 1 - row.bucket_purity),
    "recall_loss": ("share", lambda row: 1 - row.recall),
    "peak_memory_mb": ("MiB", lambda row: row.peak_memory_mb),
}
GATED_TRACKS = {
    "seconds_per_event": GATED["seconds_per_event"],
    "score_loss": ("share", lambda row: 1 - row.trackml_score),
    "track_inefficiency": ("share", lambda row: 1 - row.track_efficiency),
    "fake_share": ("share", lambda row: row.fake_share),
    "peak_memory_mb": GATED["peak_memory_mb"],
}
SHOWN = {
    "queries_per_second": ("1/s", lambda row: row.queries_per_second),
    "particle_efficiency": ("share", lambda row: row.particle_efficiency),
    "bucket_purity": ("share", lambda row: row.bucket_purity),
    "leading_particle_size": ("hits", lambda row: row.leading_particle_size),
    "recall": ("share", lambda row: row.recall),
}


def tracking(figures):
    """Return a `track_*` method for each of the figures, by name."""
    return {f"track_{name}": _track(name, *figure) for name, figure in figures.items()}


def _track(name, unit, value):
    def track(_self, rows, *combination):
        return float(value(rows[combination]))

    track.__name__ = f"track_{name}"
    track.unit = unit
    track.version = "1"  # an edit of this file must not throw the history away
    return track


def skip_unless_measured(rows, combination, figure="particle_efficiency"):
    """Raise what asv takes as 'skipped' for a cell that is not ok; tables have its reason."""
    row = rows[combination]
    if row.status != "ok":
        raise NotImplementedError(f"{row.status}: {row.reason}")
    if getattr(row, figure) is None:
        raise NotImplementedError(f"{row.event} has no truth or no trackable particle")
