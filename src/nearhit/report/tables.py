"""Tables whose rows may be ranked together: one question, put to every index or tracker."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby

from nearhit.cells.cell import Cell
from nearhit.cells.question import question_of
from nearhit.cells.words import QUESTION, cell_in_words, hits_and_pt, threads_in_words
from nearhit.records.row import Row

from .machines import refuse_mixed
from .pareto import pareto_front


@dataclass(frozen=True)
class Table:
    """Rows that may be ranked together, fastest first, those without a time last.

    Attributes:
        rows: see `nearhit.records.row.row_of`.
    """

    rows: tuple[Row, ...]

    def __post_init__(self) -> None:
        refuse_mixed(self.rows)

    @property
    def cell(self) -> Cell:
        """Any of its cells: what they share can be read off it."""
        return self.rows[0].cell

    @property
    def title(self) -> str:
        """The question in a few words."""
        return question(self.cell)

    @property
    def slug(self) -> str:
        """The title as the name of a file."""
        return file_name(self.title)

    @property
    def measured(self) -> bool:
        """Whether anything of it could be run here."""
        return any(row.status != "skipped" for row in self.rows)

    @property
    def front(self) -> tuple[Row, ...]:
        """The rows that no other beats in both seconds per event and what is gained by them."""
        return tuple(row for row in self.rows if row.front)


def question(cell: Cell) -> str:
    """Return what rows of one table share, in a few words."""
    if cell.tracker is None:
        return cell_in_words(cell, QUESTION)
    particles = f"particles of {hits_and_pt(cell.trackable)}"
    return f"Tracks, {threads_in_words(cell.threads)}, {particles}"


def file_name(title: str) -> str:
    """Return a title as a name of files."""
    return re.sub(r"\W+", "-", title)


def tables_of(rows: Iterable[Row]) -> list[Table]:
    """Return rows by question: all queries, the default metric and many threads first."""
    ordered = sorted(rows, key=lambda row: question_of(row.cell))
    groups = groupby(ordered, key=lambda row: question_of(row.cell))
    return [Table(tuple(sorted(group, key=speed))) for _, group in groups]


def judged(table: Table) -> list[Row]:
    """Return the rows of a table with what follows from the others.

    Trackers that read the truth are on no front, and nothing is compared with their seconds: what
    they find bounds others inside the same buckets, but is no way to find tracks.
    """
    honest = [row for row in table.rows if not row.reads_truth]
    gain = "trackml_score" if table.cell.tracker else "particle_efficiency"
    front = set(pareto_front(honest, "seconds_per_event", gain))
    fastest = next((row.seconds_per_event for row in honest), None)
    exact = next((row.particle_efficiency for row in table.rows if row.recall == 1), None)
    defaults = {row.library: row.seconds_per_event for row in table.rows if at_default(row)}
    return [
        replace(
            row,
            front=row in front,
            times_fastest=None if row.reads_truth else _ratio(row.seconds_per_event, fastest),
            exact_share=_ratio(row.particle_efficiency, exact),
            default_seconds=row.default_seconds
            or (None if row.tracker else defaults.get(row.library)),
        )
        for row in table.rows
    ]


def at_default(row: Row) -> bool:
    """Return whether the index of a row is at its default setting."""
    return "(" not in row.cell.index.brief


def _ratio(value: float | None, of: float | None) -> float | None:
    return value / of if value is not None and of else None


def speed(row: Row) -> tuple[bool, float, str]:
    """Order rows: the fastest first, those without a time last."""
    seconds = row.seconds_per_event
    return seconds is None, seconds or 0.0, f"{row.index}{row.tracker}"
