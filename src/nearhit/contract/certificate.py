"""Certificates: the outcome of every clause of the contract for one index on one machine."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Self

from nearhit.cells.status import Status
from nearhit.data.event import Event
from nearhit.measure.runner import provenance_of_library
from nearhit.measure.worker import Limits, Worker
from nearhit.plugins.adapter import Distance
from nearhit.plugins.registry import metric_named
from nearhit.plugins.spec import IndexSpec
from nearhit.records.checksum import FORMAT, json_with_checksum, parsed_json
from nearhit.records.record import Provenance

from . import CLAUSES, Clause, Subject


@dataclass(frozen=True)
class Certificate:
    """The outcome of each clause for one index.

    Attributes:
        index: the configured library.
        distance: the base distance that was searched.
        threads: number of threads that the library was allowed.
        event: name of the real event.
        event_digest: digest of its content.
        clauses: status of each clause by name: `ok`, optionally with an observation; `skipped` if
            the index refuses with a reason or the machine is too busy to tell; `failed` if the
            index breaks the clause; `timeout`.
        provenance: commit, versions, machine and time.
    """

    index: IndexSpec
    distance: Distance
    threads: int
    event: str
    event_digest: str
    clauses: dict[str, Status]
    provenance: Provenance
    format: int = field(default=FORMAT)

    @property
    def broken(self) -> tuple[str, ...]:
        """Names of the clauses that the index breaks or does not finish in time."""
        return tuple(
            name for name, one in self.clauses.items() if one.outcome in {"failed", "timeout"}
        )

    def to_json(self) -> str:
        """Return the certificate as one line of strict JSON."""
        return json_with_checksum(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Parse the output of `to_json`.

        Raises:
            NewerError: a newer nearhit wrote it.
            ValueError, KeyError, TypeError: it is not a certificate, or was changed since.
        """
        raw = parsed_json(text)
        read = {
            "index": IndexSpec.from_raw(raw["index"]),
            "clauses": {name: Status(**one) for name, one in raw["clauses"].items()},
            "provenance": Provenance.from_raw(raw["provenance"]),
        }
        return cls(**raw | read)


def certify(  # noqa: PLR0913, PLR0917 - one argument for each thing that users choose
    spec: IndexSpec,
    distance: Distance,
    event: Event,
    threads: int,
    limits: Limits,
    clauses: Sequence[Clause] = tuple(CLAUSES.values()),
    notice: Callable[[Clause, Status], None] = lambda _clause, _status: None,
) -> Certificate:
    """Check an index against clauses of the contract, in processes of its own.

    Args:
        spec: the configured library.
        distance: the base distance to search.
        event: a real event, of which only the directions of the hits are used.
        threads: number of threads that the library may use.
        limits: time and memory limits of one clause.
        clauses: the clauses to check.
        notice: called with each clause and its status as it ends.
    """
    provenance = provenance_of_library(spec.name)
    directions = metric_named("angular").project(event)
    subject = Subject(spec, distance, threads, directions)
    found: dict[str, Status] = {}
    for one_thread in (False, True):
        chosen = [clause for clause in clauses if clause.one_thread is one_thread]
        checked = replace(subject, threads=1) if one_thread else subject
        for clause, status in _statuses(chosen, checked, limits):
            found[clause.name] = status
            notice(clause, status)
    ordered = {clause.name: found[clause.name] for clause in clauses}
    return Certificate(spec, distance, threads, event.name, event.digest, ordered, provenance)


def _statuses(
    clauses: Sequence[Clause], subject: Subject, limits: Limits
) -> Iterator[tuple[Clause, Status]]:
    if not clauses:
        return
    with Worker(subject.threads, limits) as worker:
        for clause in clauses:
            yield clause, worker.call(_status_of, clause.name, subject)


def _status_of(name: str, subject: Subject) -> Status:
    return CLAUSES[name].status(subject)
