"""The map of libraries and data: how many times slower than the best each is."""

from collections.abc import Iterable, Sequence
from math import inf, log
from statistics import mean

from nearhit.datasets.bundled import BUNDLED
from nearhit.records.row import Row

from .chart import Axis, Chart, Heat, Panel
from .matrices import dimensions_of
from .section import Section
from .tables import Table

LEAST_RECALL = 0.9
"""Settings that return less of the exact neighbours are not held against others."""

Column = dict[str, float | None]
"""Times slower than the fastest, by library; None where no setting returns enough."""


def speed_maps(sections: Iterable[Section]) -> list[Chart]:
    """Return a map for each machine on which several libraries had several data, newest first.

    A column is one question on one event, of the newest commit that put it to at least half as
    many libraries as any question was put to.
    """
    by_machine: dict[str, list[Section]] = {}
    for section in sections:
        by_machine.setdefault(section.first.provenance.machine.name, []).append(section)
    maps = (_map(machine, held) for machine, held in by_machine.items())
    return [one for one in maps if min(len(one.panels[0].x.names), len(one.panels[0].y.names)) > 1]


def _map(machine: str, sections: Sequence[Section]) -> Chart:
    columns = _columns(sections)
    libraries = sorted({name for one in columns.values() for name in one})
    libraries.sort(key=lambda name: _mean([one.get(name) for one in columns.values()]))
    values = [[one.get(name) for one in columns.values()] for name in libraries]
    panel = Panel(
        Axis(names=tuple(columns)),
        Axis(names=tuple(libraries), down=True),
        heat=Heat(values, "times slower than the fastest", text=True),
    )
    about = (
        "Seconds per event over those of the fastest library on the same data, each at its fastest "
        f"setting of recall ≥ {LEAST_RECALL} on all threads; none where there is no such one."
    )
    title = f"Times slower than the fastest, on {machine}"
    return Chart(f"on-{machine}", title, (panel,), about, height=3 + 0.26 * len(libraries))


def _mean(times: Iterable[float | None]) -> float:
    held = [log(one) for one in times if one]
    return mean(held) if held else inf


def _columns(sections: Sequence[Section]) -> dict[str, Column]:
    """Return the newest column of each question that was put to enough libraries, in order."""
    questions: dict[tuple[object, ...], list[Column]] = {}
    for section in sections:
        most = max((table.cell.threads for table in section.tables), default=0)
        for table in section.tables:
            if (table.cell.threads, table.cell.batch) == (most, None):
                questions.setdefault(_question(table), []).append(_column(table.rows))
    least = max((len(one) for found in questions.values() for one in found), default=0) / 2
    enough = {
        question: [one for one in found if len(one) >= least]
        for question, found in sorted(questions.items())
    }
    return {str(question[-1]): found[0] for question, found in enough.items() if found}


def _question(table: Table) -> tuple[object, ...]:
    """Return what columns are ordered by: the default metric and the bundled event first."""
    cell, other = table.cell, table.cell.metric != "angular"
    name = f"{cell.event}, {f'{cell.metric}, ' * other}k={cell.bucket_size}"
    return (
        other,
        cell.event != BUNDLED,
        dimensions_of(cell.metric),
        table.rows[0].n_hits,
        cell.bucket_size,
        name,
    )


def _column(rows: Iterable[Row]) -> Column:
    timed = sorted(
        (row.seconds_per_event, row.library, row) for row in rows if row.seconds_per_event
    )
    good = [one for one in timed if one[2].recall is None or one[2].recall >= LEAST_RECALL]
    fastest = {library: seconds / good[0][0] for seconds, library, _ in reversed(good)}
    return {library: fastest.get(library) for _, library, _ in timed}
