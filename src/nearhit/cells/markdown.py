"""Markdown that no name, reason or origin can break out of."""

import re
from collections.abc import Iterable

_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_LINK = re.compile(r"\]\((?!https?://|[\w./#%+~-]*\))")


def without_html(text: str) -> str:
    """Return Markdown without HTML, comments, and links to anything but pages and files.

    What libraries, files and records may have put into it is shown as text.
    """
    return _LINK.sub(r"]\\(", _TAG.sub("&lt;", text))


def table_line(cells: Iterable[str]) -> str:
    """Return a row of a table; what would end a cell or the row is escaped."""
    shown = (" ".join(cell.split()).replace("|", r"\|") for cell in cells)
    return f"| {' | '.join(shown)} |"
