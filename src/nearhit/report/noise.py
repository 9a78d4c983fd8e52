"""Pipelines from hits to tracks by the share of noise, over events that differ in it."""

from collections import defaultdict
from collections.abc import Iterable

from nearhit.cells.words import pipeline_in_words
from nearhit.data.recipe import parameters_as_text
from nearhit.records.row import Row

from .grid import Grid
from .notes import caveats, marks_of
from .section import Section

LEAST_EVENTS = 2
"""One share of noise is no comparison."""


def noise_tables(sections: Iterable[Section]) -> list[Grid]:
    """Return a table for each machine, commit and family of events of several shares of noise.

    Of a family are the events that differ in nothing else, their seed included.
    """
    families: dict[tuple[str, ...], dict[str, dict[float, Row]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    for section in sections:
        share = section.first.event_recipe.get("noise_share")
        for table in section.track_tables if share is not None else ():
            for row in table.rows:
                pipeline = pipeline_in_words(row.cell)
                families[_family(section, table.title)][pipeline][float(share)] = row  # type: ignore[arg-type]  # there is one
    grown = [_table(family, pipelines) for family, pipelines in families.items()]
    return [one for one in grown if one.rows]


def _family(section: Section, question: str) -> tuple[str, ...]:
    provenance = section.first.provenance
    recipe = section.first.event_recipe
    rest = f"{recipe.get('seed')} {parameters_as_text(recipe, without={'noise_share'})}"
    return question, provenance.machine.name, provenance.commit, rest


def _table(family: tuple[str, ...], pipelines: dict[str, dict[float, Row]]) -> Grid:
    question, machine, commit, _ = family
    compared = {pipeline: rows for pipeline, rows in pipelines.items() if len(rows) >= LEAST_EVENTS}
    shares = sorted({share for rows in compared.values() for share in rows})
    return Grid(
        f"Noise: {question}, on {machine} at {commit}",
        "TrackML score; track efficiency / share of fakes; seconds per event, by the share of hits "
        "of every layer that are noise.",
        ("pipeline", *(f"{share:.0%} noise" for share in shares)),
        tuple(
            (pipeline, *(_cell(rows.get(share)) for share in shares))
            for pipeline, rows in sorted(compared.items())
        ),
        notes=tuple(caveats(row for rows in compared.values() for row in rows.values())),
    )


def _cell(row: Row | None) -> str:
    if row is None or row.trackml_score is None:
        return "–"
    fakes = "–" if row.fake_share is None else f"{row.fake_share:.3f}"
    quality = f"{row.trackml_score:.3f}; {row.track_efficiency or 0:.3f} / {fakes}"
    return f"{quality}; {row.seconds_per_event:.2f} s{marks_of(row)}"
