"""`nearhit data`: list, describe, simulate and compare events."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from nearhit.data.event import Event
from nearhit.datasets.catalogue import broken_data_sets, catalogue_event, recipes
from nearhit.datasets.open_event import open_event, open_events, readers
from nearhit.datasets.readers.plain_table import columns_from
from nearhit.errors import BadInputError, printable
from nearhit.machine.hardware import cores
from nearhit.report.chart import Chart
from nearhit.report.compare_samples import Comparison, EventFigure, compare
from nearhit.report.describe import describe
from nearhit.report.event_plots import comparison_charts, event_charts

from .app import Command
from .messages import if_interrupted, this_command
from .options import ColumnsOption, EventArgument, JsonOption, VolumesOption, volumes_from
from .output import print_json, print_table

app = typer.Typer(help="List, describe, simulate and compare events.", add_completion=False)

PlotsOption = Annotated[
    Path | None, typer.Option("--plots", metavar="DIR", help="Also write plots to this folder.")
]


@app.command("list", cls=Command)
def list_events(*, as_json: JsonOption = False) -> None:
    """List the recipes that can be simulated and the file formats that can be read."""
    table = {
        name: {"about": recipe.about, **recipe.parameters()} for name, recipe in recipes().items()
    }
    formats = [reader.name for reader in readers()]
    if as_json:
        broken = {one.name: one.reason for one in broken_data_sets()}
        print_json({"recipes": table, "formats": formats, "broken": broken})
        return
    rows = [
        (name, recipe.about, recipe.process, recipe.pile_up, recipe.noise_share, recipe.read_out)
        for name, recipe in recipes().items()
    ]
    heads = ("recipe", "what", "process", "pile-up", "noise", "read-out")
    print_table("Recipes, simulated on first use", heads, rows)
    typer.echo("Append a seed as in muons@7, parameters as in ttbar-mu200(noise_share=0.3)@7.")
    typer.echo(f"File formats: {', '.join(formats)}. 'bundled' is the event shipped with nearhit.")
    for one in broken_data_sets():
        typer.echo(printable(f"Broken data set {one}."))


@app.command(cls=Command)
def info(
    event: EventArgument = "bundled",
    *,
    volumes: VolumesOption = "",
    columns: ColumnsOption = "",
    plots: PlotsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Describe an event: hits by volume and layer, truth, noise, particles, spectra.

    [bold]Example[/bold]: nearhit data info DIR/event000021000 --volumes 7,8,9 --plots plots
    """
    opened = open_event(event, volumes_from(volumes), columns_from(columns))
    description = describe(opened)
    if plots:
        _draw(event_charts(opened), plots)
    if as_json:
        print_json(description)
        return
    spectra = description.pop("spectra")
    rows = [(key.replace("_", " "), _short(value)) for key, value in description.items()]
    print_table(description["name"], ("", ""), rows[1:])
    found = [spectrum for spectrum in spectra.values() if spectrum]
    heads = ("spectrum", "number", "mean", "median")
    figures = [(s["label"], s["n"], f"{s['mean']:.4g}", f"{s['median']:.4g}") for s in found]
    print_table("Spectra", heads, figures)


