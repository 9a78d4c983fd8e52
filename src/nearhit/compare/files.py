"""Files shared with workers: the event and the queried rows they read, the answers they write."""

from pathlib import Path

import numpy as np

from nearhit.cells.cell import Cell
from nearhit.cells.status import OK, Status
from nearhit.data.buckets import Buckets, choose_queries
from nearhit.data.event import Event
from nearhit.data.tracks import Tracks
from nearhit.index.index import as_members
from nearhit.measure.judge import Judge
from nearhit.quality import defect_of
from nearhit.tracking.run import defect_of_tracks

from .profiles import ComparedCell
from .thresholds import losses

EVENT_FILE = "event.npz"


def write_event(event: Event, folder: Path) -> None:
    """Write what workers may see of an event: hits and read-out cells, without truth."""
    tables = {"Hits": event.hits} | ({"Cells": event.cells} if event.cells else {})
    columns = {
        f"{kind}.{name}": column
        for kind, table in tables.items()
        for name, column in table.columns().items()
    }
    np.savez(folder / EVENT_FILE, allow_pickle=False, **columns)


def write_rows(event: Event, one: ComparedCell, folder: Path) -> str:
    """Write the rows of the hits that a cell queries; return the file, empty for all hits."""
    if one.cell.queries is None:
        return ""
    file = folder / f"rows-{one.cell.queries}.npy"
    np.save(file, choose_queries(len(event), one.cell.queries, one.cell.seed))
    return str(file)


def judge_answer(
    judge: Judge, event: Event, cell: Cell, file: Path
) -> tuple[Status, dict[str, float]]:
    """Judge an answer and delete its file; the status is `ok` if it is a valid answer.

    Args:
        judge: of the event.
        event: with its truth.
        cell: that was asked.
        file: tracks of hits (n,) where the cell has a tracker, else members of buckets (q, k).
    """
    answer, n_hits = np.load(file, allow_pickle=False), len(event)
    file.unlink()
    if cell.tracker:
        tracks = Tracks(answer)
        if defect := defect_of_tracks(tracks, n_hits):
            return Status("failed", f"{cell.tracker.name} returned {defect}"), {}
        return OK, losses(None, judge.scores(cell, tracks))
    members = as_members(answer, cell.bucket_size)
    if defect := defect_of(members, n_hits):
        return Status("failed", f"{cell.index.name} returned {defect}"), {}
    buckets = Buckets(choose_queries(n_hits, cell.queries, cell.seed), members)
    return OK, losses(judge.quality(cell, buckets), {})
