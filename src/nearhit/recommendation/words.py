"""A recommendation in words."""

from collections.abc import Iterator

from nearhit.plugins.spec import WHOLE_EVENT, selections_as_text
from nearhit.report.section import describe_trackable

from .choice import Candidate, Choice
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
        f"{describe_trackable(found.demands.trackable)}."
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
        yield f"Take {described(choice.best)}"
        yield from _evidence(choice.best, gain)
        if choice.runner_up:
            yield f"Runner-up: {described(choice.runner_up)}"
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
        yield f"Nearest: {described(miss)}"
        yield from _evidence(miss, gain)


def described(candidate: Candidate) -> str:
    """Return what to take in a few words."""
    cell = candidate.record.cell
    threads = f"{cell.threads} thread{'s' if cell.threads > 1 else ''}, {cell.device}"
    if cell.index == WHOLE_EVENT:
        return f"{cell.tracker} in the whole event; {threads}"
    queries = "" if cell.queries is None else f" around {cell.queries:,} hits"
    index = f"{cell.index}, {cell.metric}, buckets of {cell.bucket_size} hits{queries}"
    chosen = f" chosen by {selections_as_text(cell.choices)}" if cell.choices else ""
    return (
        f"{cell.tracker} in {index}{chosen}; {threads}" if cell.tracker else f"{index}; {threads}"
    )


def _evidence(candidate: Candidate, gain: str) -> Iterator[str]:
    row, provenance = candidate.row, candidate.record.provenance
    spread = f"{row['seconds_per_event_min']:.3g}–{row['seconds_per_event_max']:.3g}"
    passes = f"{row['repetitions']} pass{'es' if row['repetitions'] > 1 else ''}"
    yield (
        f"  {row['seconds_per_event']:.3g} s per event ({spread} in {passes}), "
        f"{_GAIN[gain]} {row[gain]:.4f} of {row['n_trackable']:,} particles"
    )
    broken = f"; breaks {', '.join(row['breaks'])}" if row["breaks"] else ""
    yield (
        f"  record {candidate.record.identity}, {provenance.package} {row['library_version']}, "
        f"commit {provenance.commit}, {provenance.started[:16].replace('T', ' ')} UTC{broken}"
    )
