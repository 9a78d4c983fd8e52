"""`nearhit compare A B`: what became worse between two commits, versions or sets of records."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from nearhit.compare import COMPARED, Row, SideBySide, thresholds_from
from nearhit.compare.environment import Wanted
from nearhit.compare.gate import GATES, gate_named
from nearhit.compare.measured import Question, commits, libraries, measured
from nearhit.compare.page import (
    CHANGED,
    HEADS,
    SAME,
    as_markdown,
    conclusion,
    exit_code,
    in_order,
    line,
    reasons,
    to_json,
)
from nearhit.compare.rounds import Budget
from nearhit.compare.series import COMPARISONS, Series
from nearhit.datasets.open_event import open_event
from nearhit.errors import BadInputError
from nearhit.measure.worker import Limits
from nearhit.records.store import Store

from .options import JsonOption, SeedOption, TimeoutOption
from .output import print_json, print_line, print_table

NAME = "compare"

SideArgument = Annotated[
    str,
    typer.Argument(
        help="A commit of the checkout around, or a file or folder of records.", show_default=False
    ),
]
LibraryOption = Annotated[
    tuple[str, str],
    typer.Option(
        "--library",
        metavar="A B",
        help="Two versions of a library instead, such as annoy==1.17.2 annoy==1.17.3.",
        show_default=False,
    ),
]
ProfileOption = Annotated[str, typer.Option("--profile", help=f"One of {', '.join(GATES)}.")]
CellOption = Annotated[
    list[str] | None,
    typer.Option(
        "--cell",
        metavar="CELL",
        help="Such as '50 of annoy(ntrees=2) around 20000' or 'kalman'; repeatable.",
    ),
]
IndexOption = Annotated[
    list[str] | None,
    typer.Option("--index", metavar="SPEC", help="In the profile's buckets; repeatable."),
]
FigureOption = Annotated[
    list[str] | None,
    typer.Option("--figure", help=f"Only this of {', '.join(COMPARED)}; repeatable."),
]
MinutesOption = Annotated[
    float | None,
    typer.Option("--minutes", min=0.0, help="Of rounds; the profile's if not given."),
]
ResultsOption = Annotated[
    Path | None, typer.Option("--results", help=f"Keep every turn in its '{COMPARISONS}'.")
]
MarkdownOption = Annotated[
    bool, typer.Option("--markdown", help="Print a comment for a pull request.")
]


def command(  # noqa: PLR0913 - one argument an option
    a: SideArgument = "",
    b: SideArgument = "",
    *,
    library: LibraryOption = ("", ""),
    event: Annotated[str, typer.Option("--event", help="As in 'nearhit run'.")] = "bundled",
    profile: ProfileOption = "quick",
    cell: CellOption = None,
    index: IndexOption = None,
    figure: FigureOption = None,
    threads: Annotated[int, typer.Option("--threads", help="Of every cell.")] = 1,
    minutes: MinutesOption = None,
    seed: SeedOption = 0,
    results: ResultsOption = None,
    timeout: TimeoutOption = 600.0,
    markdown: MarkdownOption = False,
    as_json: JsonOption = False,
) -> None:
    """Say what became worse from A to B: commits, versions of a library, or records.

    Exit code 0: nothing is worse; 1: something is; 2: it could not be told, or something failed.

    [bold]Examples[/bold]:

    nearhit compare HEAD~1 HEAD

    nearhit compare --library annoy==1.17.2 annoy==1.17.3 --markdown

    nearhit compare before/results after/results --figure recall_loss
    """
    thresholds, gate = thresholds_from(Path.cwd()), gate_named(profile)
    for name in figure or ():
        if name not in COMPARED:
            raise BadInputError(f"There is no figure {name!r}; write one of {', '.join(COMPARED)}.")
    figures = tuple(figure or COMPARED)
    if not any(library) and Path(a).exists() and Path(b).exists() and a and b:
        held = SideBySide.of_records(Path(a), Path(b))
    else:
        budget = Budget(gate.minutes if minutes is None else minutes, limits=Limits(timeout))
        named = tuple(cell or ()), tuple(index or ())
        question = Question(open_event(event), gate, *named, threads, seed, figures)
        sides = libraries(*library) if any(library) else commits(a, b, Path.cwd())
        held = SideBySide.of_series(_measured(sides, question, budget, results))
    rows = held.judged(figures, thresholds)
    if as_json:
        print_json(to_json(held.sides, rows, notes=list(held.notes)))
    elif markdown:
        typer.echo(as_markdown(held.sides, rows, held.notes), nl=False)
    else:
        _show(held, rows)
    raise typer.Exit(exit_code(rows))


def _measured(
    sides: tuple[Wanted, Wanted], question: Question, budget: Budget, results: Path | None
) -> Series:
    console = Console(stderr=True)

    def notice(told: str) -> None:
        print_line(console, told)

    series = measured(sides, question, budget, notice)
    if results:
        notice(f"kept in {Store(results / COMPARISONS, Series).add(series)}")
    return series


def _show(held: SideBySide, rows: Sequence[Row]) -> None:
    changed, rest = in_order(rows, CHANGED), in_order(rows, SAME)
    for side in held.sides:
        typer.echo(side)
    if changed:
        print_table("Changed", HEADS, map(line, changed))
    for reason in reasons(changed):
        typer.echo(reason)
    if rest:
        print_table("Unchanged", HEADS, map(line, rest))
    for note in held.notes:
        typer.echo(note)
    typer.echo(conclusion(rows))
