"""Tables that stand in pages written by hand, between marks."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from nearhit.cells.markdown import without_html
from nearhit.errors import BadInputError
from nearhit.plugins.spec import WHOLE_EVENT
from nearhit.records import atomic_writes
from nearhit.records.row import Row

from .headline import DEFAULT_QUESTION, headline_of, headline_section, newest_with_many
from .markdown import bullets, definitions, grid, ranked, show
from .noise import noise_tables
from .notes import caveats, particles_of
from .section import Section
from .tables import Table, judged, question


def insert_tables(found: Sequence[Section], page: Path) -> None:
    """Replace what stands between marks of a page, `<!-- NAME: begin -->` and `end`, by tables.

    Each of `BLOCKS` that the page has marks for is taken from the first section that allows it.

    Raises:
        BadInputError: the page lacks marks, no record is of what they are for, or the page cannot
            be written; then it stays as it is.
    """
    try:
        text = page.read_text(encoding="utf-8")
    except ValueError as error:
        raise BadInputError(f"{page} is not a page of text in UTF-8: give another.") from error
    names = [name for name in BLOCKS if all(mark in text for mark in _marks(name))]
    if not names:
        begin, end = _marks("headline")
        raise BadInputError(f"{page} needs the lines {begin} and {end}, where the table goes.")
    for name in names:
        begin, end = _marks(name)
        before, _, rest = text.partition(begin)
        table = without_html(BLOCKS[name](found))
        text = f"{before}{begin}\n{table}\n{end}{rest.partition(end)[2]}"
    try:
        atomic_writes.replace(page, text)
    except OSError as error:
        raise BadInputError(f"{page} cannot be written ({error.strerror}).") from error


def _marks(name: str) -> tuple[str, str]:
    return f"<!-- {name}: begin -->", f"<!-- {name}: end -->"


def newest_headline(found: Sequence[Section]) -> str:
    """Return the headline of the newest section that has many rows in it.

    Raises:
        BadInputError: none has any.
    """
    section = headline_section(found)
    if section is None:
        raise BadInputError("No record is of angular buckets of 50 hits, all of them queried.")
    return headline(section)


def headline(section: Section) -> str:
    """Return the headline of a section in Markdown.

    Raises:
        BadInputError: the default question was not measured.
    """
    made = headline_of(section)
    heads, right = zip(*((one.heading, one.right) for one in made.columns), strict=True)
    lines = [
        [f"**{first}**" if row.front else first, *rest]
        for row, (first, *rest) in zip(made.rows, made.lines, strict=True)
    ]
    return f"\n{made.title}\n\n{grid(heads, lines, right)}\n\n{bullets(made.notes)}"


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
    about = f"{section.title}: {question(rows[0].cell)}; {particles_of(rows)}."
    return f"\n{about}\n\n{ranked(rows)}\n\n{bullets(caveats(rows))}"


def tracks_section(found: Sequence[Section]) -> Section | None:
    """Return the section that `newest_tracks` is of, or None."""
    return newest_with_many(found, lambda one: len(one.of_tracks))


def usual_tracks(section: Section) -> list[Row]:
    """Return the rows that `newest_tracks` shows of a section."""
    tables = section.track_tables
    table = max(tables, key=lambda one: (one.cell.threads, len(one.rows)))
    return judged(Table(tuple(filter(_is_usual, table.rows))))


def _is_usual(row: Row) -> bool:
    asked = row.metric, row.bucket_size, row.queries
    return row.index == WHOLE_EVENT.name or (asked == DEFAULT_QUESTION and not row.choices)


def newest_noise(found: Sequence[Section]) -> str:
    """Return the first table of shares of noise.

    Raises:
        BadInputError: no records are of several.
    """
    for matrix in noise_tables(found):
        return f"\n{matrix.title}.\n\n{show(matrix)}\n"
    raise BadInputError("No records are of several shares of noise: measure --suite noise.")


def ageless(section: Section) -> Section:
    """Return a section whose tables name their commit, and are no younger on the day of reading."""
    return Section(tuple(replace(row, stale=()) for row in section.rows))


BLOCKS: dict[str, Callable[[Sequence[Section]], str]] = {
    "headline": newest_headline,
    "tracks": newest_tracks,
    "noise": newest_noise,
    "columns of headline": lambda _: definitions("headline"),
    "columns of buckets": lambda _: definitions("buckets"),
    "columns of tracks": lambda _: definitions("tracks"),
}
"""What may stand between marks of a page."""
