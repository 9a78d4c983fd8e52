"""Tables and plots, made from records alone; `nearhit.report.write` draws, and so loads more."""

from .section import Section, sections
from .summary import summary_table

__all__ = ["Section", "sections", "summary_table"]
