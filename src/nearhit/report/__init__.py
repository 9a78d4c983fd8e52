"""Tables and plots, made from records alone; `nearhit.report.write` draws, and so loads more."""

from .certificates import certificate_table
from .notes import Stale, never_stale
from .section import Section, sections
from .summary import summary_table

__all__ = [
    "Section",
    "Stale",
    "certificate_table",
    "never_stale",
    "sections",
    "summary_table",
]
