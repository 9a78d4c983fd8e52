"""The newest certificates, and the clauses that libraries break by them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial

from nearhit.contract import CLAUSES
from nearhit.contract.certificate import Certificate
from nearhit.contract.hostile import DIMENSIONS, MAGNITUDES
from nearhit.records.row import Row


def _has_dimensions(clause: str, row: Row) -> bool:
    number = clause.partition(" ")[0]
    return number == "3" or row.metric == f"random-{number}"  # hits are points in space


_WHOLE = 0.75  # of the clauses; a certificate of one that was named is none

Broken = Mapping[tuple[str, str, str, str], tuple[str, ...]]
"""Clauses that are broken by machine, library, version and distance."""


def newest_certificates(certificates: Iterable[Certificate]) -> list[Certificate]:
    """Return the last certificate of each index, distance and machine, in order of name.

    One of a few clauses alone is passed over; one that is older than a clause has a gap there.
    """
    found = {}
    for one in sorted(certificates, key=lambda one: one.provenance.started):
        if len(one.clauses.keys() & CLAUSES.keys()) >= _WHOLE * len(CLAUSES):
            found[one.provenance.machine.name, str(one.index), one.distance] = one
    return [found[key] for key in sorted(found)]


def broken_by_library(certificates: Iterable[Certificate]) -> Broken:
    """Return the clauses that each library breaks, to be shown where its numbers are."""
    return {
        (
            one.provenance.machine.name,
            one.index.name,
            one.provenance.versions[one.provenance.package],
            one.distance,
        ): one.broken
        for one in certificates
    }


def _never(_row: Row) -> bool:
    return False


def _always(_row: Row) -> bool:
    return True


_TOUCHED: Mapping[str, Callable[[Row], bool]] = {
    "no points": _never,
    "not finite": _never,
    "fewer points than k": lambda row: row.n_hits < row.bucket_size,
    "as many points as k": lambda row: row.n_hits == row.bucket_size,
    "million points": lambda row: row.n_hits >= 1_000_000,  # noqa: PLR2004 - see its name
    "used from two threads": _never,
    "one thread is one": lambda row: row.threads == 1,
    "same answer on all threads": lambda row: row.threads > 1,
    "all threads are used": lambda row: row.threads > 1,
    **dict.fromkeys((clause.name for clause in MAGNITUDES), _never),
    **{clause.name: partial(_has_dimensions, clause.name) for clause in DIMENSIONS},
}
"""Rows whose data a clause is about; clauses that are not listed are about all."""


def touching(row: Row) -> tuple[str, ...]:
    """Return the broken clauses that are about such data as a row's.

    Coordinates of hits never are of magnitude 1e30, and seldom have 625 dimensions.
    """
    return tuple(name for name in row.breaks if _TOUCHED.get(name, _always)(row))


def with_broken(row: Row, broken: Broken) -> Row:
    """Return a row with the clauses that its library breaks."""
    return replace(row, breaks=broken.get(library_key(row), ()))


def library_key(row: Row) -> tuple[str, str, str, str]:
    """Return a row's machine, library, version and distance, as `Broken` has them."""
    return row.machine, row.library, row.library_version, row.distance
