"""The pages of history, certificates, raw data, and what every number means."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from nearhit.contract import CLAUSES
from nearhit.quality import FIGURES
from nearhit.report import columns
from nearhit.report.grid import FAULTS, Grid, broken_grid, certificate_grid
from nearhit.scoring import MATCHINGS

from .history import histories
from .picks import RULE
from .run_pages import Part
from .site import Page, Site


def history_pages(site: Site) -> Iterator[Page]:
    """Yield the page of what was measured at several commits."""
    found = [
        (one.machine, [Part(table, (chart,)) for table, chart in one.parts])
        for one in histories(site.sections)
    ]
    yield Page("history.html", "history.html", "History", "history", {"histories": found})


def certificate_pages(site: Site) -> Iterator[Page]:
    """Yield the page of what libraries do with the contract, machine by machine."""
    grids = []
    for machine, group in groupby(site.certificates, key=lambda one: one.provenance.machine.name):
        held = list(group)
        seen = broken_grid(f"Broken on {machine}", held)
        grids.append((*_parted(certificate_grid(machine, held)), seen))
    content = {"certificates": grids, "clauses": CLAUSES.values()}
    yield Page("certificates.html", "certificates.html", "Certificates", "certificates", content)


def _parted(grid: Grid) -> tuple[Grid, Grid]:
    """Return the clauses that any library breaks, and those that all keep or refuse."""
    broken = [row for row in grid.rows if any(cell[:1] in FAULTS for cell in row[1:])]
    kept = [row for row in grid.rows if row not in broken]
    title = f"{grid.title}: clauses that nobody breaks"
    return replace(grid, rows=tuple(broken)), replace(grid, title=title, rows=tuple(kept))


def data_pages(_: Site) -> Iterator[Page]:
    """Yield the page of files to take away."""
    yield Page("data.html", "data.html", "Data", "data", {})


def definition_pages(_: Site) -> Iterator[Page]:
    """Yield the page of definitions: those that the code computes by, and the words they need."""
    content = {
        "columns": (
            ("Buckets", columns.columns_of("buckets bucket-page")),
            ("Tracks", columns.columns_of("tracks track-page")),
        ),
        "names": columns.COLUMNS,
        "figures": FIGURES.values(),
        "matchings": MATCHINGS.values(),
        "clauses": CLAUSES.values(),
        "rule": RULE,
    }
    yield Page("definitions.html", "definitions.html", "Definitions", "definitions", content)
