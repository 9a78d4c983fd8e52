"""`nearhit evaluate`: measure one cell."""

from pathlib import Path
from typing import Annotated

import typer

from nearhit.cells.cell import Cell
from nearhit.datasets.open_event import open_event
from nearhit.datasets.readers.plain_table import columns_from
from nearhit.measure.runner import Protocol, run_cells
from nearhit.measure.worker import Limits

from .options import (
    BucketsOption,
    ColumnsOption,
    DeviceOption,
    EventArgument,
    JsonOption,
    MemoryOption,
    MetricOption,
    MinHitsOption,
    MinPtOption,
    MinShareOption,
    QueriesOption,
    RepeatsOption,
    ResultsOption,
    SeedOption,
    ThreadsOption,
    TimeoutOption,
    TrackerOption,
    VolumesOption,
    default_index,
    device_from,
    queries_from,
    refuse_ignored,
    refuse_without_truth,
    trackable_from,
    volumes_from,
)
from .output import end_with, print_json, print_records, rows_of
from .report import broken_in


def command(  # noqa: PLR0913 - one argument per option
    context: typer.Context,
    event: EventArgument = "bundled",
    *,
    index: Annotated[
        str,
        typer.Option(
            "--index",
            metavar="SPEC",
            help="Such as 'annoy(ntrees=5)'; 'whole-event' for a tracker without buckets.",
        ),
    ] = "",
    metric: MetricOption = "angular",
    bucket_size: Annotated[int, typer.Option("--bucket-size", "-k", help="Hits per bucket.")] = 50,
    queries: QueriesOption = "all",
    tracker: TrackerOption = "",
    buckets: BucketsOption = "",
    volumes: VolumesOption = "",
    columns: ColumnsOption = "",
    min_pt: MinPtOption = 0.0,
    min_hits: MinHitsOption = 4,
    min_share: MinShareOption = "0.8",
    threads: ThreadsOption = None,
    device: DeviceOption = "",
    repeats: RepeatsOption = 3,
    seed: SeedOption = 0,
    results: ResultsOption = Path("results"),
    timeout: TimeoutOption = 600.0,
    memory_limit: MemoryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Measure one index, metric and bucket size on one event, optionally with a tracker.

    [bold]Examples[/bold]:

    nearhit evaluate bundled --index "annoy(ntrees=5)" --bucket-size 20

    nearhit evaluate bundled --tracker kalman

    nearhit evaluate bundled --index sphere-grid --tracker helix --buckets "cover + pointing"

    nearhit evaluate DIR/event000021000 --index hnswlib --volumes 7,8,9 --min-pt 1 --json
    """
    opened = open_event(event, volumes_from(volumes), columns_from(columns))
    cell = Cell.of(
        opened,
        index=index or default_index(tracker),
        metric=metric,
        bucket_size=bucket_size,
        queries=queries_from(queries),
        threads=threads,
        device=device_from(device),
        seed=seed,
        trackable=trackable_from(min_hits, min_pt, min_share),
        tracker=tracker,
        choices=buckets,
    )
    if cell.takes_whole_event:
        why = f"since {cell.tracker} takes the whole event: leave it out, or name an --index"
        refuse_ignored(context, "metric bucket_size queries device", why)
    refuse_without_truth(context, opened)
    broken = broken_in(results)
    protocol = Protocol(repeats, Limits(timeout, memory_limit))
    records = run_cells(opened, [cell], protocol=protocol)
    if as_json:
        print_json(rows_of(records, broken)[0])
    else:
        print_records(records, broken)
    end_with(records)
