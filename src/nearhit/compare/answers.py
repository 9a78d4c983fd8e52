"""What the answers of a side are worth: judged here, for both sides alike, where the truth is."""

from math import isnan
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nearhit.cells.cell import Cell
from nearhit.cells.status import OK, Status
from nearhit.data.buckets import Buckets, choose_queries
from nearhit.data.event import Event
from nearhit.data.tracks import Tracks
from nearhit.index.index import as_members
from nearhit.measure.judge import Judge
from nearhit.quality import defect_of
from nearhit.scoring import SCORES, Scored
from nearhit.tracking.run import defect_of_tracks

from .figures import losses

_SCORES = {
    "trackml_score": "trackml_score",
    "track_efficiency": "double_majority_efficiency",
    "fake_share": "double_majority_fake_share",
}
"""By their names in rows, those of `nearhit.scoring`."""


class Answers:
    """Judges what workers saved.

    Args:
        event: with its truth.
    """

    def __init__(self, event: Event) -> None:
        self._event, self._judge = event, Judge(event)

    def check(self, cell: Cell) -> None:
        """Refuse a cell before any time is spent.

        Raises:
            BadInputError: the event lacks what the cell asks for.
        """
        self._judge.labels(cell.trackable)

    def losses(self, cell: Cell, file: Path) -> tuple[dict[str, float], Status]:
        """Return by figure what an answer falls short of, and whether it is an answer at all."""
        answer = np.load(file, allow_pickle=False)
        return (self._of_tracks if cell.tracker else self._of_buckets)(cell, answer)

    def _of_buckets(self, cell: Cell, answer: NDArray[Any]) -> tuple[dict[str, float], Status]:
        rows = choose_queries(len(self._event), cell.queries, cell.seed)
        members = as_members(answer, cell.bucket_size)
        if defect := defect_of(members, len(self._event)):
            return {}, Status("failed", f"{cell.index.name} returned {defect}")
        quality = self._judge.quality(cell, Buckets(rows, members))
        return losses(quality.figures | {"recall": quality.recall}), OK

    def _of_tracks(self, cell: Cell, answer: NDArray[Any]) -> tuple[dict[str, float], Status]:
        tracks = Tracks(answer)
        if defect := defect_of_tracks(tracks, len(self._event)):
            return {}, Status("failed", f"{cell.tracker and cell.tracker.name} returned {defect}")
        labels = self._judge.labels(cell.trackable)
        if labels is None:
            return {}, OK
        scored = Scored(self._event, labels, tracks)
        found = {name: SCORES[key].value(scored) for name, key in _SCORES.items()}
        named = {name: value for name, value in found.items() if not isnan(value)}
        return losses(named), OK
