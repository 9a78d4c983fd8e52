"""A side: whose Python runs a turn, what it is handed, and what comes back."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nearhit.data.buckets import choose_queries
from nearhit.data.event import Event

from .gate import Asked
from .series import Turn

TURN_FILE = Path(__file__).with_name("turn.py")


@dataclass(frozen=True)
class Side:
    """One of what is compared.

    Attributes:
        label: in words.
        command: what runs a turn; the job's file is added to it.
    """

    label: str
    command: tuple[str, ...]


def turn_of(said: dict[str, Any], spent: float) -> Turn:
    """Return what a worker wrote of a cell; `spent` are the seconds that it took in all."""
    seconds, processor = tuple(said["seconds"]), tuple(said["processor_seconds"])
    return Turn(seconds, processor, said["peak_memory_mb"], spent)


def write_rows(event: Event, one: Asked, folder: Path) -> str:
    """Write the rows of the hits that a cell asks for; return the file, empty for all hits."""
    if one.cell.queries is None:
        return ""
    file = folder / f"rows-{one.cell.queries}.npy"
    np.save(file, choose_queries(len(event), one.cell.queries, one.cell.seed))
    return str(file)


def write_event(event: Event, file: Path) -> None:
    """Write what workers may see of an event: hits and their cells."""
    tables = {"Hits": event.hits} | ({"Cells": event.cells} if event.cells else {})
    columns = {
        f"{kind}.{name}": column
        for kind, table in tables.items()
        for name, column in table.columns().items()
    }
    np.savez(file, allow_pickle=False, **columns)
