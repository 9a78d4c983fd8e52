"""`nearhit compare A B`: regressions between two commits, library versions or sets of records."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from nearhit.compare import COMPARED, Comparison, Finding, thresholds_from
from nearhit.compare.environment import commits, libraries
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
from nearhit.compare.profiles import PROFILES, Plan, profile_named
from nearhit.compare.rounds import Budget, measure_environments
from nearhit.compare.series import COMPARISONS, Series
from nearhit.datasets.open_event import open_event
from nearhit.errors import unknown
from nearhit.measure.worker import Limits
from nearhit.records.store import Store

from .messages import if_interrupted, this_command
from .options import JsonOption, SeedOption, TimeoutOption, refuse_ignored
from .output import print_json, print_line, print_table

SideArgument = Annotated[
    str,
    typer.Argument(
        help="A commit of the surrounding checkout, or a file or folder of records.",
        show_default=False,
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
ProfileOption = Annotated[str, typer.Option("--profile", help=f"One of {', '.join(PROFILES)}.")]
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

_MEASURED = "event profile cell index threads minutes seed results timeout"


def command(  # noqa: PLR0913 - one argument an option
    context: typer.Context,
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
    """Find regressions from A to B: commits, versions of a library, or records.

    Exit code 0: nothing is worse; 1: something is; 2: inconclusive, or something failed.

    [bold]Examples[/bold]:

    nearhit compare HEAD~1 HEAD

    nearhit compare --library annoy==1.17.2 annoy==1.17.3 --markdown

    nearhit compare before/results after/results --figure recall_loss
    """
    of_records = not any(library) and a and b and Path(a).exists() and Path(b).exists()
    if of_records:
        refuse_ignored(context, _MEASURED, "between records, which are not measured: leave it out")
    if any(library):
        refuse_ignored(context, "a b", "beside --library: leave one out")
    if as_json:
        refuse_ignored(context, "markdown", "beside --json: leave one out")
    thresholds, chosen = thresholds_from(Path.cwd()), profile_named(profile)
    for name in figure or ():
        if name not in COMPARED:
            raise unknown("figure", name, COMPARED)
    figures = tuple(figure or COMPARED)
    if of_records:
        comparison = Comparison.of_records(Path(a), Path(b))
    else:
        budget = Budget(chosen.minutes if minutes is None else minutes, limits=Limits(timeout))
        named = tuple(cell or ()), tuple(index or ())
        plan = Plan(open_event(event), chosen, *named, threads, seed, figures)
        specs = libraries(*library) if any(library) else commits(a, b, Path.cwd())
        with if_interrupted(lambda: f"nothing is kept; begin again with: {this_command()}"):
            series = measure_environments(specs, plan, budget, _notice)
        if results:
            _notice(f"kept in {Store(results / COMPARISONS, Series).add(series)}")
        comparison = Comparison.of_series(series)
    findings = comparison.judged(figures, thresholds)
    if as_json:
        print_json(to_json(comparison.sides, findings, notes=list(comparison.notes)))
    elif markdown:
        typer.echo(as_markdown(comparison.sides, findings, comparison.notes), nl=False)
    else:
        _show(comparison, findings)
    raise typer.Exit(exit_code(findings))


def _notice(text: str) -> None:
    print_line(Console(stderr=True), text)


def _show(comparison: Comparison, findings: Sequence[Finding]) -> None:
    changed, rest = in_order(findings, CHANGED), in_order(findings, SAME)
    for side in comparison.sides:
        typer.echo(side)
    if changed:
        print_table("Changed", HEADS, map(line, changed))
    for reason in reasons(changed):
        typer.echo(reason)
    if rest:
        print_table("Unchanged", HEADS, map(line, rest))
    for note in comparison.notes:
        typer.echo(note)
    typer.echo(conclusion(findings))
