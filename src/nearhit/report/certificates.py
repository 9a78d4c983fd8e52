"""The newest certificates, and the clauses that libraries break by them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from nearhit.contract import CLAUSES
from nearhit.contract.certificate import Certificate
from nearhit.records.row import Row

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


def with_broken(row: Row, broken: Broken) -> Row:
    """Return a row with the clauses that its library breaks."""
    return replace(row, breaks=broken.get(library_key(row), ()))


def library_key(row: Row) -> tuple[str, str, str, str]:
    """Return a row's machine, library, version and distance, as `Broken` has them."""
    return row.machine, row.library, row.library_version, row.distance
