"""Tables that stand in pages written by hand, between marks."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from nearhit.datasets.bundled import BUNDLED
from nearhit.errors import BadInputError
from nearhit.plugins.spec import WHOLE_EVENT
from nearhit.records import atomic_writes
from nearhit.records.row import Row

from .markdown import definitions, grid, particles_of, ranked
from .noise import noise_tables
from .section import Section
from .tables import Table, question

Run = TypeVar("Run")
"""A section, or rows of one."""

_DEFAULT_QUESTION = ("angular", 50, None)


def insert_tables(found: Sequence[Section], page: Path) -> None:
    """Replace what stands between marks of a page, `<!-- NAME: begin -->` and `end`, by tables.

    Each of `BLOCKS` that the page has marks for is taken from the first section that allows it.

    Raises:
        BadInputError: the page lacks marks, no record is of what they are for, or the page cannot
            be written; then it stays as it is.
    """
    text = page.read_text(encoding="utf-8")
    names = [name for name in BLOCKS if all(mark in text for mark in _marks(name))]
    if not names:
        begin, end = _marks("headline")
        raise BadInputError(f"{page} needs the lines {begin} and {end}, where the table goes.")
    for name in names:
        begin, end = _marks(name)
        before, _, rest = text.partition(begin)
        text = f"{before}{begin}\n{BLOCKS[name](found)}\n{end}{rest.partition(end)[2]}"
    try:
        atomic_writes.replace(page, text)
    except OSError as error:
        raise BadInputError(f"{page} cannot be written ({error.strerror}).") from error


def _marks(name: str) -> tuple[str, str]:
    return f"<!-- {name}: begin -->", f"<!-- {name}: end -->"


def newest_headline(found: Sequence[Section]) -> str:
    """Return the headline of the newest section that has many rows in it.

    It is of the bundled event where that was measured: readers have it, too.

    Raises:
        BadInputError: none has any.
    """
    section = headline_section(found)
    if section is None:
        raise BadInputError("No record is of angular buckets of 50 hits, all of them queried.")
    return headline(section)


def headline_section(found: Sequence[Section]) -> Section | None:
    """Return the section that `newest_headline` is of, or None."""
    bundled = [section for section in found if section.first.cell.event == BUNDLED]
    return newest_with_many(bundled, _headline_rows) or newest_with_many(found, _headline_rows)


def _headline_rows(section: Section) -> int:
    shown = (_main_rows(section, table) for table in section.tables if is_default(table))
    return max(map(len, shown), default=0)


def _main_rows(section: Section, table: Table) -> list[Row]:
    return [row for row in table.rows if row.index in section.main_indexes]


def newest_with_many(found: Sequence[Run], count: Callable[[Run], int]) -> Run | None:
    """Return the first section that has at least half as many as the one that has most.

    So that a few cells measured later, for a question of their own, do not take its place.
    """
    most = max(map(count, found), default=0)
    return next((one for one in found if most and count(one) >= most / 2), None)


def newest_tracks(found: Sequence[Section]) -> str:
    """Return the table of trackers on all threads of the newest section that has many pipelines.

    Shown are those in the whole event and in all angular buckets of 50 hits.

    Raises:
        BadInputError: no record is of a tracker.
    """
    section = tracks_section(found)
    if section is None:
        raise BadInputError("No record is of a tracker: measure some with --suite tracking.")
    rows = usual_tracks(section)
    about = f"{section.title}: {question(rows[0].cell)}; {particles_of(section)}."
    return f"\n{about}\n\n{ranked(rows)}\n"


def tracks_section(found: Sequence[Section]) -> Section | None:
    """Return the section that `newest_tracks` is of, or None."""
    return newest_with_many(found, lambda one: len(one.of_tracks))


def usual_tracks(section: Section) -> list[Row]:
    """Return the rows that `newest_tracks` shows of a section."""
    tables = ageless(section).track_tables
    table = max(tables, key=lambda one: (one.cell.threads, len(one.rows)))
    return [row for row in table.rows if _is_usual(row)]


def _is_usual(row: Row) -> bool:
    asked = row.metric, row.bucket_size, row.queries
    return row.index == WHOLE_EVENT.name or (asked == _DEFAULT_QUESTION and not row.choices)


def newest_noise(found: Sequence[Section]) -> str:
    """Return the first table of shares of noise.

    Raises:
        BadInputError: no records are of several.
    """
    for matrix in noise_tables(found):
        return f"\n{matrix.title}. {matrix.about}\n\n{grid(matrix.heads, matrix.rows)}\n"
    raise BadInputError("No records are of several shares of noise: measure --suite noise.")


def headline(section: Section) -> str:
    """Return the table of the default question: angular, buckets of 50, all threads, all hits.

    Raises:
        BadInputError: that was not measured.
    """
    for table in ageless(section).tables:  # all threads come before fewer
        if is_default(table):
            about = f"{section.title}: {table.title}; {particles_of(section)}."
            rows = _main_rows(section, table)
            return f"\n{about}\n\n{ranked(rows)}\n"
    raise BadInputError(f"No record of {section.title} is of angular buckets of 50 hits.")


def ageless(section: Section) -> Section:
    """Return a section whose tables name their commit, and are no younger on the day of reading."""
    return Section(tuple(replace(row, stale=()) for row in section.rows))


def is_default(table: Table) -> bool:
    """Return whether a table is of the question of the headline, on any number of threads."""
    cell = table.cell
    return (cell.metric, cell.bucket_size, cell.queries) == _DEFAULT_QUESTION


BLOCKS: dict[str, Callable[[Sequence[Section]], str]] = {
    "headline": newest_headline,
    "tracks": newest_tracks,
    "noise": newest_noise,
    "columns of buckets": lambda _: definitions("buckets"),
    "columns of tracks": lambda _: definitions("tracks"),
}
"""What may stand between marks of a page."""
