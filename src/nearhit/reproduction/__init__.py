"""Published figures beside the same measured by nearhit, from records."""

from .evidence import Evidence, FigureResult, LineResult, look_up
from .figure import PublishedFigure
from .measure import measure_cells, missing_cells
from .page import HEADS, in_json, summary, write_page
from .published import FIGURES
from .required_cell import RequiredCell

__all__ = [
    "FIGURES",
    "HEADS",
    "Evidence",
    "FigureResult",
    "LineResult",
    "PublishedFigure",
    "RequiredCell",
    "in_json",
    "look_up",
    "measure_cells",
    "missing_cells",
    "summary",
    "write_page",
]
