"""Which record answers a question: the best of those that meet the demands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf

from nearhit.records.record import Record
from nearhit.records.row import Row, reads_truth, row_of
from nearhit.report.certificates import Broken, library_key, with_broken

from .demands import Demands, Question


@dataclass(frozen=True, eq=False)
class Candidate:
    """One record that may answer.

    Attributes:
        record: it.
        row: the same, with the clauses that its library breaks.
        certified: whether its library has a certificate on its machine.
    """

    record: Record
    row: Row
    certified: bool

    @property
    def seconds(self) -> float:
        """Median seconds per event."""
        return self.row.seconds_per_event or inf

    @property
    def range(self) -> tuple[float, float]:
        """Least and most of the passes."""
        return self.row.seconds_per_event_min or inf, self.row.seconds_per_event_max or inf

    def gain(self, question: Question) -> float:
        """Return the figure that a question asks for."""
        return float(getattr(self.row, question.gain))

    @property
    def kind(self) -> tuple[str, str]:
        """What a runner-up differs in: the library, and the tracker if there is one."""
        tracker = self.record.cell.tracker
        return self.record.cell.index.name, tracker.name if tracker else ""


@dataclass(frozen=True, eq=False)
class Choice:
    """The answer to one question.

    Attributes:
        question: what was asked.
        best: what meets the demands best; None where nothing does.
        runner_up: the best of another kind that does; None where there is none.
        misses: where nothing does, what gains most in time, and the fastest that gains enough.
        candidates: all records that were compared, fastest first.
    """

    question: Question
    best: Candidate | None
    runner_up: Candidate | None
    misses: tuple[Candidate, ...]
    candidates: tuple[Candidate, ...]


def candidates_of(
    question: Question, records: Iterable[Record], demands: Demands, broken: Broken
) -> list[Candidate]:
    """Return the newest whole measurement of every cell that a question may take, fastest first.

    Args:
        question: about indexes or roads.
        records: of one event on one machine.
        demands: which threads, and which particles count.
        broken: clauses that libraries break, from `broken_by_library`.
    """
    newest: dict[object, Record] = {}
    for record in sorted(records, key=lambda one: one.provenance.started):
        newest[record.cell] = record
    fitting = (one for one in newest.values() if _may_answer(question, one, demands))
    found = [_candidate(record, broken) for record in fitting]
    judged = [one for one in found if getattr(one.row, question.gain) is not None]
    return sorted(judged, key=lambda one: (one.seconds, -one.gain(question)))


def choose(question: Question, candidates: Sequence[Candidate], demands: Demands) -> Choice:
    """Return the best candidate that meets the demands, and the best of another kind.

    Best is the fastest; where only time is limited, the one that gains most.

    Args:
        question: what is asked for.
        candidates: fastest first.
        demands: how long it may take.
    """
    most, least = demands.max_seconds or inf, question.least or 0.0
    good = [one for one in candidates if one.gain(question) >= least]
    in_time = [one for one in candidates if one.seconds <= most]
    gaining = sorted(in_time, key=lambda one: -one.gain(question))
    meeting = [one for one in good if one in in_time] if question.least is not None else gaining
    if not meeting:
        nearest = dict.fromkeys((*gaining[:1], *good[:1]))
        return Choice(question, None, None, tuple(nearest), tuple(candidates))
    best = meeting[0]
    others = [one for one in meeting[1:] if one.kind != best.kind] or meeting[1:]
    return Choice(question, best, others[0] if others else None, (), tuple(candidates))


def _may_answer(question: Question, record: Record, demands: Demands) -> bool:
    cell = record.cell
    if record.status.outcome != "ok" or cell.trackable != demands.trackable:
        return False
    if demands.threads not in {None, cell.threads} or cell.batch is not None:
        return False
    if question.what == "index":
        return cell.tracker is None and not cell.choices and record.n_queries == record.n_hits
    return cell.tracker is not None and not reads_truth(cell.tracker)


def _candidate(record: Record, broken: Broken) -> Candidate:
    row = row_of(record)
    return Candidate(record, with_broken(row, broken), library_key(row) in broken)
