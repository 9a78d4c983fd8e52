"""Comparison of two sides: commits, versions of a library, or records."""

from .comparison import Comparison
from .thresholds import COMPARED, Thresholds, thresholds_from
from .verdict import CellPair, Finding, SideValues, judge

__all__ = [
    "COMPARED",
    "CellPair",
    "Comparison",
    "Finding",
    "SideValues",
    "Thresholds",
    "judge",
    "thresholds_from",
]
