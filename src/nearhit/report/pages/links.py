"""Addresses of pages and files in the site, relative to its root."""

import re

from nearhit.cells.cell import Cell
from nearhit.report.section import Section

ASSETS = "assets"
DATA = "data"


def slug(text: str) -> str:
    """Return a text as a part of the name of a file."""
    return re.sub(r"[^\w.-]+", "-", text).strip("-")


def event_slug(cell: Cell) -> str:
    """Return the name of an event's files, which two events of one name do not share."""
    return f"{slug(cell.event)}-{cell.event_digest[:8]}"


def section_slug(section: Section) -> str:
    """Return the name of the files of what was measured of one event on one machine at a commit."""
    provenance = section.first.provenance
    parts = (provenance.machine.name, event_slug(section.first.cell), slug(provenance.commit))
    return "--".join(parts)


def section_url(section: Section) -> str:
    """Return the page of what was measured of one event on one machine at one commit."""
    return f"runs/{section_slug(section)}.html"


def library_url(name: str) -> str:
    """Return the page of a library."""
    return f"libraries/{slug(name)}.html"


def event_url(cell: Cell) -> str:
    """Return the page of an event."""
    return f"events/{event_slug(cell)}.html"


def machine_url(name: str) -> str:
    """Return the page of a machine."""
    return f"machines/{slug(name)}.html"
