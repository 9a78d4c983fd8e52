"""`nearhit run`: measure many cells and record each as it ends; resumable."""

from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from nearhit.cells.cell import Cell
from nearhit.cells.profiles import PROFILES
from nearhit.cells.suites import SUITES, axes_of, cells_by_event, profile_named
from nearhit.cells.words import cell_in_words
from nearhit.data.event import Event
from nearhit.datasets.open_event import open_event
from nearhit.datasets.readers.plain_table import columns_from
from nearhit.measure.runner import Protocol, run_cells
from nearhit.measure.sweep import now
from nearhit.measure.worker import Limits
from nearhit.plugins.adapter import Device
from nearhit.records.read import RECORDS
from nearhit.records.record import Record
from nearhit.records.store import Store

from .messages import if_interrupted, say_once, this_command
from .options import (
    ColumnsOption,
    DeviceOption,
    EventArgument,
    JsonOption,
    MemoryOption,
    MinHitsOption,
    MinPtOption,
    MinShareOption,
    ResultsOption,
    TimeoutOption,
    VolumesOption,
    device_from,
    refuse_ignored,
    refuse_without_truth,
    trackable_from,
    volumes_from,
)
from .output import end_with, print_json, print_line, print_records, rows_of
from .report import broken_in

SuiteOption = Annotated[
    list[str], typer.Option("--suite", help=f"One of {', '.join(SUITES)}; repeatable.")
]
ProfileOption = Annotated[str, typer.Option("--profile", help=f"One of {', '.join(PROFILES)}.")]
IndexOption = Annotated[
    list[str] | None,
    typer.Option(
        "--index", metavar="SPEC", help="Index to measure instead of a suite; repeatable."
    ),
]
MetricsOption = Annotated[list[str], typer.Option("--metric", help="With --index; repeatable.")]
SizesOption = Annotated[
    list[int], typer.Option("--bucket-size", "-k", help="With --index; repeatable.")
]
ThreadsOption = Annotated[
    list[int] | None, typer.Option("--threads", help="With --index; repeatable; by default all.")
]


def command(  # noqa: PLR0913 - one argument per option
    context: typer.Context,
    event: EventArgument = "bundled",
    *,
    suite: SuiteOption = ["bucketing"],  # noqa: B006 - typer copies it
    profile: ProfileOption = "quick",
    index: IndexOption = None,
    metric: MetricsOption = ["angular"],  # noqa: B006 - as above
    bucket_size: SizesOption = [50],  # noqa: B006 - as above
    threads: ThreadsOption = None,
    device: DeviceOption = "",
    volumes: VolumesOption = "",
    columns: ColumnsOption = "",
    min_pt: MinPtOption = 0.0,
    min_hits: MinHitsOption = 4,
    min_share: MinShareOption = "0.8",
    results: ResultsOption = Path("results"),
    again: Annotated[bool, typer.Option("--again", help="Measure recorded cells again.")] = False,
    repeats: Annotated[
        int | None,
        typer.Option("--repeats", min=1, max=10_000, help="Warm passes; the profile's by default."),
    ] = None,
    timeout: TimeoutOption = 600.0,
    memory_limit: MemoryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Measure a suite, or all combinations of the given options, and record each cell.

    The suite pile-up simulates its own events.

    Cells already recorded with the same code, versions and machine are not measured again.

    [bold]Examples[/bold]:

    nearhit run --suite bucketing --profile quick

    nearhit run DIR/event000021000 --index annoy --index "hnswlib(M=6)" -k 20 -k 50
    """
    _refuse_ignored(context, suite, profile, index, repeats)
    opened = open_event(event, volumes_from(volumes), columns_from(columns))
    refuse_without_truth(context, opened)
    if index:
        combinations = _combinations(
            opened, index, metric, bucket_size, threads or [None], device_from(device)
        )
        measured = iter([(opened, combinations)])
    else:
        measured = chain.from_iterable(cells_by_event(name, profile, opened) for name in suite)
    broken = broken_in(results)
    repetitions, limits = (
        repeats or profile_named(profile).repetitions,
        Limits(timeout, memory_limit),
    )
    protocol = Protocol(repetitions, limits, again=again, since=now())
    store = Store(results / RECORDS, unreadable=say_once, waiting=say_once)
    trackable = trackable_from(min_hits, min_pt, min_share)
    records = [
        record
        for one, cells in measured
        for record in run_and_tell(
            one, [replace(cell, trackable=trackable) for cell in cells], store, protocol
        )
    ]
    if as_json:
        print_json(rows_of(records, broken))
    else:
        print_records(records, broken)
    end_with(records)


def _refuse_ignored(
    context: typer.Context,
    suites: list[str],
    profile: str,
    index: list[str] | None,
    repeats: int | None,
) -> None:
    """Refuse options that change nothing beside the others."""
    if index:
        refuse_ignored(context, "suite", "beside --index: leave one out")
        ignored = "profile" if repeats else ""
        refuse_ignored(context, ignored, "beside --index and --repeats: leave it out")
        return
    without = "without --index, since a suite brings its own: name an --index, or leave it out"
    refuse_ignored(context, "metric bucket_size threads device", without)
    if all("event" in axes_of(name, profile) for name in suites):
        why = f"since the events of {', '.join(suites)} are simulated: leave it out"
        refuse_ignored(context, "event volumes columns", why)


def _combinations(  # noqa: PLR0913, PLR0917 - the axes
    event: Event,
    indexes: list[str],
    metrics: list[str],
    sizes: list[int],
    threads: list[int] | list[None],
    device: Device | None,
) -> list[Cell]:
    return [
        Cell.of(event, index=index, metric=metric, bucket_size=size, threads=count, device=device)
        for index in indexes
        for metric in metrics
        for size in sizes
        for count in threads
    ]


def run_and_tell(event: Event, cells: list[Cell], store: Store, protocol: Protocol) -> list[Record]:
    """Measure cells with a line for each and a progress bar on standard error."""
    console = Console(stderr=True)
    # Without a terminal, the bar would leave an empty line behind.
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("measuring", total=len(set(cells)))
        done: dict[Cell, float] = {}
        recorded: list[Record] = []

        def kept() -> str:
            return (
                f"{len(recorded)} of {len(set(cells))} cells of {event.name} are recorded in "
                f"{store.folder}; to go on, run it again: {this_command()}"
            )

        def notice(record: Record) -> None:
            recorded.append(record)
            line = f"{cell_in_words(record.cell)}: {record.status}"
            print_line(progress.console, line)
            tell(record.cell, protocol.repetitions)

        def tell(cell: Cell, number: int) -> None:
            done[cell] = number / protocol.repetitions
            about = f"measuring, round {number} of {protocol.repetitions}"
            progress.update(task, completed=sum(done.values()), description=about)

        with if_interrupted(kept):
            return run_cells(event, cells, store, protocol, notice, tell)
