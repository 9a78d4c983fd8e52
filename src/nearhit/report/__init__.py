"""Tables and plots, made from records alone; `nearhit.report.write` draws, and so loads more."""

from .certificates import certificate_table
from .section import Section, sections
from .summary import summary_table

__all__ = ["Section", "certificate_table", "sections", "summary_table"]
