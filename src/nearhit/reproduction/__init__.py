"""Every published figure, drawn again from records."""

from .evidence import Evidence
from .figure import Found, SourceFigure, look_up
from .figures import FIGURES
from .measure import measure_cells, missing_cells
from .page import HEADS, in_json, summary, write_page
from .wanted import Wanted

__all__ = [
    "FIGURES",
    "HEADS",
    "Evidence",
    "Found",
    "SourceFigure",
    "Wanted",
    "in_json",
    "look_up",
    "measure_cells",
    "missing_cells",
    "summary",
    "write_page",
]
