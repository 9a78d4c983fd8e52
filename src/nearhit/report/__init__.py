"""Tables and plots, made from records alone; `nearhit.report.write` draws, and so loads more."""

from .certificates import (
    Broken,
    broken_by_library,
    newest_certificates,
    with_broken,
)
from .grid import certificate_grid
from .notes import Stale, never_stale
from .section import Section, sections
from .summary import summary_table

__all__ = [
    "Broken",
    "Section",
    "Stale",
    "broken_by_library",
    "certificate_grid",
    "never_stale",
    "newest_certificates",
    "sections",
    "summary_table",
    "with_broken",
]
