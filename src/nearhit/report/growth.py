"""How seconds, purity and efficiency grow with the number of hits, over events of one family."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.stats import linregress

from nearhit.row import Row

from .section import Section, Table

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
    questions: dict[_Question, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for section in sections:
        for table in section.tables:
            if section.first.event_origin and table.queries is None:
                for row in table.rows:
                    questions[_question(section, table)][str(row["index"])].append(row)
    grown = [_table(question, rows) for question, rows in questions.items()]
    return [one for one in grown if one.growths]


_Question = tuple[str, str, str, str]


def _question(section: Section, table: Table) -> _Question:
    provenance = section.first.provenance
    family = _OWN.sub("", section.first.event_origin)
    return table.title, provenance.machine.name, provenance.commit, family


def _table(question: _Question, by_index: dict[str, list[Row]]) -> GrowthTable:
    asked, machine, commit, family = question
    measured = [[row for row in rows if row["seconds_per_event"]] for rows in by_index.values()]
    growths = [
        _growth(rows) for rows in measured if len({row["n_hits"] for row in rows}) >= LEAST_EVENTS
    ]
    ordered = tuple(sorted(growths, key=lambda growth: growth.exponents[0] or (np.inf, 0)))
    slug = re.sub(r"\W+", "-", f"{machine} {commit} {asked}")
    return GrowthTable(f"{asked}, on {machine} at {commit}; events of {family}", slug, ordered)


def _growth(rows: list[Row]) -> Growth:
    ordered = tuple(sorted(rows, key=lambda row: row["n_hits"]))
    return Growth(ordered, tuple(_exponent(ordered, name) for name in GROWING))


def _exponent(rows: tuple[Row, ...], name: str) -> tuple[float, float] | None:
    values = [row[name] for row in rows]
    if not all(values):
        return None
    fit = linregress(np.log([row["n_hits"] for row in rows]), np.log(values))
    return float(fit.slope), float(fit.stderr)
