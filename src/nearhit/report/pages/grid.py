"""Small tables that are shown as they are: matrices, certificates, growth, lists of runs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nearhit.contract import CLAUSES
from nearhit.contract.certificate import Certificate
from nearhit.report.certificates import certificate_table
from nearhit.report.growth import GrowthTable
from nearhit.report.markdown import growth_cells
from nearhit.report.matrices import matrices_of
from nearhit.report.section import Section

_LATE = "late:"  # few fonts have the hourglass


@dataclass(frozen=True)
class Grid:
    """A table of text.

    Attributes:
        title: what is held against what.
        about: how to read it, in a sentence.
        heads: of the columns.
        rows: the first cell heads the row.
        upright: whether the heads are turned, where there are many.
    """

    title: str
    about: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    upright: bool = False


def matrix_grids(section: Section) -> list[Grid]:
    """Return threads, batches and dimensions, as the records allow."""
    return [Grid(one.title, one.about, one.heads, one.rows) for one in matrices_of(section)]


def certificate_grid(machine: str, certificates: Sequence[Certificate]) -> Grid:
    """Return the matrix of clauses and libraries of one machine."""
    heads, rows = certificate_table(certificates)
    return Grid(
        f"Clauses on {machine}",
        f"✓ kept, ✗ broken, {_LATE} not done in time, – refused with a reason.",
        tuple(heads),
        tuple(tuple(cell.replace("⧖", _LATE) for cell in row) for row in rows),
        upright=True,
    )


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


def growth_grid(table: GrowthTable) -> Grid:
    """Return seconds, purity and efficiency by the number of hits, with fitted exponents."""
    heads, rows = growth_cells(table)
    return Grid(
        "Exponents",
        f"Each cell is seconds per event; {' / '.join(table.figures)}. The exponents b are of "
        "figure ~ hitsᵇ, by least squares of logarithms, with standard errors.",
        tuple(heads),
        tuple(map(tuple, rows)),
    )
