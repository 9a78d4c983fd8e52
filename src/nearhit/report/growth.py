"""Growth of seconds and quality with the number of hits, over events of one family."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from scipy.stats import linregress

from nearhit.cells.words import pipeline_in_words
from nearhit.data.recipe import parameters_as_text
from nearhit.records.row import Row

from .grid import Grid
from .machines import refuse_mixed
from .notes import marks_of
from .section import Section

LEAST_EVENTS = 3
"""An exponent of fewer points says nothing."""

SECONDS = "seconds_per_event"

GROWING = {
    "buckets": {"purity": "bucket_purity", "efficiency": "particle_efficiency"},
    "tracks": {"score": "trackml_score", "efficiency": "track_efficiency"},
}
"""The figures whose growth is fitted beside that of seconds: heading and name in a row."""


@dataclass(frozen=True)
class Growth:
    """One index or pipeline on events that differ in pile-up, and maybe in their seeds, alone.

    Attributes:
        name: what was measured.
        rows: in order of hits, see `nearhit.records.row.row_of`.
        exponents: of the number of hits in seconds and each of `GROWING`, by least squares of
            logarithms, with their standard errors; None where a row has none.
    """

    name: str
    rows: tuple[Row, ...]
    exponents: tuple[tuple[float, float] | None, ...]


@dataclass(frozen=True)
class GrowthTable:
    """The indexes or pipelines of one question, the flattest first.

    Attributes:
        title: the machine, commit, family of events and question.
        slug: the same as the name of a file.
        figures: headings, and names in rows, of what grows beside seconds.
        growths: one an index or pipeline.
    """

    title: str
    slug: str
    figures: dict[str, str]
    growths: tuple[Growth, ...]

    def __post_init__(self) -> None:
        refuse_mixed(self.every)

    @property
    def hits(self) -> tuple[int, ...]:
        """The numbers of hits of the events."""
        return tuple(sorted({row.n_hits for row in self.every}))

    @property
    def every(self) -> list[Row]:
        """The rows of all."""
        return [row for growth in self.growths for row in growth.rows]

    @property
    def grid(self) -> Grid:
        """Seconds and two figures by the number of hits, with fitted exponents."""
        names = ("b of seconds", *(f"of {heading}" for heading in self.figures))
        rows = []
        for growth in self.growths:
            by_hits = {row.n_hits: self._cell(row) for row in growth.rows}
            exponents = (
                "–" if one is None else "{:.3f} ± {:.3f}".format(*one) for one in growth.exponents
            )
            rows.append((growth.name, *exponents, *(by_hits.get(n, "–") for n in self.hits)))
        return Grid(
            "Exponents",
            f"Each cell is seconds per event; {' / '.join(self.figures)}. The exponents b are of "
            "figure ~ hitsᵇ, by least squares of logarithms, with standard errors.",
            ("what", *names, *(f"{number:,} hits" for number in self.hits)),
            tuple(rows),
        )

    def _cell(self, row: Row) -> str:
        quality = (getattr(row, figure) for figure in self.figures.values())
        shares = ("–" if share is None else f"{share:.3f}" for share in quality)
        return f"{row.seconds_per_event:.3g} s{marks_of(row)}; {' / '.join(shares)}"


def growth_tables(sections: Iterable[Section]) -> list[GrowthTable]:
    """Return a table for each question that was put to events of three or more pile-ups."""
    questions: dict[_Question, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for section in sections:
        if section.first.event_recipe:
            for kind, title, rows in _asked(section):
                for row in rows:
                    questions[_question(section, kind, title)][pipeline_in_words(row.cell)].append(
                        row
                    )
    grown = [_table(question, rows) for question, rows in questions.items()]
    return [one for one in grown if one.growths]


_Question = tuple[str, str, str, str, str]


def _asked(section: Section) -> Iterator[tuple[str, str, tuple[Row, ...]]]:
    """Yield the questions of which all hits were queried, and those of trackers."""
    for table in section.tables:
        if table.cell.queries is None:
            yield "buckets", table.title, table.rows
    for tracks in section.track_tables:
        yield "tracks", tracks.title, tracks.rows


def _question(section: Section, kind: str, title: str) -> _Question:
    provenance = section.first.provenance
    family = parameters_as_text(section.first.event_recipe, without={"pile_up"})
    return kind, title, provenance.machine.name, provenance.commit, family


def _table(question: _Question, by_name: dict[str, list[Row]]) -> GrowthTable:
    kind, asked, machine, commit, family = question
    measured = {
        name: [row for row in rows if row.seconds_per_event] for name, rows in by_name.items()
    }
    growths = [
        _growth(name, rows, GROWING[kind])
        for name, rows in measured.items()
        if len({row.n_hits for row in rows}) >= LEAST_EVENTS
    ]
    ordered = tuple(sorted(growths, key=lambda growth: growth.exponents[0] or (np.inf, 0)))
    slug = re.sub(r"\W+", "-", f"{machine} {commit} {asked}")
    title = f"{asked}, on {machine} at {commit}; events of {family}"
    return GrowthTable(title, slug, GROWING[kind], ordered)


def _growth(name: str, rows: list[Row], figures: dict[str, str]) -> Growth:
    ordered = tuple(sorted(rows, key=lambda row: row.n_hits))
    growing = (SECONDS, *figures.values())
    return Growth(name, ordered, tuple(_exponent(ordered, figure) for figure in growing))


def _exponent(rows: tuple[Row, ...], name: str) -> tuple[float, float] | None:
    values = [getattr(row, name) for row in rows]
    if not all(values):
        return None
    fit = linregress(np.log([row.n_hits for row in rows]), np.log(values))
    return float(fit.slope), float(fit.stderr)
