"""A recommendation in words."""

from collections.abc import Iterator

from nearhit.cells.words import cell_in_words, trackable_in_words
from nearhit.records.row import Row
from nearhit.report.certificates import touching
from nearhit.report.pareto import error_of

from .choice import Choice
from .demands import Demands
from .recommend import Recommendation

_GAIN = {"particle_efficiency": "efficiency", "trackml_score": "TrackML score"}


def in_words(found: Recommendation) -> str:
    """Return the answer, the runner-up, the evidence and what was not measured, line by line."""
    return "\n".join(_lines(found))


def _lines(found: Recommendation) -> Iterator[str]:
    example = found.example
    yield (
        f"{example.cell.event} ({example.n_hits:,} hits) on {found.machine}; particles of "
        f"{trackable_in_words(found.demands.trackable)}."
    )
    for choice, doubts in zip(found.choices, found.doubts, strict=True):
        yield ""
        yield from _choice(choice, found.demands)
        yield from (f"  Mind: {doubt}" for doubt in doubts)
    yield "\nNot measured:"
    yield from (f"  {line}" for line in found.not_measured)


def _choice(choice: Choice, demands: Demands) -> Iterator[str]:
    gain = choice.question.gain
    if choice.best:
        yield f"Take {cell_in_words(choice.best.cell)}"
        yield from _evidence(choice.best, gain)
        if choice.runner_up:
            yield f"Runner-up: {cell_in_words(choice.runner_up.cell)}"
            yield from _evidence(choice.runner_up, gain)
        else:
            yield "Runner-up: none, nothing else meets the demands."
        yield f"  Of {len(choice.candidates)} records that were compared."
        return
    asked = [] if choice.question.least is None else [f"{_GAIN[gain]} ≥ {choice.question.least:g}"]
    asked += [f"≤ {demands.max_seconds:g} s per event"] if demands.max_seconds else []
    number = len(choice.candidates)
    yield f"No {choice.question.what} among {number} records has {' and '.join(asked)}."
    for miss in choice.misses:
        yield f"Nearest: {cell_in_words(miss.cell)}"
        yield from _evidence(miss, gain)


def _evidence(row: Row, gain: str) -> Iterator[str]:
    low, high = row.seconds_per_event_min, row.seconds_per_event_max
    passes = (
        "1 pass" if row.repetitions == 1 else f"{low:.3g}–{high:.3g} in {row.repetitions} passes"
    )
    yield (
        f"  {row.seconds_per_event:.3g} s per event ({passes}), {_GAIN[gain]} "
        f"{getattr(row, gain):.4f} ± {error_of(row, gain):.4f} of {row.n_trackable:,} particles"
    )
    broken = f"; breaks {', '.join(touching(row))}" if touching(row) else ""
    yield (
        f"  record {row.record.identity}, {row.record.provenance.package} {row.library_version}, "
        f"commit {row.commit}, {row.started[:16].replace('T', ' ')} UTC{broken}"
    )
