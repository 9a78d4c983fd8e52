"""The record that answers a question: the best of those that meet the demands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf
from operator import attrgetter

from nearhit.records.record import Record
from nearhit.records.row import Row, row_of
from nearhit.report.certificates import Broken, with_broken
from nearhit.report.pareto import tie

from .demands import Demands, Question

_SECONDS = attrgetter("seconds_per_event")


@dataclass(frozen=True, eq=False)
class Choice:
    """The answer to one question.

    Attributes:
        question: what was asked.
        best: what meets the demands best; None where nothing does.
        runner_up: the best that does of another library, or tracker; None where there is none.
        misses: where nothing does, what gains most in time, and the fastest that gains enough.
        candidates: all rows that were compared, fastest first.
    """

    question: Question
    best: Row | None
    runner_up: Row | None
    misses: tuple[Row, ...]
    candidates: tuple[Row, ...]


def candidates_of(
    question: Question, records: Iterable[Record], demands: Demands, broken: Broken
) -> list[Row]:
    """Return the newest whole measurement of every cell that a question may take, fastest first.

    Args:
        question: about indexes or pipelines.
        records: of one event on one machine.
        demands: which threads, and which particles count.
        broken: clauses that libraries break, from `broken_by_library`.
    """
    ordered = sorted(records, key=lambda one: one.provenance.started)
    newest = {record.cell: with_broken(row_of(record), broken) for record in ordered}
    fitting = [row for row in newest.values() if _may_answer(question, row, demands)]
    return sorted(fitting, key=lambda row: (_SECONDS(row), -question.gained(row)))


def choose(question: Question, candidates: Sequence[Row], demands: Demands) -> Choice:
    """Return the best candidate that meets the demands, and the best of another kind.

    Best is the fastest; where only time is limited, the one that gains most, and of those that tie
    with it the fastest.

    Args:
        question: what is asked for.
        candidates: fastest first.
        demands: how long it may take.
    """
    most, least = demands.max_seconds or inf, question.least or 0.0
    good = [row for row in candidates if question.gained(row) >= least]
    in_time = [row for row in candidates if _SECONDS(row) <= most]
    gaining = _most_first(question, in_time)
    meeting = [row for row in good if row in in_time] if question.least is not None else gaining
    if not meeting:
        nearest = dict.fromkeys((*gaining[:1], *good[:1]))
        return Choice(question, None, None, tuple(nearest), tuple(candidates))
    best = meeting[0]
    others = [row for row in meeting[1:] if _kind(row) != _kind(best)] or meeting[1:]
    return Choice(question, best, others[0] if others else None, (), tuple(candidates))


def _most_first(question: Question, rows: Sequence[Row]) -> list[Row]:
    """Return rows by what they gain, but those that tie with the most by time, as they come."""
    ordered = sorted(rows, key=question.gained, reverse=True)
    tied = [row for row in rows if tie(row, ordered[0], question.gain)]
    return tied + [row for row in ordered if row not in tied]


def _kind(row: Row) -> tuple[str, str | None]:
    return row.library, row.tracker_name


def _may_answer(question: Question, row: Row, demands: Demands) -> bool:
    if row.status != "ok" or row.cell.trackable != demands.trackable:
        return False
    if demands.threads not in {None, row.threads} or row.batch is not None:
        return False
    if getattr(row, question.gain) is None:
        return False
    if question.what == "index":
        return row.tracker is None and not row.choices and row.n_queries == row.n_hits
    return row.tracker is not None and not row.reads_truth
