"""From records and demands to a recommendation."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from nearhit.contract.certificate import Certificate
from nearhit.errors import BadInputError
from nearhit.records.record import Record
from nearhit.records.row import Row
from nearhit.records.select import AskedEvent, chosen_machine
from nearhit.report.certificates import Broken, broken_by_library, library_key, newest_certificates

from .caution import cautions, not_measured
from .choice import Choice, candidates_of, choose
from .demands import Demands


@dataclass(frozen=True, eq=False)
class Recommendation:
    """What to take, and how far that can be trusted.

    Attributes:
        asked: the event.
        machine: whose records answer.
        demands: what was asked for.
        choices: an index, a pipeline, or both.
        doubts: what is doubtful of each answer, in the order of the choices.
        not_measured: what the records do not say.
        example: any record of the event.
        broken: clauses that libraries break, by machine, library, version and distance.
    """

    asked: AskedEvent
    machine: str
    demands: Demands
    choices: tuple[Choice, ...]
    doubts: tuple[tuple[str, ...], ...]
    not_measured: tuple[str, ...]
    example: Record
    broken: Broken

    @property
    def met(self) -> bool:
        """Whether every question has an answer."""
        return all(choice.best for choice in self.choices)


def recommend(
    records: Iterable[Record],
    certificates: Iterable[Certificate],
    asked: AskedEvent,
    demands: Demands,
    machine: str = "",
) -> Recommendation:
    """Choose from records alone; nothing is measured.

    Args:
        records: of any events and machines.
        certificates: of any libraries.
        asked: the event.
        demands: what the answer must meet.
        machine: whose records; empty for this one, or that of the newest record of the event.

    Raises:
        BadInputError: there are no records of the event, or none of the machine.
    """
    held = list(records)
    of_event = _of_event(held, asked)
    name = chosen_machine(of_event, machine)
    here = [one for one in of_event if one.provenance.machine.name == name]
    broken = broken_by_library(newest_certificates(certificates))
    choices = tuple(
        choose(question, candidates_of(question, here, demands, broken), demands)
        for question in demands.questions
    )
    return Recommendation(
        asked=asked,
        machine=name,
        demands=demands,
        choices=choices,
        doubts=tuple(tuple(cautions(choice, demands, broken)) for choice in choices),
        not_measured=tuple(not_measured(held, here, asked, demands, choices)),
        example=here[0],
        broken=broken,
    )


def _of_event(records: Sequence[Record], asked: AskedEvent) -> list[Record]:
    """Return the records of one event; of several with one name that with the newest record."""
    named = [one for one in records if one in asked]
    if not named:
        events = ", ".join(sorted({one.cell.event for one in records})) or "none"
        raise BadInputError(
            f"There are no records of {asked.name}: measure some with 'nearhit run "
            f"{asked.source}'. Events with records: {events}."
        )
    newest = max(named, key=lambda one: one.provenance.started)
    return [one for one in named if one.cell.event_digest == newest.cell.event_digest]


def in_json(found: Recommendation) -> dict[str, Any]:
    """Return a recommendation for programs."""
    demands, example = found.demands, found.example
    return {
        "met": found.met,
        "event": example.cell.event,
        "event_digest": example.cell.event_digest,
        "event_origin": example.event_origin,
        "n_hits": example.n_hits,
        "machine": found.machine,
        "demands": {
            "min_efficiency": demands.min_efficiency,
            "max_seconds": demands.max_seconds,
            "min_score": demands.min_score,
            "threads": demands.threads,
            "min_hits": demands.trackable.min_hits,
            "min_pt": demands.trackable.min_pt,
            "min_share": float(demands.trackable.min_share),
        },
        "answers": [
            {
                "what": choice.question.what,
                "gain": choice.question.gain,
                "best": _evidence(choice.best, found.broken),
                "runner_up": _evidence(choice.runner_up, found.broken),
                "misses": [_evidence(one, found.broken) for one in choice.misses],
                "compared": len(choice.candidates),
                "doubts": list(doubts),
            }
            for choice, doubts in zip(found.choices, found.doubts, strict=True)
        ],
        "not_measured": list(found.not_measured),
    }


_KEYS = (
    "record", "index", "tracker", "choices", "metric", "bucket_size", "threads", "device",
    "seconds_per_event", "seconds_per_event_min", "seconds_per_event_max", "repetitions",
    "particle_efficiency", "bucket_purity", "recall", "trackml_score", "track_efficiency",
    "fake_share", "n_trackable", "peak_memory_mb", "library_version", "machine", "commit", "event",
    "event_digest", "started", "load", "breaks",
)  # fmt: skip


def _evidence(row: Row | None, broken: Broken) -> dict[str, Any] | None:
    """Return a row with what says that it is so."""
    if row is None:
        return None
    held = row.to_json()
    return {key: held[key] for key in _KEYS} | {"certified": library_key(row) in broken}
