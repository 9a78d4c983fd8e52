"""Tables of a terminal: the columns that its width has room for, and the names of the others."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap

from rich import box
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType
from rich.markup import escape
from rich.table import Table as RichTable

from .columns import Column

_NARROWEST = 16  # characters in which words are broken into lines
_GAPS = (2, 1)  # characters between columns, that of the box included; one where all then fit


@dataclass(frozen=True, eq=False)
class FittedTable:
    """A table that gives up columns from the right, and says so, where a terminal is narrow.

    Attributes:
        title: above it; empty for none.
        columns: the most important first; words are broken into lines, numbers never.
        lines: the text of each row.
        styles: of each row.
    """

    title: str
    columns: Sequence[Column]
    lines: Sequence[Sequence[str]]
    styles: Sequence[str]

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> Iterator[RenderableType]:
        """Yield the table, and a line on what it has no room for."""
        widths = [self._width(place) for place in range(len(self.columns))]
        gap = next((gap for gap in _GAPS if _room(widths, gap) <= options.max_width), _GAPS[-1])
        shown = _how_many(widths, options.max_width, gap)
        yield self._drawn(shown, gap)
        if left_out := [column.heading for column in self.columns[shown:]]:
            yield f"Not shown at this width: {escape(', '.join(left_out))}."

    def _drawn(self, shown: int, gap: int) -> RichTable:
        title = escape(self.title) or None
        drawn = RichTable(
            title=title, title_justify="left", box=box.SIMPLE_HEAD, padding=(0, gap - 1, 0, 0)
        )
        drawn.show_edge = drawn.pad_edge = False
        for place, column in enumerate(self.columns[:shown]):
            right, head = column.right, "\n".join(self._head(place))
            drawn.add_column(
                head, justify="right" if right else "left", no_wrap=right, overflow="fold"
            )
        for line, style in zip(self.lines, self.styles, strict=True):
            drawn.add_row(*map(escape, line[:shown]), style=style)
        return drawn

    def _texts(self, place: int) -> int:
        return max((cell_len(line[place]) for line in self.lines), default=0)

    def _head(self, place: int) -> list[str]:
        """Return a heading in lines that are no wider than they must be."""
        heading = self.columns[place].heading
        longest = max(map(len, heading.split()))
        return wrap(heading, max(longest, self._texts(place)), break_long_words=False)

    def _width(self, place: int) -> int:
        """Return the characters that a column needs at least."""
        widest = max(self._texts(place), *map(cell_len, self._head(place)))
        return widest if self.columns[place].right else min(widest, _NARROWEST)


def _room(widths: Sequence[int], gap: int) -> int:
    return sum(widths) + gap * (len(widths) - 1)


def _how_many(widths: Sequence[int], room: int, gap: int) -> int:
    """Return how many of the first columns fit, but two at least."""
    fitting = (n for n in range(len(widths), 2, -1) if _room(widths[:n], gap) <= room)
    return next(fitting, min(2, len(widths)))
