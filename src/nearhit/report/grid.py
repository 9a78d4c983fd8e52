"""Small tables of text, shown alike in Markdown, pages and the terminal."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nearhit.contract import CLAUSES
from nearhit.contract.certificate import Certificate

_MARKS = {"ok": "✓", "skipped": "–", "failed": "✗", "timeout": "⧖"}

FAULTS = (_MARKS["failed"], _MARKS["timeout"])
"""How what breaks a clause is marked."""


@dataclass(frozen=True)
class Grid:
    """A table of text.

    Attributes:
        title: what is compared with what.
        about: how to read it, in a sentence.
        heads: of the columns.
        rows: the first cell heads the row.
        upright: whether the heads are rotated, where there are many.
        notes: what explains signs in it, a line each.
    """

    title: str
    about: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    upright: bool = False
    notes: tuple[str, ...] = ()


def certificate_grid(machine: str, certificates: Sequence[Certificate]) -> Grid:
    """Return the clauses and libraries of one machine: a clause a row, a library a column."""
    names = [name for name in CLAUSES if any(name in one.clauses for one in certificates)]
    return Grid(
        f"Certificate on {machine}",
        "Made by `nearhit certify`: ✓ kept, ✗ broken, ⧖ not done in time, – refused with a reason, "
        "or not to be told; a gap where the certificate is older than the clause.",
        ("clause", *(f"{one.index.name}, {one.distance}" for one in certificates)),
        tuple((name, *(_mark(one, name) for one in certificates)) for name in names),
        upright=True,
    )


def _mark(certificate: Certificate, name: str) -> str:
    status = certificate.clauses.get(name)
    if status is None:
        return ""
    told = status.reason if status.outcome == "ok" else ""
    return f"{_MARKS[status.outcome]} {told}".strip()


def broken_grid(title: str, certificates: Iterable[Certificate]) -> list[Grid]:
    """Return what is broken and what was seen, if anything is."""
    rows = tuple(
        (
            str(one.index),
            one.provenance.versions[one.provenance.package],
            one.distance,
            name,
            CLAUSES[name].meaning,
            one.clauses[name].reason,
        )
        for one in certificates
        for name in one.broken
    )
    heads = ("index", "version", "distance", "clause", "asks", "what was seen")
    return [Grid(title, "", heads, rows)] if rows else []


def refused(certificates: Iterable[Certificate]) -> dict[tuple[str, str], list[str]]:
    """Return the clauses that libraries were not held against, by index and reason."""
    reasons: dict[tuple[str, str], list[str]] = {}
    for one in certificates:
        for name, status in one.clauses.items():
            if status.outcome == "skipped":
                reasons.setdefault((str(one.index), status.reason), []).append(name)
    return reasons
