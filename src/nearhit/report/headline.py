"""The headline: the libraries on the default question, each at its best setting, one row each."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from nearhit.cells.tuned import published_settings, tuned_settings
from nearhit.datasets.bundled import BUNDLED
from nearhit.errors import BadInputError
from nearhit.plugins.registry import adapters
from nearhit.records.row import Row

from .certificates import touching
from .columns import NO_RANGE, Column, columns_of
from .notes import caveats, marks_of, particles_of
from .section import Section
from .tables import Table, at_default, judged, speed

Run = TypeVar("Run")
"""A section, or rows of one."""

DEFAULT_QUESTION = ("angular", 50, None)
"""Metric, bucket size and queries of the headline."""

_LONGEST = 24  # characters of an index in its row
_SIGNS = "¹²³⁴⁵⁶⁷⁸⁹"


@dataclass(frozen=True, eq=False)
class Headline:
    """One table, ready to be shown.

    Attributes:
        title: of what it is.
        rows: those that it shows, fastest first.
        columns: that it has.
        lines: the text of each row.
        notes: what explains it, a line each.
    """

    title: str
    rows: tuple[Row, ...]
    columns: tuple[Column, ...]
    lines: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]


def headline_of(section: Section) -> Headline:
    """Return the table of the default question: angular, buckets of 50, all threads, all hits.

    Raises:
        BadInputError: that was not measured.
    """
    table = headline_table(section)
    if table is None:
        raise BadInputError(f"No record of {section.title} is of angular buckets of 50 hits.")
    chosen = chosen_rows(section, table)
    rows = tuple(row for row in chosen if row.seconds_per_event is not None)
    columns = tuple(columns_of("headline", rows))
    broken = dict.fromkeys(touching(row) for row in rows if touching(row))
    signs = dict(zip(broken, _SIGNS, strict=False))
    return Headline(
        f"{section.title}: {table.title}; {particles_of(rows)}.",
        rows,
        columns,
        tuple(
            (_name(row) + signs.get(touching(row), ""), *(_text(one, row) for one in columns[1:]))
            for row in rows
        ),
        (*_notes(rows, signs), *_not_measured(chosen)),
    )


def headline_section(found: Sequence[Section]) -> Section | None:
    """Return the newest section that has many rows of the headline; None where there is none.

    It is of the bundled event where that was measured: readers have it, too.
    """
    bundled = [section for section in found if section.first.cell.event == BUNDLED]
    return newest_with_many(bundled, _number_of_rows) or newest_with_many(found, _number_of_rows)


def headline_table(section: Section) -> Table | None:
    """Return the table of the default question; None where it was not measured."""
    return next(filter(is_default, section.tables), None)  # all threads come before fewer


def is_default(table: Table) -> bool:
    """Return whether a table is of the question of the headline, on any number of threads."""
    cell = table.cell
    return (cell.metric, cell.bucket_size, cell.queries) == DEFAULT_QUESTION


def chosen_rows(section: Section, table: Table) -> list[Row]:
    """Return the tuned row of each library, else its default one, and what was published."""
    best: dict[str, Row] = {}
    for row in sorted(table.rows, key=lambda row: (row.status != "ok", not _is_tuned(row))):
        if _is_tuned(row) or at_default(row) or row.index in section.main_indexes:
            best.setdefault(row.library, row)
    chosen = sorted({*best.values(), *filter(_is_published, table.rows)}, key=speed)
    return judged(Table(tuple(chosen)))


def newest_with_many(found: Sequence[Run], count: Callable[[Run], int]) -> Run | None:
    """Return the first section that has at least half as many as the one that has most.

    So that a few cells measured later, for a question of their own, do not take its place.
    """
    most = max(map(count, found), default=0)
    return next((one for one in found if most and count(one) >= most / 2), None)


def _number_of_rows(section: Section) -> int:
    tables = filter(is_default, section.tables)
    return max((len(chosen_rows(section, table)) for table in tables), default=0)


def _is_tuned(row: Row) -> bool:
    tuned = tuned_settings().get(row.library)
    return tuned is not None and tuned.index == row.index


def _is_published(row: Row) -> bool:
    return row.index in published_settings()


def _name(row: Row) -> str:
    """Return what heads a row: the setting, cut where it is long, and what is special about it."""
    own = row.library in adapters() and adapters()[row.library].package == "nearhit"
    published = _is_published(row) and not _is_tuned(row)
    special = " (nearhit's own)" if own else " (published)" if published else ""
    brief = _setting(row)
    return f"{row.library}(…)" if len(brief) > _LONGEST else f"{brief}{special}"


def _setting(row: Row) -> str:
    return published_settings().get(row.index, row.cell.index.brief)


def _text(column: Column, row: Row) -> str:
    return _seconds(row) if column.name == "seconds_per_event" else column.text(row)


def _seconds(row: Row) -> str:
    """Return the median, and by how much of it rounds were apart from it."""
    median = row.seconds_per_event or 0.0
    ends = (row.seconds_per_event_min or 0.0, row.seconds_per_event_max or 0.0)
    spread = max(abs(end - median) for end in ends) / median
    shown = f"{median:#.3g}".rstrip(".")
    around = NO_RANGE if row.repetitions == 1 else f"±{spread:.0%}"
    return f"{shown} {around}".replace(" ", "\N{NO-BREAK SPACE}") + marks_of(row)


def _notes(rows: Sequence[Row], signs: Mapping[tuple[str, ...], str]) -> Iterator[str]:
    exact = next((row for row in rows if row.recall == 1 and row.particle_efficiency), None)
    if exact:
        yield (
            f"100 % is a particle efficiency of {exact.particle_efficiency:.3f}, that of exact "
            "search: a better index cannot raise it, but larger buckets, another metric, or "
            "following tracks out of buckets can; 1 is all particles."
        )
    yield "± is how far the rounds were from their median at most."
    yield from _on_settings(rows)
    for broken, sign in signs.items():
        yield f"{sign} Breaks the contract: {', '.join(broken)}."
    yield from caveats(rows)


def _on_settings(rows: Sequence[Row]) -> Iterator[str]:
    settings = [tuned_settings()[row.library] for row in rows if _is_tuned(row)]
    if settings:
        demands = sorted({setting.demand for setting in settings})
        events = sorted({event for setting in settings for event in setting.events})
        without_search = sorted({one.how for one in settings if one.seconds is None})
        yield (
            f"Each library is at the setting that was tuned for {' or '.join(demands)} on "
            f"{', '.join((*events, *without_search))}; default s is its time at its default."
        )
    tuned = {row.library for row in rows if _is_tuned(row) or not row.cell.index.parameters}
    if untuned := dict.fromkeys(row.library for row in rows if row.library not in tuned):
        yield f"At their defaults, not tuned: {', '.join(untuned)}."
    if cut := [row.cell.index.brief for row in rows if "…" in _name(row)]:
        yield f"(…) is {', '.join(cut)}."


def _not_measured(rows: Iterable[Row]) -> Iterator[str]:
    """Yield a line on the rows that have no time, if there are any."""
    told = [
        f"{row.library} ({row.reason or row.status})"
        for row in rows
        if row.seconds_per_event is None
    ]
    if told:
        yield f"Not measured: {', '.join(told)}."
