"""`results/README.md`: the newest full measurement, and a line for each of its tables."""

from collections.abc import Sequence

from nearhit.cells.markdown import without_html
from nearhit.cells.words import pipeline_in_words
from nearhit.records.row import Row

from .blocks import headline
from .headline import headline_section
from .markdown import grid, ranked, template
from .section import Section
from .tables import Table

_MOST_ROWS, _MOST_TABLES, _MOST_OTHERS = 60, 120, 60
"""Lines of each part, so that the page stays below 300 lines."""

_NUMBERS = {"rows", "s/event", "gain", "tables", "records"}


def overview(found: Sequence[Section], notes: Sequence[str] = ()) -> str:
    """Return the page: headline, tables of the same machine and commit, other measurements.

    Args:
        found: at least one section, newest first.
        notes: sentences on records that were left out, and on machines.
    """
    chosen = headline_section(found)
    first = chosen or found[0]
    same = [section for section in found if _run(section) == _run(first)]
    page = template("overview.md").render(
        count=sum(len(section.rows) for section in found),
        notes=notes,
        headline=(headline(chosen) if chosen else _first_table(first)).strip(),
        tables=_grid(
            ("event", "table", "rows", "fastest", "s/event", "best", "gain"),
            [_line(one.rows[0].event, table) for one in same for table in _tables(one)],
            _MOST_TABLES,
        ),
        others=_grid(
            ("event", "machine", "commit", "tables", "records"),
            [_in_short(one) for one in found if one not in same],
            _MOST_OTHERS,
        ),
    )
    return without_html(page)


def _run(section: Section) -> tuple[str, str]:
    return section.rows[0].machine, section.rows[0].commit


def _tables(section: Section) -> tuple[Table, ...]:
    return section.measured_tables + section.track_tables


def _first_table(section: Section) -> str:
    """Return the first table of a section without the default question."""
    table = (*_tables(section), *section.tables)[0]
    return f"{section.title}: {table.title}\n\n{ranked(table.rows[:_MOST_ROWS])}"


def _line(event: str, table: Table) -> tuple[str, ...]:
    ends = [text for row in (table.front[:1] + table.front[-1:]) for text in _end(row)]
    fastest, seconds, _, best, _, gain = ends or ["–"] * 6
    return event, table.title, str(len(table.rows)), fastest, seconds, best, gain


def _grid(heads: Sequence[str], lines: Sequence[Sequence[str]], most: int) -> str:
    """Return a table of the first lines, and below it how many more there are."""
    if not lines:
        return ""
    right = [head in _NUMBERS for head in heads]
    more = f"\n\nAnd {len(lines) - most} more." if len(lines) > most else ""
    return grid(heads, lines[:most], right) + more


def _end(row: Row) -> tuple[str, str, str]:
    name = pipeline_in_words(row.cell)
    gain = row.trackml_score if row.tracker else row.particle_efficiency
    scaled = "≈ " if row.seconds_per_event_scaled else ""
    return name, f"{scaled}{row.seconds_per_event:.3g}", f"{gain:.3f}"


def _in_short(section: Section) -> tuple[str, ...]:
    first = section.rows[0]
    counts = len(_tables(section)), len(section.rows)
    return first.event, first.machine, first.commit, *map(str, counts)
