"""The demands that an answer must meet, checked."""

import math
from dataclasses import dataclass, field

from nearhit.errors import BadInputError
from nearhit.quality import Trackable
from nearhit.records.row import Row


@dataclass(frozen=True)
class Demands:
    """What an answer must meet; at least one demand is made.

    Attributes:
        max_seconds: per event; None for any.
        min_efficiency: particle efficiency of the buckets; None for any.
        min_score: TrackML score of a pipeline from hits to tracks; None where none is asked for.
        threads: that the library may use; None for as many as are fastest.
        trackable: which particles count, and what finding one means.

    Raises:
        BadInputError: no demand is made, or one that nothing can meet.
    """

    max_seconds: float | None = None
    min_efficiency: float | None = None
    min_score: float | None = None
    threads: int | None = None
    trackable: Trackable = field(default_factory=Trackable)

    def __post_init__(self) -> None:
        if (self.max_seconds, self.min_efficiency, self.min_score) == (None, None, None):
            raise BadInputError(
                "Say what you need: --min-efficiency, --max-seconds or --min-score."
            )
        for option, share in (
            ("--min-efficiency", self.min_efficiency),
            ("--min-score", self.min_score),
        ):
            if share is not None and not 0 <= share <= 1:
                raise BadInputError(f"{option} takes a share from 0 to 1, not {share}.")
        if self.max_seconds is not None and not 0 < self.max_seconds < math.inf:
            raise BadInputError(
                f"--max-seconds takes a number of seconds above 0, not {self.max_seconds}."
            )
        if self.threads is not None and self.threads < 1:
            raise BadInputError(f"--threads takes a number from 1 on, not {self.threads}.")

    @property
    def questions(self) -> "tuple[Question, ...]":
        """An index, a pipeline, or both: those that something is demanded of."""
        asked = []
        if self.min_efficiency is not None or self.min_score is None:
            asked.append(Question("index", "particle_efficiency", self.min_efficiency))
        if self.min_score is not None:
            asked.append(Question("pipeline", "trackml_score", self.min_score))
        return tuple(asked)


@dataclass(frozen=True)
class Question:
    """One thing to choose.

    Attributes:
        what: an `index` with metric and bucket size, or a `pipeline` from hits to tracks.
        gain: the figure that it must have, as rows call it.
        least: how much of it; None where only time is limited, and most of it is best.
    """

    what: str
    gain: str
    least: float | None

    def gained(self, row: Row) -> float:
        """Return the figure of a row that has it."""
        return float(getattr(row, self.gain))
