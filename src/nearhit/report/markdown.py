"""The tables of `results/README.md`."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

from nearhit.cells.words import trackable_in_words
from nearhit.contract import CLAUSES
from nearhit.contract.certificate import Certificate
from nearhit.records.record import Record
from nearhit.records.row import Row

from .certificates import certificate_table
from .columns import columns_of
from .growth import GrowthTable
from .matrices import matrices_of
from .noise import noise_tables
from .notes import load_line, stale_lines
from .section import Section

_INTRODUCTION = """# Results

Made by `nearhit report` from {count} records: every number below is in one of them. Raw numbers:
[records.csv](records.csv), [records.parquet](records.parquet), and one file a record, with every
repetition, in [records](records).

Records of different machines, events or commits are never in one table. Rows are in order of time;
**bold** ones are on the front: no other row of the table is both faster and more efficient.

"""

_GROWTH = """
## Growth with the number of hits

Events of one recipe that differ in pile-up. Each cell is seconds per event; the two figures whose
exponents stand before. The exponents b are of figure ~ hitsᵇ, by least squares of logarithms, with
standard errors.
"""

_CERTIFICATE = """Made by `nearhit certify`: ✓ kept, ✗ broken, ⧖ not done in time, – refused with a
reason, or not to be told; a gap where the certificate is older than the clause.
"""


def results_page(  # noqa: PLR0913, PLR0917 - the parts of the page
    found: Sequence[Section],
    plots: dict[str, list[str]],
    growths: Sequence[GrowthTable] = (),
    growth_plots: Sequence[str] = (),
    certificates: Sequence[Certificate] = (),
    notes: Sequence[str] = (),
) -> str:
    """Return the page of all sections.

    Args:
        found: newest first.
        plots: the plots of each section by its title, as paths relative to the page.
        growths: how seconds grow with the number of hits.
        growth_plots: a plot of each of those, as above.
        certificates: what each library does with the contract.
        notes: sentences on records that were left out, and on machines.
    """
    count = sum(len(section.rows) for section in found)
    parts = [
        _INTRODUCTION.format(count=count),
        *_list(notes),
        definitions("buckets"),
        "",
        definitions("tracks"),
        "",
    ]
    if growths:
        parts.append(_GROWTH)
    for table, plot in zip(growths, growth_plots, strict=True):
        parts += [f"\n### {table.title}\n", f"![{table.slug}]({plot})\n", growth_rows(table)]
        parts += _list(stale_lines(row for growth in table.growths for row in growth.rows))
    for matrix in noise_tables(found):
        parts += [f"\n## {matrix.title}\n\n{matrix.about}\n", grid(matrix.heads, matrix.rows)]
    for section in found:
        parts += _section(section, plots.get(section.title, []))
    parts += _certificates(certificates)
    return "\n".join(parts)


def growth_rows(table: GrowthTable) -> str:
    """Return a table of seconds per event and two figures by the number of hits."""
    heads, rows = growth_cells(table)
    return grid(heads, rows, [False] + [True] * (len(heads) - 1))


def growth_cells(table: GrowthTable) -> tuple[list[str], list[list[str]]]:
    """Return the headings and rows of the same."""
    hits = table.hits
    names = ("b of seconds", *(f"of {heading}" for heading in table.figures))
    heads = ["what", *names, *(f"{number:,} hits" for number in hits)]
    rows = []
    for growth in table.growths:
        by_hits = {row.n_hits: _growth_cell(row, table) for row in growth.rows}
        exponents = map(_exponent, growth.exponents)
        rows.append([growth.name, *exponents, *(by_hits.get(number, "–") for number in hits)])
    return heads, rows


def _exponent(fitted: tuple[float, float] | None) -> str:
    return "–" if fitted is None else f"{fitted[0]:.3f} ± {fitted[1]:.3f}"


def _growth_cell(row: Row, table: GrowthTable) -> str:
    quality = (getattr(row, figure) for figure in table.figures.values())
    shares = ("–" if share is None else f"{share:.3f}" for share in quality)
    return f"{row.seconds_per_event:.3g} s; {' / '.join(shares)}"


def _certificates(certificates: Sequence[Certificate]) -> Iterator[str]:
    """Yield a matrix for each machine, and what was said where a clause is broken."""
    for machine, group in groupby(certificates, key=lambda one: one.provenance.machine.name):
        held = list(group)
        yield f"\n## Certificate on {machine}\n"
        yield _CERTIFICATE
        heads, rows = certificate_table(held)
        yield grid(heads, rows)
        yield "\nBroken clauses:\n"
        yield from (
            f"* {one.index} {one.provenance.versions[one.provenance.package]}, {one.distance}, "
            f"**{name}**: {one.clauses[name].reason}"
            for one in held
            for name in one.broken
        )
        yield from _refused(held)
        yield "\nWhat the clauses ask:\n"
        yield from (f"* **{clause.name}**: {clause.meaning}" for clause in CLAUSES.values())


def _refused(held: Sequence[Certificate]) -> Iterator[str]:
    """Yield the reasons why libraries were not held against clauses, if there are any."""
    reasons: dict[tuple[str, str], list[str]] = {}
    for one in held:
        for name, status in one.clauses.items():
            if status.outcome == "skipped":
                reasons.setdefault((str(one.index), status.reason), []).append(name)
    if reasons:
        yield "\nRefused:\n"
    for (index, reason), names in reasons.items():
        yield f"* {index}, {', '.join(names)}: {reason}"


def grid(
    heads: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[bool] | None = None
) -> str:
    """Return a table in Markdown, its columns of numbers set to the right."""
    rule = "|".join("---:" if one else "---" for one in right or [False] * len(heads))
    return "\n".join([_line(heads), f"|{rule}|", *map(_line, rows)])


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |"


def definitions(tables: str) -> str:
    """Return what the columns of some tables mean, in Markdown."""
    rows = ((column.heading, column.meaning) for column in columns_of(tables))
    return grid(("column", "means"), rows)


def _section(section: Section, plots: Iterable[str]) -> Iterator[str]:
    record, machine = section.first, section.first.provenance.machine
    yield f"\n## {section.title}\n"
    yield (
        f"{machine.cpu}, {machine.cores} cores, {machine.memory_mb / 1024:.0f} GiB, "
        f"{_systems(section)}. {record.n_hits:,} hits; "
        f"{particles_of(section)}. Event {record.cell.event_digest}{_origin(record)}, "
        f"last measured {section.newest[:16].replace('T', ' ')} UTC.\n"
    )
    yield from _list((*stale_lines(section.rows), *filter(None, [load_line(section.rows)])))
    yield from (f"![{Path(plot).stem}]({plot})" for plot in plots)
    for matrix in matrices_of(section):
        yield f"\n### {matrix.title}\n\n{matrix.about}\n"
        yield grid(matrix.heads, matrix.rows)
    for table in section.measured_tables:
        yield f"\n### {table.title}\n"
        yield ranked(table.rows)
    for tracks in section.track_tables:
        yield f"\n### {tracks.title}\n"
        yield ranked(tracks.rows)
    if section.not_measured:
        yield "\n### Not measured\n"
    yield from (f"* {line}" for line in section.not_measured)


def _list(lines: Iterable[str]) -> Iterator[str]:
    """Yield lines as a list that has room around it; nothing where there are none."""
    items = [f"* {line}" for line in lines]
    if items:
        yield "\n".join(["", *items, ""])


def _systems(section: Section) -> str:
    """Return the operating systems and Pythons that records are of, where there are several."""
    machines = [record.provenance.machine for record in (row.record for row in section.rows)]
    systems = {f"{one.system}, Python {one.python}" for one in machines}
    governors = {one.governor for one in machines if one.governor}
    frequency = f", {' and '.join(sorted(governors))} governor" if governors else ""
    return " and ".join(sorted(systems)) + frequency


def _origin(record: Record) -> str:
    return f" ({record.event_origin})" if record.event_origin else ""


def particles_of(section: Section) -> str:
    """Return how many particles count, and which."""
    counts = {row.n_trackable for row in section.rows} - {None}
    number = next(iter(counts)) if len(counts) == 1 else None
    told = "no truth" if number is None else f"{number:,} trackable particles"
    return f"{told} ({trackable_in_words(section.first.cell.trackable)})"


def ranked(rows: Sequence[Row]) -> str:
    """Return rows of one kind in Markdown, those on the Pareto front of their table in bold."""
    columns = columns_of("tracks" if rows[0].tracker else "buckets", rows)
    lines = []
    for row in rows:
        first, *rest = (column.text(row) for column in columns)
        lines.append([f"**{first}**" if row.front else first, *rest])
    return grid([column.heading for column in columns], lines, [column.right for column in columns])
