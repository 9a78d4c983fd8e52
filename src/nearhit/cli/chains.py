"""`nearhit chains`: full event, tracking inside buckets, seeding in buckets, side by side."""

from pathlib import Path
from typing import Annotated

import typer

from nearhit.cells.chains import Step, steps
from nearhit.datasets.open_event import open_event
from nearhit.datasets.readers.plain_table import columns_from
from nearhit.errors import BadInputError
from nearhit.measure.runner import Protocol
from nearhit.measure.worker import Limits
from nearhit.records import atomic_writes
from nearhit.records.read import RECORDS
from nearhit.records.record import Record
from nearhit.records.row import row_of
from nearhit.records.store import Store

from .messages import say_once
from .options import (
    ColumnsOption,
    EventArgument,
    JsonOption,
    MemoryOption,
    MetricOption,
    QueriesOption,
    RepeatsOption,
    ResultsOption,
    ThreadsOption,
    VolumesOption,
    queries_from,
    volumes_from,
)
from .output import end_with, print_json, print_table
from .run import run_and_tell

PAGE = "README.md"


def command(  # noqa: PLR0913 - one argument an option
    event: EventArgument = "bundled",
    *,
    index: Annotated[
        str, typer.Option("--index", metavar="SPEC", help="What finds the buckets.")
    ] = "sphere-grid",
    metric: MetricOption = "angular",
    bucket_size: Annotated[
        list[int], typer.Option("--bucket-size", "-k", help="Hits a bucket; repeatable.")
    ] = [50],  # noqa: B006 - typer copies it
    seed_pt: Annotated[
        list[float],
        typer.Option("--seed-pt", metavar="GEV", help="Cut on ACTS' seeds; repeatable."),
    ] = [0.9, 0.4],  # noqa: B006 - as above
    queries: QueriesOption = "all",
    threads: ThreadsOption = None,
    volumes: VolumesOption = "",
    columns: ColumnsOption = "",
    results: ResultsOption = Path("results"),
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder of the page; chains/EVENT in that of results if none."),
    ] = None,
    repeats: RepeatsOption = 1,
    timeout: Annotated[
        float, typer.Option("--timeout", min=0.001, help="Seconds that one cell may take.")
    ] = 1800.0,
    memory_limit: MemoryOption = None,
    as_json: JsonOption = False,
) -> None:
    r"""Compare three ways to use buckets: not at all, for all of tracking, for seeding alone.

    ACTS' own chain (`pip install -e '.\[simulate]'`) and nearhit's are measured, recorded, and put
    on one page with plots. What is recorded already is not measured again. All buckets of an event
    of 100,000 hits take ACTS minutes: --queries 5000 asks fewer.

    [bold]Examples[/bold]:

    nearhit chains bundled

    nearhit chains ttbar-mu60 --queries 5000 -k 50 -k 70 --seed-pt 0.4
    """
    opened = open_event(event, volumes_from(volumes), columns_from(columns))
    every = list(
        steps(
            opened,
            index=index,
            metric=metric,
            bucket_sizes=bucket_size,
            seed_pts=seed_pt,
            queries=queries_from(queries),
            threads=threads,
        )
    )
    protocol = Protocol(repeats, Limits(timeout, memory_limit))
    store = Store(results / RECORDS, unreadable=say_once, waiting=say_once)
    records = run_and_tell(opened, [step.cell for step in every], store, protocol)
    measured = list(zip(every, records, strict=True))
    name = "".join(letter if letter.isalnum() else "-" for letter in opened.name).strip("-")
    _show(measured, _write(measured, out or results / "chains" / name), as_json=as_json)
    end_with(records)


def _write(measured: list[tuple[Step, Record]], folder: Path) -> Path:
    from nearhit.report.chain_plots import chain_charts  # noqa: PLC0415 - slow to load
    from nearhit.report.chains import chains_page  # noqa: PLC0415 - as above
    from nearhit.report.drawing import save_charts  # noqa: PLC0415 - as above

    try:
        folder.mkdir(parents=True, exist_ok=True)
        plots = save_charts(chain_charts(measured), folder)
        atomic_writes.replace(folder / PAGE, chains_page(measured, plots))
    except OSError as error:
        raise BadInputError(
            f"{folder} cannot be written ({error.strerror}): choose another with --out."
        ) from error
    return folder / PAGE


def _show(measured: list[tuple[Step, Record]], page: Path, *, as_json: bool) -> None:
    from nearhit.report.chains import SHOWN, chain_cells, chain_json  # noqa: PLC0415 - as above

    if as_json:
        print_json([chain_json(*one) for one in measured])
        return
    heads, rows = chain_cells([(step, row_of(record)) for step, record in measured])
    shown = [place for place, head in enumerate(heads) if head in SHOWN]
    table = [[row[place] for place in shown] for row in rows]
    print_table("Three ways", [heads[place] for place in shown], table)
    typer.echo(f"Page: {page}")
