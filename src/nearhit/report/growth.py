"""How seconds, purity and efficiency grow with the number of hits, over events of one family."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from scipy.stats import linregress

from nearhit.record import Record
from nearhit.row import Row, row_of

from .section import Section

LEAST_EVENTS = 3
"""An exponent of fewer points says nothing."""

GROWING = ("seconds_per_event", "bucket_purity", "particle_efficiency")
"""The figures whose growth is fitted."""

_OWN = re.compile(r"^[^:]*: |pile_up=[^,]*,? ?")  # name, seed and pile-up of an origin


@dataclass(frozen=True)
class Growth:
    """One index on events that differ in pile-up, and maybe in their seeds, alone.

    Attributes:
        rows: in order of hits, see `nearhit.row.row_of`.
        exponents: of the number of hits in each of `GROWING`, by least squares of logarithms, with
            their standard errors; None where a row has none.
    """

    rows: tuple[Row, ...]
    exponents: tuple[tuple[float, float] | None, ...]

    @property
    def index(self) -> str:
        """What was measured."""
        return str(self.rows[0]["index"])


@dataclass(frozen=True)
class GrowthTable:
    """The indexes of one question, the flattest first.

    Attributes:
        title: the machine, commit, family of events and question.
        slug: the same as the name of a file.
        growths: one an index.
    """

    title: str
    slug: str
    growths: tuple[Growth, ...]

    @property
    def hits(self) -> tuple[int, ...]:
        """The numbers of hits of the events."""
        return tuple(sorted({row["n_hits"] for growth in self.growths for row in growth.rows}))


def growth_tables(sections: Iterable[Section]) -> list[GrowthTable]:
    """Return a table for each question that was put to events of three or more pile-ups."""
    questions: dict[tuple[str, ...], list[Record]] = defaultdict(list)
    for section in sections:
        for record in section.records:
            if record.event_origin and record.timing and record.cell.queries is None:
                questions[_question(record)].append(record)
    return list(_tables(questions))


def _question(record: Record) -> tuple[str, ...]:
    cell, provenance = record.cell, record.provenance
    threads = f"{cell.threads} thread{'s' if cell.threads > 1 else ''}"
    asked = f"{cell.metric}, buckets of {cell.bucket_size}, {threads}"
    family = _OWN.sub("", record.event_origin)
    return provenance.machine.name, provenance.commit, family, asked, str(cell.trackable)


def _tables(questions: dict[tuple[str, ...], list[Record]]) -> Iterator[GrowthTable]:
    for (machine, commit, family, asked, _), records in questions.items():
        by_index: dict[str, list[Row]] = defaultdict(list)
        for record in records:
            by_index[str(record.cell.index)].append(row_of(record))
        growths = [
            _growth(rows)
            for rows in by_index.values()
            if len({row["n_hits"] for row in rows}) >= LEAST_EVENTS
        ]
        if growths:
            ordered = tuple(sorted(growths, key=lambda growth: growth.exponents[0] or (np.inf, 0)))
            slug = re.sub(r"\W+", "-", f"{machine} {commit} {asked}")
            title = f"{asked}, on {machine} at {commit}; events of {family}"
            yield GrowthTable(title, slug, ordered)


def _growth(rows: list[Row]) -> Growth:
    ordered = tuple(sorted(rows, key=lambda row: row["n_hits"]))
    return Growth(ordered, tuple(_exponent(ordered, name) for name in GROWING))


def _exponent(rows: tuple[Row, ...], name: str) -> tuple[float, float] | None:
    values = [row[name] for row in rows]
    if not all(values):
        return None
    fit = linregress(np.log([row["n_hits"] for row in rows]), np.log(values))
    return float(fit.slope), float(fit.stderr)