@app.command(cls=Command)
def simulate(  # noqa: PLR0913 - one argument per option
    recipe: Annotated[str, typer.Argument(help="See 'nearhit data list'.")] = "ttbar-mu200",
    *,
    events: Annotated[
        int, typer.Option("--events", min=1, max=100_000, help="Number of events.")
    ] = 1,
    seed: Annotated[
        int | None, typer.Option("--seed", min=0, help="Seed of the first event; by default 1.")
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option("--workers", min=1, max=1_000, help="Processes; by default one per core."),
    ] = None,
    out: Annotated[Path, typer.Option("--out", help="Folder to write to.")] = Path(),
    form: Annotated[str, typer.Option("--form", help="'csv.gz' or 'parquet'.")] = "csv.gz",
    acts: Annotated[
        bool, typer.Option("--acts", help="Also write the input files of the ACTS reconstruction.")
    ] = False,
) -> None:
    """Simulate events with Pythia 8 and ACTS Fatras; the same seed always gives the same event.

    Events have consecutive seeds from --seed on. Run an interrupted command again to resume it.

    [bold]Examples[/bold]:

    nearhit data simulate ttbar-mu200 --events 10 --seed 1 --workers 2 --out events

    nearhit data simulate "ttbar-mu200(pile_up=80,noise_share=0.3)" --out events
    """
    from nearhit.datasets.production import Order, produce  # noqa: PLC0415 - an extra of its own

    if "@" in recipe and seed is not None:
        raise BadInputError(f"{recipe} names its seed: leave out --seed.")
    named = catalogue_event(recipe if "@" in recipe or seed is None else f"{recipe}@{seed}")
    seeds = tuple(range(named.seed, named.seed + events))
    order = Order(named.recipe, seeds, out, form, acts)

    def kept() -> str:
        there = sum(order.recipe_file(one).exists() for one in seeds)
        return f"{there} of {events} events are in {out}; to go on, run it again: {this_command()}"

    with if_interrupted(kept), _progress() as progress:
        task = progress.add_task(named.recipe.name, total=events)

        def notice(_: int) -> None:
            progress.advance(task)
            progress.refresh()

        prefixes = produce(order, workers or cores(), notice)
    for prefix in prefixes:
        typer.echo(f"{prefix}-*.{form}")


@app.command(cls=Command)
def validate(
    sample: Annotated[str, typer.Argument(help="A directory of events, or one event.")],
    reference: Annotated[str, typer.Argument(help="The event to compare them with.")],
    *,
    volumes: VolumesOption = "7,8,9",
    plots: PlotsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compare simulated events with a real one: hits, particles, spectra, noise and buckets.

    Choose volumes for which both have truth.

    [bold]Example[/bold]: nearhit data validate events DIR/event000021000 --plots plots
    """
    chosen = volumes_from(volumes)
    events = [event.in_volumes(chosen) if chosen else event for event in open_events(sample)]
    other = open_event(reference, chosen)
    comparison = compare(events, other)
    if plots:
        _draw(comparison_charts(comparison, events, other), plots)
    if as_json:
        print_json(comparison.to_json())
    else:
        _print_comparison(comparison, events)


def _print_comparison(comparison: Comparison, events: list[Event]) -> None:
    about = events[0].origin or events[0].name
    figures = ("", "mean", "min", "max", comparison.reference, "mean / reference")
    print_table(f"{len(events)} events: {about}", figures, map(_figure, comparison.figures))
    print_table("Hits by volume and layer", figures, map(_figure, comparison.layers))
    rows = [
        (far.label, f"{far.statistic:.4f}", far.n_sample, far.n_reference)
        for far in comparison.distances
    ]
    spectra = ("spectrum", "Kolmogorov-Smirnov", "n of the sample", "n of the reference")
    print_table("Spectra", spectra, rows)


def _figure(figure: EventFigure) -> tuple[str, ...]:
    values = (figure.mean, min(figure.sample), max(figure.sample), figure.reference)
    ratio = "–" if figure.ratio is None else f"{figure.ratio:.3f}"
    return figure.name, *map(_number, values), ratio


def _number(value: float) -> str:
    most_of_four_digits = 1_000
    return f"{value:,.0f}" if value >= most_of_four_digits else f"{value:.4g}"


def _short(value: object) -> object:
    if isinstance(value, dict):
        return ", ".join(f"{key}: {count:,}" for key, count in value.items())
    if isinstance(value, float):
        return f"{value:.4f}"
    return f"{value:,}" if isinstance(value, int) else value


def _draw(charts: Iterable[Chart], folder: Path) -> None:
    from nearhit.report.drawing import save_charts  # noqa: PLC0415 - takes a second to load

    for file in save_charts(charts, folder):
        typer.echo(f"Wrote {file}", err=True)


def _progress() -> Progress:
    """Return a progress bar without a thread of its own, since processes are forked meanwhile."""
    parts = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = Console(stderr=True)
    return Progress(*parts, TimeRemainingColumn(), console=console, auto_refresh=False)
