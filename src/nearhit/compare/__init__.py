"""Two sides held against each other: commits, versions of a library, or what is recorded."""

from .figures import COMPARED
from .side_by_side import SideBySide
from .thresholds import Thresholds, thresholds_from
from .verdict import Pair, Row, Seen, judge

__all__ = [
    "COMPARED",
    "Pair",
    "Row",
    "Seen",
    "SideBySide",
    "Thresholds",
    "judge",
    "thresholds_from",
]
