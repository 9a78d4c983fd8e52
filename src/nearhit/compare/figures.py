"""The figures that are compared, one row each; smaller is better in all of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["timed", "counted"]
"""Timed figures have noise and are tested; counted ones are compared as they are."""

Scale = Literal["relative", "difference"]
"""Whether a change is told as a share of the value before, or in the figure's own unit."""


@dataclass(frozen=True)
class ComparedFigure:
    """One figure.

    Attributes:
        name: its key in thresholds and in JSON.
        kind: how it is judged.
        scale: how its change is told.
        threshold: by default; a change up to it is none.
        unit: what it counts in; 1 for a share.
        meaning: in a few words.
    """

    name: str
    kind: Kind
    scale: Scale
    threshold: float
    unit: str
    meaning: str


_SECONDS = "project + build + query of the hits asked for, or the way to tracks"
_ROWS = (
    ComparedFigure("seconds", "timed", "relative", 0.01, "s", _SECONDS),
    ComparedFigure(
        "processor_seconds", "timed", "relative", 0.01, "s", "the same on all processors together"
    ),
    ComparedFigure(
        "peak_memory_mb", "counted", "relative", 0.05, "MiB", "over a worker with no library loaded"
    ),
    ComparedFigure("inefficiency", "counted", "difference", 0.0, "1", "1 - particle efficiency"),
    ComparedFigure("impurity", "counted", "difference", 0.0, "1", "1 - bucket purity"),
    ComparedFigure("recall_loss", "counted", "difference", 0.0, "1", "1 - recall"),
    ComparedFigure("score_loss", "counted", "difference", 0.0, "1", "1 - TrackML score"),
    ComparedFigure("track_inefficiency", "counted", "difference", 0.0, "1", "1 - track efficiency"),
    ComparedFigure("fake_share", "counted", "difference", 0.0, "1", "tracks that match nothing"),
)

COMPARED = {figure.name: figure for figure in _ROWS}

_COMPLEMENTS = {
    "inefficiency": "particle_efficiency",
    "impurity": "bucket_purity",
    "recall_loss": "recall",
    "score_loss": "trackml_score",
    "track_inefficiency": "track_efficiency",
}


def losses(row: Mapping[str, Any]) -> dict[str, float]:
    """Return the complements of the quality figures of a row; only those that it has.

    Complements are rounded to 12 digits, which keeps 1 - x from differing where x does not.
    """
    found = {
        name: round(1 - row[key], 12)
        for name, key in _COMPLEMENTS.items()
        if row.get(key) is not None
    }
    return found | ({"fake_share": row["fake_share"]} if row.get("fake_share") is not None else {})
