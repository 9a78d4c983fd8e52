"""Tables in a terminal of any width: what does not fit is folded or named, never lost unseen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from textwrap import wrap

from rich import box
from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

from nearhit.errors import printable

_NARROW = 14
"""Characters to which a column of words is folded before another column is left out."""

_WIDE, _CLOSE = 3, 1  # blanks beside each cell, and the rule after it; the rule alone


@dataclass(frozen=True)
class TerminalTable:
    """A table that fits itself to the width of the console that prints it.

    Attributes:
        title: above it.
        heads: of the columns.
        rows: of text; the first column is never left out.
        right: which columns hold numbers, which are not folded; none if empty.
        kept: heads of further columns that are never left out.
        styles: of the rows; plain if empty.
    """

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    right: Sequence[bool] = ()
    kept: Sequence[str] = ()
    styles: Sequence[str] = ()

    @property
    def least_width(self) -> int:
        """Characters that it takes with all its columns."""
        return self._taken(self._places, _WIDE)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the table, and the columns that are left out, for rich."""
        room = options.max_width
        between = _WIDE if self.least_width <= room else _CLOSE
        shown = self._fitting(room, between)
        widths = self._widths(shown, room - between * (len(shown) - 1))
        table = Table(
            title=Text(self.title) if self.title else None,
            title_justify="left",
            box=box.SIMPLE_HEAD,
            padding=(0, between // 2),
            pad_edge=False,
            show_edge=False,
        )
        for place in shown:
            right, width = self._is_right(place), widths[place]
            justify = "right" if right else "left"
            table.add_column(
                Text(_upright(self.heads[place]) if right else self.heads[place]),
                justify=justify,  # type: ignore[arg-type]  # a literal of rich
                overflow="fold",
                width=width,
            )
        for row, style in zip(self.rows, self.styles or [""] * len(self.rows), strict=True):
            table.add_row(*(Text(row[place]) for place in shown), style=style)
        yield table
        left_out = [self.heads[place] for place in self._places if place not in shown]
        if left_out:
            yield Text(f"… not shown at {options.max_width} columns: {', '.join(left_out)}")

    @property
    def _places(self) -> range:
        return range(len(self.heads))

    def _is_right(self, place: int) -> bool:
        return bool(self.right) and self.right[place]

    def _natural(self, place: int) -> int:
        """Return the width of a column with nothing folded but the heads of numbers."""
        head = _upright(self.heads[place]) if self._is_right(place) else self.heads[place]
        texts = (head, *(row[place] for row in self.rows))
        lines = (line for text in texts for line in text.split("\n"))
        return max(Text(line).cell_len for line in lines)

    def _narrowest(self, place: int) -> int:
        natural = self._natural(place)
        return natural if self._is_right(place) else min(natural, _NARROW)

    def _taken(self, places: Iterable[int], between: int) -> int:
        """Return the least width of some columns."""
        return sum(self._narrowest(place) + between for place in places) - between

    def _fitting(self, width: int, between: int) -> list[int]:
        """Return the columns to show: the last ones go first, but for those that are kept."""
        shown = list(self._places)
        optional = [one for one in shown[1:] if self.heads[one] not in self.kept]
        while optional and self._taken(shown, between) > width:
            shown.remove(optional.pop())
        return shown

    def _widths(self, shown: Iterable[int], width: int) -> dict[int, int]:
        """Return the widths of columns, the widest ones of words narrowed until all fit."""
        widths = {place: self._natural(place) for place in shown}
        words = [place for place in widths if not self._is_right(place)]
        while words and sum(widths.values()) > width:
            widest = max(words, key=lambda place: widths[place])
            if widths[widest] <= 1:
                break
            widths[widest] -= 1
        return widths


def _upright(head: str) -> str:
    """Return a heading in lines that are no longer than its longest word."""
    return "\n".join(wrap(head, max(map(len, head.split()), default=1)))


def cell_text(value: object) -> str:
    """Return a value as the text of a cell: a dash for None, each line safe to print."""
    return "–" if value is None else "\n".join(map(printable, str(value).split("\n")))
