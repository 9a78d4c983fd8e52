"""Caveats of rows: disturbed rounds, stale records, machine load, broken clauses."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from statistics import median

from nearhit.cells.words import trackable_in_words
from nearhit.records.record import Record
from nearhit.records.row import Row

_SHOWN = 10

DISTURBED, STALE = "†", "‡"
"""Signs behind the seconds of rows that other processes disturbed, and of stale ones."""

Stale = Callable[[Record], tuple[str, ...]]
"""Says why a record is stale, each reason in a few words, see `nearhit.records.staleness`."""


def never_stale(_record: Record) -> tuple[str, ...]:
    """Treat every record as current."""
    return ()


def marks_of(row: Row) -> str:
    """Return the signs that stand behind the seconds of a row; `caveats` explains them."""
    return f"{DISTURBED if row.disturbed else ''}{STALE if row.stale else ''}"


def caveats(rows: Iterable[Row]) -> list[str]:
    """Return what explains the signs of rows, a line each: how many they are, and why."""
    held = list(rows)
    return [*_disturbed_lines(held), *_stale_lines(held)]


def _disturbed_lines(held: Sequence[Row]) -> Iterator[str]:
    count = sum(bool(row.disturbed) for row in held)
    if count:
        taken = max(
            (row.other_cores or 0) + (row.stolen_cores or 0) for row in held if row.disturbed
        )
        yield (
            f"{DISTURBED} Disturbed: while {count} of {len(held)} records were measured, other "
            f"processes took up to {taken:.2f} cores; their times are too long."
        )


def _stale_lines(held: Sequence[Row]) -> Iterator[str]:
    reasons = Counter(reason.partition(": ")[0] for row in held for reason in row.stale)
    for reason, count in sorted(reasons.items(), key=lambda one: (-one[1], one[0])):
        yield f"{STALE} Stale: {count} of {len(held)} records: {reason}."


def stale_share(rows: Iterable[Row]) -> str:
    """Return how many rows are stale, to follow a plot's title; empty where none is."""
    marks = [bool(row.stale) for row in rows]
    return f" ({sum(marks)} of {len(marks)} stale)" if any(marks) else ""


def particles_of(rows: Iterable[Row]) -> str:
    """Return how many particles count, and which; `no truth` where the event has none."""
    judged = [row for row in rows if row.status == "ok"]
    numbers = {row.cell.trackable: row.n_trackable for row in judged if row.n_trackable is not None}
    told = [f"{n:,} particles of {trackable_in_words(cuts)}" for cuts, n in numbers.items()]
    return "; ".join(told) if told or not judged else "no truth"


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
