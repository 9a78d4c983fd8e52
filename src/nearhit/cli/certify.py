"""`nearhit certify`: check libraries against the clauses of the contract."""

import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from nearhit.cells.status import Status
from nearhit.contract import CLAUSES, Clause
from nearhit.contract.certificate import Certificate, certify
from nearhit.datasets.open_event import open_event
from nearhit.datasets.readers.plain_table import columns_from
from nearhit.errors import SkippedError, unknown
from nearhit.index.index import check_available
from nearhit.machine.hardware import checked_threads
from nearhit.measure.worker import Limits
from nearhit.plugins.adapter import Distance
from nearhit.plugins.registry import adapters, metric_named
from nearhit.plugins.spec import IndexSpec
from nearhit.records.store import Store
from nearhit.report import certificate_grid

from .messages import if_interrupted
from .options import (
    ColumnsOption,
    JsonOption,
    MemoryOption,
    ResultsOption,
    ThreadsOption,
    TimeoutOption,
    VolumesOption,
    refuse_ignored,
    volumes_from,
)
from .output import print_json, print_line, print_table
from .report import CERTIFICATES

BROKEN = 1

SpecArgument = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[SPEC]...", help="Such as 'annoy(ntrees=5)'; by default all installed libraries."
    ),
]


def command(  # noqa: PLR0913 - one argument per option
    context: typer.Context,
    specs: SpecArgument = None,
    *,
    event: Annotated[
        str,
        typer.Option("--event", help="Event for clauses on real data, as in 'nearhit run'."),
    ] = "bundled",
    metric: Annotated[
        str, typer.Option("--metric", help="Metric that determines the distance of each library.")
    ] = "angular",
    every_distance: Annotated[
        bool, typer.Option("--every-distance", help="Check all distances that a library supports.")
    ] = False,
    clause: Annotated[
        list[str] | None, typer.Option("--clause", help="Check only this clause; repeatable.")
    ] = None,
    threads: ThreadsOption = None,
    volumes: VolumesOption = "",
    columns: ColumnsOption = "",
    results: ResultsOption = Path("results"),
    timeout: TimeoutOption = 300.0,
    memory_limit: MemoryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check libraries against the contract on real and hostile input, and record certificates.

    The exit code is 1 if a library breaks a clause.

    [bold]Examples[/bold]:

    nearhit certify

    nearhit certify "annoy(ntrees=5)" hnswlib --clause "read-only" --clause ties --json
    """
    if every_distance:
        refuse_ignored(context, "metric", "beside --every-distance: leave one out")
    chosen = _clauses(clause or [])
    subjects = list(_subjects(specs or [], metric, every=every_distance))
    count, limits = checked_threads(threads), Limits(timeout, memory_limit)
    opened = open_event(event, volumes_from(volumes), columns_from(columns))
    store = Store(results / CERTIFICATES, Certificate)
    certificates: list[Certificate] = []

    def kept() -> str:
        left = shlex.join(dict.fromkeys(str(spec) for spec, _ in subjects[len(certificates) :]))
        return (
            f"{len(certificates)} of {len(subjects)} certificates are in {store.folder}; to go on, "
            f"give the same options and these libraries: nearhit certify {left}"
        )

    with if_interrupted(kept):
        for spec, distance in subjects:
            notice = _progress_of(f"{spec} {distance}")
            certificate = certify(spec, distance, opened, count, limits, chosen, notice)
            store.add(certificate)
            certificates.append(certificate)
    _show(certificates, as_json=as_json)
    if any(certificate.broken for certificate in certificates):
        raise typer.Exit(BROKEN)


def _clauses(names: list[str]) -> list[Clause]:
    for name in names:
        if name not in CLAUSES:
            raise unknown("clause", name, CLAUSES)
    return [one for one in CLAUSES.values() if not names or one.name in names]


def _subjects(
    texts: list[str], metric: str, *, every: bool
) -> Iterator[tuple[IndexSpec, Distance]]:
    """Yield each index with each of its distances: the named ones, or all that are installed.

    Raises:
        BadInputError, SkippedError: a named index is not available.
    """
    for spec in map(IndexSpec.parse, texts or adapters()):
        try:
            yield from ((spec, distance) for distance in _distances(spec, metric, every=every))
        except SkippedError:
            if texts:
                raise


def _distances(spec: IndexSpec, metric: str, *, every: bool) -> list[Distance]:
    adapter = adapters()[spec.name]
    distances = list(adapter.distances) if every else [metric_named(metric).distance_in(adapter)]
    for distance in distances:
        check_available(spec, distance, adapter.devices[0])
    return distances


def _progress_of(subject: str) -> Callable[[Clause, Status], None]:
    console = Console(stderr=True)

    def report(clause: Clause, status: Status) -> None:
        print_line(console, f"{subject}, {clause.name}: {status}")

    return report


def _show(certificates: list[Certificate], *, as_json: bool) -> None:
    if as_json:
        print_json(
            [
                {
                    "index": str(one.index),
                    "distance": one.distance,
                    "threads": one.threads,
                    "event": one.event,
                    "library_version": one.provenance.versions[one.provenance.package],
                    "broken": one.broken,
                    "clauses": {
                        name: {"outcome": status.outcome, "reason": status.reason}
                        for name, status in one.clauses.items()
                    },
                }
                for one in certificates
            ]
        )
        return
    grid = certificate_grid(certificates[0].provenance.machine.name, certificates)
    print_table("Certificate", grid.heads, grid.rows)
    for one in certificates:
        for name in one.broken:
            typer.echo(f"{one.index}, {one.distance}: {name}: {one.clauses[name].reason}")
