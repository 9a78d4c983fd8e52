"""The question of a cell: what cells have in common that one table ranks."""

from collections.abc import Iterable
from typing import Any

from .cell import Cell
from .words import trackable_in_words


def question_of(cell: Cell) -> tuple[Any, ...]:
    """Return a key that cells of one event share if one table ranks them.

    Of buckets, tables compare indexes; of tracks, whole pipelines. Keys of one kind sort as tables
    are shown: all queries, the default metric and many threads first.
    """
    cuts = trackable_in_words(cell.trackable), repr(cell.trackable)
    if cell.tracker:
        return True, repr((cell.threads, cell.trackable))
    return (
        False,
        (cell.queries is not None, cell.metric != "angular"),
        (cell.metric, cell.bucket_size, -cell.threads, cell.device),
        (cell.queries or 0, cell.batch or 0, *cuts),
    )


def ranked_together(cells: Iterable[Cell]) -> list[list[Cell]]:
    """Return cells of one event by the table that ranks them, in the order in which they come."""
    tables: dict[tuple[Any, ...], list[Cell]] = {}
    for cell in cells:
        tables.setdefault(question_of(cell), []).append(cell)
    return list(tables.values())
