"""`nearhit reproduce`: published figures beside the same measured again."""

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from nearhit.data.event import Event
from nearhit.datasets.open_event import open_event
from nearhit.errors import BadInputError, unknown
from nearhit.machine.hardware import this_machine
from nearhit.measure.worker import Limits
from nearhit.records.read import RECORDS
from nearhit.records.record import Record
from nearhit.records.select import AskedEvent
from nearhit.records.store import Store

from .messages import if_interrupted, say, say_once, this_command
from .options import (
    EventArgument,
    JsonOption,
    MachineOption,
    MemoryOption,
    ResultsOption,
    TimeoutOption,
    VolumesOption,
    refuse_ignored,
    volumes_from,
)
from .output import print_json, print_line, print_table

if TYPE_CHECKING:
    from nearhit.reproduction import Evidence, PublishedFigure

FAILED = 1
PAGE = "README.md"


def command(  # noqa: PLR0913 - one argument an option
    context: typer.Context,
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

    if not measure:
        why = "without --measure: add it, or leave this out"
        refuse_ignored(context, "again timeout memory_limit", why)
    chosen, kept = _chosen(only or []), volumes_from(volumes)
    folder = out or _uncommitted(results / "reproduction")
    store = Store(results / RECORDS, unreadable=say_once, waiting=say_once)
    problems: list[str] = []
    if measure:
        _check_machine(machine)
        limits = Limits(timeout, memory_limit)
        measured = f"what was measured is recorded in {store.folder}"
        with if_interrupted(lambda: f"{measured}; to go on, run it again: {this_command()}"):
            problems = _measure(chosen, open_event(event, kept), store, limits, again=again)
        machine = this_machine().name
    records = list(store)
    asked = AskedEvent.read(event, kept, (record.cell.event for record in records))
    evidence = _evidence(asked, records, machine, chosen)
    found = [look_up(figure, evidence) for figure in chosen]
    page = write_page(found, evidence, folder)
    if as_json:
        print_json(in_json(found, evidence))
    else:
        print_table(f"On {evidence.machine}", HEADS, summary(found))
        typer.echo(f"Page: {page}")
    for problem in problems:
        say(f"not measured: {problem}")
    if problems:
        raise typer.Exit(FAILED)


def _chosen(names: list[str]) -> "list[PublishedFigure]":
    from nearhit.reproduction import FIGURES  # noqa: PLC0415 - as above

    for name in names:
        if name not in FIGURES:
            raise unknown("figure", name, FIGURES)
    return [figure for name, figure in FIGURES.items() if not names or name in names]


def _check_machine(machine: str) -> None:
    if machine not in {"", this_machine().name}:
        raise BadInputError(
            f"--measure measures here, on {this_machine().name}, not on {machine}: leave one out."
        )


def _uncommitted(folder: Path) -> Path:
    """Return the folder of the page unless git holds a page there, which others may have made."""
    command = ["git", "-C", str(folder), "ls-files", PAGE]
    if folder.is_dir() and subprocess.run(command, capture_output=True, check=False).stdout:
        raise BadInputError(
            f"{folder / PAGE} is committed: write elsewhere with --out DIR, or over it with --out "
            f"{folder}."
        )
    return folder


def _evidence(
    asked: AskedEvent, records: list[Record], machine: str, figures: "list[PublishedFigure]"
) -> "Evidence":
    """Return the records of a machine; if none is named, of the one with most lines measured.

    Raises:
        BadInputError: there are no records, or none of that machine.
    """
    from nearhit.reproduction import Evidence, look_up  # noqa: PLC0415 - as above

    if not records:
        raise BadInputError("The folder of results holds no records: measure with --measure.")
    if machine:
        return Evidence.of(records, asked, machine)
    newest = sorted(records, key=lambda one: one.provenance.started, reverse=True)
    names = dict.fromkeys((this_machine().name, *(one.provenance.machine.name for one in newest)))
    held = {one.provenance.machine.name for one in records}
    found = [Evidence.of(records, asked, name) for name in names if name in held]
    lines = [sum(look_up(figure, one).n_measured for figure in figures) for one in found]
    if len(found) > 1:
        told = (f"{one.machine} has {n}" for one, n in zip(found, lines, strict=True))
        total = sum(len(figure.lines) for figure in figures)
        say(f"of {total} lines {', '.join(told)} measured; --machine chooses another.")
    return found[lines.index(max(lines))]


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
