"""The page that holds three ways to use buckets against each other, from records alone."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from nearhit.cells.chains import Step
from nearhit.cells.markdown import without_html
from nearhit.cells.words import place_in_words
from nearhit.plugins.tracker import STAGES
from nearhit.records.record import Record
from nearhit.records.row import Row, row_of

from .columns import columns_of
from .markdown import definitions, grid

Measured = tuple[Step, Record]
Timed = tuple[Step, Row]


STEP = ("chain", "way", "seed pT")
"""Headings of what tells a step."""

SHOWN = (
    *STEP,
    *("s/event", "score", "efficiency", "fakes", "tracks", "buckets", "µs/bucket"),
)
"""Headings of what a terminal has room for."""

_INTRODUCTION = """# Three ways to use buckets: {event}

Made by `nearhit chains` from {count} records, on {machine} at {commit}; {hits:,} hits,
{particles} trackable particles. {origin}

1. **Full event**: seeds and tracks are looked for in the whole event; buckets are not used.
2. **Inside buckets**: seeds and tracks are looked for in each bucket, with its hits alone.
3. **Seeds of buckets**: seeds are looked for in each bucket, each is kept once, and followed
   through the whole event.

*ACTS* is its own standard chain, one thread; *nearhit* is `kalman` in the event and from pairs of
hits of buckets, and `helix` inside them, on {threads} threads.
"""


def chains_page(measured: Sequence[Measured], plots: Sequence[Path]) -> str:
    """Return the page, in Markdown; plots are named relative to it.

    Args:
        measured: every step with its record, of one event, machine and commit.
        plots: files that lie beside the page.
    """
    rows = [(step, row_of(record)) for step, record in measured]
    heads, cells = chain_cells(rows)
    parts = [_introduction(measured), *(f"![{plot.stem}]({plot.name})\n" for plot in plots)]
    parts += ["## All\n", grid(heads, cells), "\n## Seconds by stage\n", _stages(rows)]
    parts += ["\n## What it says\n", *_said(rows), "\n## Columns\n", definitions("chains")]
    return without_html("\n".join((*parts, "")))


def chain_cells(rows: Sequence[Timed]) -> tuple[list[str], list[list[str]]]:
    """Return the headings and rows of a table of all steps."""
    columns = columns_of("chains")
    heads = [*STEP, *(column.heading for column in columns)]
    return heads, [[*_name(step), *(column.text(row) for column in columns)] for step, row in rows]


def chain_json(step: Step, record: Record) -> dict[str, Any]:
    """Return a record as a row ready for JSON, with what it is a step of."""
    where = {"chain": step.way.chain, "way": step.way.way, "seed_pt": step.seed_pt}
    return row_of(record).to_json() | where


def _introduction(measured: Sequence[Measured]) -> str:
    record = measured[-1][1]
    counts = {row_of(one).n_trackable for _, one in measured} - {None}
    return _INTRODUCTION.format(
        event=record.cell.event,
        count=len(measured),
        machine=record.provenance.machine.name,
        commit=record.provenance.commit,
        hits=record.n_hits,
        particles=f"{counts.pop():,}" if counts else "no",
        origin=record.event_origin,
        threads=record.cell.threads,
    )


def _stages(rows: Sequence[Timed]) -> str:
    stages = (*STAGES, "score")
    return grid(
        (*STEP, "looks in", *stages),
        (
            [*_name(step), place_in_words(row.cell), *(_seconds(row, stage) for stage in stages)]
            for step, row in rows
            if row.seconds_per_stage
        ),
    )


def _name(step: Step) -> tuple[str, ...]:
    return step.way.chain, step.way.way, "–" if step.seed_pt is None else f"{step.seed_pt:g}"


def _seconds(row: Row, stage: str) -> str:
    seconds = (row.seconds_per_stage or {}).get(stage)
    return "–" if seconds is None else f"{seconds:.3g}"


def _said(rows: Sequence[Timed]) -> Iterator[str]:
    """Yield a sentence for every way beside the full event of its chain and cut."""
    found = [(step, row) for step, row in rows if row.track_efficiency is not None]
    full = {
        (step.way.chain, step.seed_pt): row
        for step, row in found
        if row.cell.takes_whole_event and row.track_efficiency
    }
    for step, row in found:
        other = full.get((step.way.chain, step.seed_pt))
        if other and other is not row:
            yield _beside(step, row, other)


def _beside(step: Step, row: Row, full: Row) -> str:
    lost = 1 - _ratio(row, full, "track_efficiency")
    cut = "" if step.seed_pt is None else f", seeds from {step.seed_pt:g} GeV"
    text = (
        f"* {step.way.chain}, {step.way.way[2:]} ({place_in_words(row.cell)}{cut}): "
        f"{_ratio(full, row, 'seconds_per_event'):.3g} times as fast as the full event, with "
        f"{lost:.1%} of its efficiency lost"
    )
    seeding = [(one.seconds_per_stage or {}).get("seed", 0.0) for one in (full, row)]
    if all(seeding):
        text += f"; seeding alone {seeding[0] / seeding[1]:.3g} times as fast"
    return f"{text}."


def _ratio(row: Row, other: Row, name: str) -> float:
    return float(getattr(row, name) / getattr(other, name))
