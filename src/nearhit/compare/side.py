"""A side: whose Python runs a turn, what it is handed, and what comes back."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nearhit.buckets import choose_queries
from nearhit.event import Event
from nearhit.hardware import thread_variables
from nearhit.status import Status
from nearhit.worker import Limits, cause_of_end

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


def run_turn(
    side: Side, job: dict[str, Any], folder: Path, limits: Limits
) -> tuple[dict[int, dict[str, Any]], Status]:
    """Run a job in a process of its own; return what it wrote of each cell, and how it ended."""
    file, out, errors = folder / "job.json", Path(job["out"]), folder / "stderr"
    file.write_text(json.dumps(job), encoding="utf-8")
    out.write_text("", encoding="utf-8")
    with thread_variables(job["threads"]), errors.open("wb") as said:
        try:
            code = subprocess.run(
                [*side.command, str(file)],
                stdin=subprocess.DEVNULL, stdout=said, stderr=said, check=False,
                timeout=limits.timeout_seconds, env=os.environ,
            ).returncode  # fmt: skip
            end = Status("failed", _reason(code, errors))
        except subprocess.TimeoutExpired:
            end = Status("timeout", f"not done after {limits.timeout_seconds:g} s")
    whole = out.read_text(encoding="utf-8").split("\n")[:-1]  # what was cut off says nothing
    lines = [json.loads(line) for line in whole]
    return {line["number"]: line for line in lines}, end


def _reason(code: int, errors: Path) -> str:
    said = " ".join(errors.read_text(encoding="utf-8", errors="replace").split())[-300:]
    return cause_of_end(code) + (f"; the end of its stderr: {said}" if said else "")


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
