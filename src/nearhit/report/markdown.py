"""`results/tables.md` and the tables in it, in Markdown."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from nearhit.cells.markdown import table_line, without_html
from nearhit.contract import CLAUSES
from nearhit.contract.certificate import Certificate
from nearhit.records.row import Row

from .columns import COLUMNS, columns_of
from .grid import Grid, certificate_grid, refused
from .growth import GrowthTable
from .matrices import matrices_of
from .noise import noise_tables
from .notes import caveats, load_line, particles_of
from .section import Section

_STATUS = next(column for column in COLUMNS if column.name == "status")


def tables_page(  # noqa: PLR0913, PLR0917 - the parts of the page
    found: Sequence[Section],
    plots: dict[str, list[str]],
    maps: Sequence[str] = (),
    growths: Sequence[GrowthTable] = (),
    growth_plots: Sequence[str] = (),
    certificates: Sequence[Certificate] = (),
    notes: Sequence[str] = (),
) -> str:
    """Return the page of all sections.

    Args:
        found: newest first.
        plots: the plots of each section by its title, as paths relative to the page.
        maps: plots of how many times slower than the fastest each library is, as above.
        growths: how seconds grow with the number of hits.
        growth_plots: a plot of each of those, as above.
        certificates: what each library does with the contract.
        notes: sentences on records that were left out, and on machines.
    """
    groups = groupby(certificates, key=lambda one: one.provenance.machine.name)
    by_machine = [(machine, list(group)) for machine, group in groups]
    page = template("tables.md").render(
        count=sum(len(section.rows) for section in found),
        notes=notes,
        maps=maps,
        growths=list(zip(growths, growth_plots, strict=True)),
        noise=noise_tables(found),
        sections=found,
        plots=plots,
        certificates=[(certificate_grid(name, held), held) for name, held in by_machine],
    )
    return without_html(page)


def template(name: str) -> Template:
    """Return a template of this package, with the functions that pages use."""
    environment = Environment(
        loader=PackageLoader(__package__ or "", "templates"),
        autoescape=False,  # noqa: S701 - Markdown
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    helpers = (
        definitions,
        particles_of,
        ranked,
        show,
        matrices_of,
        load_line,
        caveats,
        refused,
    )
    environment.globals |= {helper.__name__: helper for helper in helpers}
    environment.globals |= {"list": bullets, "systems": _systems, "clauses": CLAUSES}
    return environment.get_template(name)


def show(one: Grid) -> str:
    """Return a small table with what explains it."""
    parts = one.about, grid(one.heads, one.rows), bullets(one.notes).rstrip()
    return "\n\n".join(filter(None, parts))


def grid(
    heads: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[bool] | None = None
) -> str:
    """Return a table, its columns of numbers set to the right."""
    rule = "|".join("---:" if one else "---" for one in right or [False] * len(heads))
    return "\n".join([table_line(heads), f"|{rule}|", *map(table_line, rows)])


def ranked(rows: Sequence[Row]) -> str:
    """Return rows of one kind, those on the Pareto front of their table in bold."""
    columns = columns_of("tracks" if rows[0].tracker else "buckets", rows)
    if all(_STATUS.text(row) == "ok" for row in rows):
        columns.remove(_STATUS)
    lines = []
    for row in rows:
        first, *rest = (column.text(row) for column in columns)
        lines.append([f"**{first}**" if row.front else first, *rest])
    return grid([column.heading for column in columns], lines, [column.right for column in columns])


def definitions(tables: str) -> str:
    """Return what the columns of some tables mean."""
    rows = ((column.heading, column.meaning) for column in columns_of(tables))
    return grid(("column", "means"), rows)


def bullets(lines: Iterable[str]) -> str:
    """Return lines that are not empty as a list."""
    return "".join(f"* {line}\n" for line in lines if line)


def _systems(section: Section) -> str:
    """Return the operating systems and Pythons that records are of, where there are several."""
    machines = [row.record.provenance.machine for row in section.rows]
    systems = {f"{one.system}, Python {one.python}" for one in machines}
    governors = {one.governor for one in machines if one.governor}
    frequency = f", {' and '.join(sorted(governors))} governor" if governors else ""
    return " and ".join(sorted(systems)) + frequency
