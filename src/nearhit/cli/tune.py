"""`nearhit tune`: the best setting of a library for a demanded quality."""

from pathlib import Path
from typing import Annotated

import typer

from nearhit.cells.tuned import as_json as settings_as_json
from nearhit.cells.tuned import read_tuned
from nearhit.cells.words import cell_in_words
from nearhit.datasets.open_event import open_event
from nearhit.errors import BadInputError
from nearhit.machine.hardware import checked_threads
from nearhit.plugins.registry import adapters, how_to_install, metric_named, runs_here
from nearhit.plugins.spec import IndexSpec
from nearhit.records import atomic_writes
from nearhit.records.record import Record
from nearhit.records.store import Store
from nearhit.tuning.goal import Goal
from nearhit.tuning.outcome import HEADER, edges, front_rows, in_json, settings, table_rows
from nearhit.tuning.search import load_optuna
from nearhit.tuning.tune import Order, Tuned, open_held_out, other_events, tune

from .messages import say_once
from .options import EventArgument, JsonOption, MetricOption, ResultsOption, SeedOption
from .output import print_json, print_table

NOT_MET = 1

TRIALS, FINALS = "tuning", "tuned"
"""Folders of the records of searches and of final comparisons inside a folder of results."""


def command(  # noqa: PLR0913 - one argument per option
    event: EventArgument = "bundled",
    *,
    library: Annotated[
        list[str] | None,
        typer.Option("--library", metavar="NAME", help="Repeatable; all that run here by default."),
    ] = None,
    seconds: Annotated[
        float, typer.Option("--seconds", min=0.001, help="Search time for each library.")
    ] = 60.0,
    within: Annotated[
        str,
        typer.Option(
            "--within",
            metavar="SHARE",
            help="Particle efficiency that exact search may have more, such as 0.5%, the default.",
        ),
    ] = "",
    min_recall: Annotated[
        float | None, typer.Option("--min-recall", help="Recall to reach instead.")
    ] = None,
    min_efficiency: Annotated[
        float | None, typer.Option("--min-efficiency", help="Particle efficiency to reach instead.")
    ] = None,
    max_seconds: Annotated[
        float | None,
        typer.Option("--max-seconds", help="Find the most efficiency in this time per event."),
    ] = None,
    metric: MetricOption = "angular",
    bucket_size: Annotated[int, typer.Option("--bucket-size", "-k", help="Hits per bucket.")] = 50,
    threads: Annotated[int | None, typer.Option("--threads", help="All by default.")] = None,
    seed: SeedOption = 0,
    repeats: Annotated[
        int, typer.Option("--repeats", min=1, help="Rounds of the final comparison.")
    ] = 3,
    held_out: Annotated[
        list[str] | None,
        typer.Option(
            "--held-out",
            metavar="EVENT",
            help="Event of the final comparison; repeatable; by default another seed.",
        ),
    ] = None,
    results: ResultsOption = Path("results"),
    write: Annotated[
        Path | None,
        typer.Option(
            "--write", metavar="FILE", help="Keep what was found in this file of tuned settings."
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Find the fastest setting of each library whose buckets are as good as demanded.

    The best settings are measured again beside the default, on events that were not tuned on. An
    interrupted run resumes. Exit code 1 says that a library has no setting that meets the demand.

    [bold]Examples[/bold]:

    nearhit tune bundled --library annoy --library hnswlib --seconds 60

    nearhit tune ttbar-mu200@7 --library scann --min-recall 0.99 --json
    """
    load_optuna()
    goal = Goal.of(_share(within), min_recall, min_efficiency, max_seconds)
    number = checked_threads(threads)
    names = _libraries(library)
    order = Order(
        names, goal, seconds, metric_named(metric).name, bucket_size, number, seed, repeats
    )
    known = read_tuned(write) if write else {}
    _check_writable(write)
    opened = open_event(event)
    others = held_out or other_events(opened)
    if not others:
        say_once(
            f"The final comparison is on {opened.name} itself, since no other event of its recipe "
            "can be simulated here: name one with --held-out."
        )
    compared = open_held_out(others, opened)
    stores = (
        Store(results / folder, unreadable=say_once, waiting=say_once)
        for folder in (TRIALS, FINALS)
    )
    found = tune(opened, compared, order, *stores, say=_say, notice=_notice)
    events = ([opened.name], [one.name for one in compared])
    if write:
        kept = known | settings(found, order, number, events)
        atomic_writes.replace(write, settings_as_json(kept))
    if as_json:
        print_json(in_json(found, order))
    else:
        _show(found, order, events)
    if not any(one.best for one in found) or any(one.search and not one.best for one in found):
        raise typer.Exit(NOT_MET)


def _share(text: str) -> float | None:
    """Parse a share such as `0.5%` or `0.005`; None if it is not given."""
    if not text:
        return None
    number, percent = text.strip().removesuffix("%"), text.strip().endswith("%")
    try:
        return float(number) / (100 if percent else 1)
    except ValueError:
        raise BadInputError(
            f"--within takes a share such as 0.5% or 0.005, not {text!r}."
        ) from None


def _libraries(names: list[str] | None) -> tuple[str, ...]:
    """Return the libraries to tune.

    Raises:
        BadInputError: one is not known, or does not run here.
    """
    if not names:
        return tuple(name for name, adapter in adapters().items() if runs_here(adapter))
    for name in names:
        known = IndexSpec.parse(name).name
        if known != name:
            raise BadInputError(f"--library takes a name such as {known}, not {name!r}.")
        if not runs_here(adapters()[name]):
            raise BadInputError(f"{name} does not run here: {how_to_install(adapters()[name])}.")
    return tuple(dict.fromkeys(names))


def _check_writable(file: Path | None) -> None:
    """Refuse a file that cannot be written, before any time is spent."""
    try:
        if file:
            atomic_writes.try_out(file.resolve().parent, 0)
    except OSError as error:
        raise BadInputError(f"{file} cannot be written ({error.strerror}).") from error


def _say(line: str) -> None:
    typer.echo(line, err=True)


def _notice(record: Record) -> None:
    _say(f"{cell_in_words(record.cell)}: {record.status}")


def _show(found: list[Tuned], order: Order, events: tuple[list[str], list[str]]) -> None:
    tuned_on, held_out = map(", ".join, events)
    title = f"{order.goal}: tuned on {tuned_on}, measured on {held_out}"
    print_table(title, HEADER, table_rows(found))
    for one in found:
        name = one.space.default.name
        if one.search:
            columns = ("index", "s/event", "of exact")
            print_table(f"{name}: the front on {tuned_on}", columns, front_rows(one.front))
        if at_edge := edges(one):
            typer.echo(f"{name}: {', '.join(at_edge)} at an end of the range searched.")
        if one.search and one.best is None:
            typer.echo(f"{name}: no setting meets the demand.")
    pasted = [f"--index '{one.best.spec}'" for one in found if one.best]
    if pasted:
        typer.echo("\n".join(("To measure what was found:", *pasted)))
