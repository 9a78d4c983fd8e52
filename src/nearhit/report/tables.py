"""Tables whose rows may be ranked together: one question, put to every index or tracker."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
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


def on_fronts(tables: Iterable[Table]) -> set[Row]:
    """Return the rows on the Pareto fronts of tables; those of trackers that read the truth aside.

    What such a tracker finds bounds others inside the same buckets; it is no way to find tracks.
    """
    return {
        row
        for table in tables
        for row in pareto_front(
            (row for row in table.rows if not row.reads_truth),
            "seconds_per_event",
            "trackml_score" if table.cell.tracker else "particle_efficiency",
        )
    }


def speed(row: Row) -> tuple[bool, float, str]:
    """Order rows: the fastest first, those without a time last."""
    seconds = row.seconds_per_event
    return seconds is None, seconds or 0.0, f"{row.index}{row.tracker}"
