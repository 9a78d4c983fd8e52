"""`nearhit reproduce`: published figures beside the same measured again."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from nearhit.data.event import Event
from nearhit.datasets.open_event import open_event
from nearhit.errors import BadInputError
from nearhit.machine.hardware import this_machine
from nearhit.measure.worker import Limits
from nearhit.records.read import RECORDS
from nearhit.records.select import AskedEvent
from nearhit.records.store import Store

from .options import (
    EventArgument,
    JsonOption,
    MachineOption,
    MemoryOption,
    TimeoutOption,
    VolumesOption,
    volumes_from,
)
from .output import print_json, print_line, print_table
from .report import ResultsOption, say_once

if TYPE_CHECKING:
    from nearhit.reproduction import Evidence, PublishedFigure

NAME = "reproduce"
FAILED = 1


def command(  # noqa: PLR0913 - one argument an option
    event: EventArgument = "bundled",
    *,
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="FIGURE", help="Repeatable; all if none.")
    ] = None,
    measure: Annotated[
        bool, typer.Option("--measure", help="Measure the cells that have no record, and record.")
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="With --measure: those that have one, too.")
    ] = False,
    volumes: VolumesOption = "",
    machine: MachineOption = "",
    results: ResultsOption = Path("results"),
    out: Annotated[
        Path | None, typer.Option("--out", help="Where to write; RESULTS/reproduction by default.")
    ] = None,
    timeout: TimeoutOption = 600.0,
    memory_limit: MemoryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Draw every published figure again from records, beside what is published.

    Without --measure nothing is measured: lines without a record say how to. Figures whose
    conditions need an event of their own have it simulated.

    [bold]Examples[/bold]:

    nearhit reproduce

    nearhit reproduce --measure --only leading-size --only ceilings
    """
    from nearhit.reproduction import (  # noqa: PLC0415 - they load pandas and matplotlib
        HEADS,
        in_json,
        look_up,
        summary,
        write_page,
    )

    chosen, kept = _chosen(only or []), volumes_from(volumes)
    store = Store(results / RECORDS, unreadable=say_once, waiting=say_once)
    problems: list[str] = []
    if measure:
        _check_machine(machine)
        limits = Limits(timeout, memory_limit)
        problems = _measure(chosen, open_event(event, kept), store, limits, again=again)
        machine = this_machine().name
    evidence = _evidence(event, kept, store, machine)
    found = [look_up(figure, evidence) for figure in chosen]
    page = write_page(found, evidence, out or results / "reproduction")
    if as_json:
        print_json(in_json(found, evidence))
    else:
        print_table(f"On {evidence.machine}", HEADS, summary(found))
        typer.echo(f"Page: {page}")
    for problem in problems:
        typer.echo(f"Not measured: {problem}", err=True)
    if problems:
        raise typer.Exit(FAILED)


def _chosen(names: list[str]) -> "list[PublishedFigure]":
    from nearhit.reproduction import FIGURES  # noqa: PLC0415 - as above

    for name in names:
        if name not in FIGURES:
            raise BadInputError(f"There is no figure {name!r}; write one of {', '.join(FIGURES)}.")
    return [figure for name, figure in FIGURES.items() if not names or name in names]


def _check_machine(machine: str) -> None:
    if machine not in {"", this_machine().name}:
        raise BadInputError(
            f"--measure measures here, on {this_machine().name}, not on {machine}: leave one out."
        )


def _evidence(source: str, volumes: tuple[int, ...], store: Store, machine: str) -> "Evidence":
    from nearhit.reproduction import Evidence  # noqa: PLC0415 - as above

    records = list(store)
    if not records:
        raise BadInputError(f"{store.folder} holds no records: measure some with --measure.")
    asked = AskedEvent.read(source, volumes, (record.cell.event for record in records))
    return Evidence.of(records, asked, machine)


def _measure(
    figures: "list[PublishedFigure]", event: Event, store: Store, limits: Limits, *, again: bool
) -> list[str]:
    """Measure what figures lack on this machine; return what could not be, a sentence each."""
    from nearhit.reproduction import Evidence, measure_cells, missing_cells  # noqa: PLC0415 - as above

    console, here = Console(stderr=True), this_machine().name
    asked = AskedEvent(event.name, event.name, event.digest)
    held = tuple(record for record in store if record.provenance.machine.name == here)
    wanted = missing_cells(figures, Evidence(held, asked, here), again=again)

    def notice(line: str) -> None:
        print_line(console, line)

    return measure_cells(wanted, event, store, limits, notice)
