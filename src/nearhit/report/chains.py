"""The page that holds three ways to use buckets against each other, from records alone."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from nearhit.cells.chains import Step
from nearhit.plugins.tracker import STAGES
from nearhit.records.record import Record
from nearhit.records.row import Row, row_of

from .columns import Column, looks_in
from .markdown import grid

Measured = tuple[Step, Record]


def _share(key: str) -> Callable[[Row], str]:
    return lambda row: _number(row, key, ".4f")


def _number(row: Row, key: str, form: str) -> str:
    return "–" if row[key] is None else format(row[key], form)


def _per_particle(key: str) -> Column:
    def text(row: Row) -> str:
        if row[key] is None or not row["n_trackable"]:
            return "–"
        return f"{row[key] / row['n_trackable']:.2f}"

    return Column(f"{key[2:]}/particle", f"{key[2:]} / trackable particles", text)


def _seconds(row: Row) -> str:
    if row["seconds_per_event"] is None:
        return f"{row['status']}: {row['reason']}"
    low, high = row["seconds_per_event_min"], row["seconds_per_event_max"]
    return f"{row['seconds_per_event']:.3g} ({low:.3g}–{high:.3g})"


COLUMNS = (
    Column("chain", "whose seeding and following", lambda row: row["chain"], right=False),
    Column("way", "what buckets are for", lambda row: row["way"], right=False),
    Column("looks in", "which buckets", looks_in, right=False),
    Column("seed pT", "GeV, the cut on seeds", lambda row: _number(row, "seed_pt", "g")),
    Column("seconds/event", "hits in memory to resolved tracks: median (least–most)", _seconds),
    Column("buckets", "how many", lambda row: _number(row, "n_buckets", ",")),
    Column(
        "ms/bucket",
        "to seed, follow and resolve",
        lambda row: (
            "–" if row["seconds_per_bucket"] is None else f"{row['seconds_per_bucket'] * 1e3:,.3f}"
        ),
    ),
    _per_particle("n_seeds"),
    _per_particle("n_candidates"),
    Column("tracks", "how many were found", lambda row: _number(row, "n_tracks", ",")),
    Column("hits/track", "mean", lambda row: _number(row, "hits_on_track", ".2f")),
    Column("score", "TrackML score", _share("trackml_score")),
    Column(
        "efficiency",
        "of trackable particles, by double majority",
        _share("track_efficiency"),
    ),
    Column(
        "central",
        "the same of pT ≥ 1 GeV, |η| < 2.5, made within 30 mm of the beam line",
        _share("central_prompt_efficiency"),
    ),
    Column("fakes", "share of tracks that match no particle", _share("fake_share")),
    Column(
        "duplicates",
        "share of tracks whose particle has a better one",
        _share("duplicate_share"),
    ),
)

SHOWN = (
    *("chain", "way", "seed pT", "seconds/event", "buckets", "ms/bucket", "tracks", "score"),
    *("efficiency", "fakes"),
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
    rows = [chain_row(step, record) for step, record in measured]
    parts = [_introduction(measured), *(f"![{plot.stem}]({plot.name})\n" for plot in plots)]
    parts += ["## All\n", _table(rows), "\n## Seconds by stage\n", _stages(rows)]
    parts += ["\n## What it says\n", *_said(rows), "\n## Columns\n"]
    parts += [f"* **{column.heading}**: {column.meaning}" for column in COLUMNS]
    return "\n".join((*parts, ""))


def chain_row(step: Step, record: Record) -> Row:
    """Return a record as a row, with which way it is."""
    return row_of(record) | {
        "chain": step.way.chain,
        "way": step.way.way,
        "seed_pt": step.seed_pt,
    }


def _introduction(measured: Sequence[Measured]) -> str:
    record = measured[-1][1]
    counts = {row_of(one)["n_trackable"] for _, one in measured} - {None}
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


def _table(rows: Sequence[Row]) -> str:
    cells = ([column.text(row) for column in COLUMNS] for row in rows)
    return grid([column.heading for column in COLUMNS], cells)


def _stages(rows: Sequence[Row]) -> str:
    heads = ("chain", "way", "looks in", "seed pT", *STAGES, "score")
    timed = (row for row in rows if row["seconds_per_stage"])
    return grid(heads, ([*_name(row), *_stage_seconds(row)] for row in timed))


def _name(row: Row) -> tuple[str, ...]:
    return row["chain"], row["way"], looks_in(row), _number(row, "seed_pt", "g")


def _stage_seconds(row: Row) -> Iterator[str]:
    for stage in (*STAGES, "score"):
        seconds = row["seconds_per_stage"].get(stage)
        yield "–" if seconds is None else f"{seconds:.3g}"


def _said(rows: Sequence[Row]) -> Iterator[str]:
    """Yield a sentence for every way beside the full event of its chain and cut."""
    full = {
        (row["chain"], row["seed_pt"]): row
        for row in rows
        if row["index"] == "whole-event" and row["track_efficiency"]
    }
    for row in rows:
        other = full.get((row["chain"], row["seed_pt"]))
        if other and other is not row and row["track_efficiency"] is not None:
            yield _beside(row, other)


def _beside(row: Row, full: Row) -> str:
    lost = 1 - row["track_efficiency"] / full["track_efficiency"]
    cut = "" if row["seed_pt"] is None else f", seeds from {row['seed_pt']:g} GeV"
    ratio = full["seconds_per_event"] / row["seconds_per_event"]
    text = (
        f"* {row['chain']}, {row['way'][2:]} ({looks_in(row)}{cut}): {ratio:.3g} times as fast as "
        f"the full event, with {lost:.1%} of its efficiency lost"
    )
    seeding = [one["seconds_per_stage"].get("seed") for one in (full, row)]
    if all(seeding):
        text += f"; seeding alone {seeding[0] / seeding[1]:.3g} times as fast"
    return f"{text}."
