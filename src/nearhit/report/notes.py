"""Caveats above a table: stale records and machine load."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from statistics import median

from nearhit.records.record import Record
from nearhit.records.row import Row

_SHOWN = 10

Stale = Callable[[Record], tuple[str, ...]]
"""Says why a record is stale, each reason in a few words, see `nearhit.records.staleness`."""


def never_stale(_record: Record) -> tuple[str, ...]:
    """Treat every record as current."""
    return ()


def stale_lines(rows: Iterable[Row]) -> Iterator[str]:
    """Yield a sentence for each reason for which rows are stale: how many they are, and why."""
    held = list(rows)
    reasons = Counter(reason.partition(": ")[0] for row in held for reason in row.stale)
    for reason, count in sorted(reasons.items(), key=lambda one: (-one[1], one[0])):
        yield f"Stale: {count} of {len(held)} records: {reason}."


def stale_share(rows: Iterable[Row]) -> str:
    """Return how many rows are stale, to follow a plot's title; empty where none is."""
    marks = [bool(row.stale) for row in rows]
    return f" ({sum(marks)} of {len(marks)} stale)" if any(marks) else ""


def abridged(lines: Sequence[str]) -> list[str]:
    """Return the first lines, and how many more there are."""
    rest = [f"And {len(lines) - _SHOWN} more."] if len(lines) > _SHOWN else []
    return [*lines[:_SHOWN], *rest]


def load_line(rows: Iterable[Row]) -> str:
    """Return a sentence on what else the machine did meanwhile; empty where no record says so."""
    others = [
        row.other_cores + row.stolen_cores
        for row in rows
        if row.other_cores is not None and row.stolen_cores is not None
    ]
    if not others:
        return ""
    return (
        f"While they were measured, other processes and other guests of the hardware took "
        f"{median(others):.2f} cores (median of {len(others)} records; at most {max(others):.2f})."
    )
