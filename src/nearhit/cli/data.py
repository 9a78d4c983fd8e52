"""`nearhit data`: describe and make events."""

from pathlib import Path
from typing import Annotated

import typer

from nearhit.datasets.open_event import open_event
from nearhit.description import describe

from .options import EventArgument, JsonOption, SeedOption, VolumesOption, volumes_from
from .output import print_json, print_table

app = typer.Typer(help="Describe and make events.", no_args_is_help=True)


@app.command()
def info(
    event: EventArgument = "bundled", *, volumes: VolumesOption = "", as_json: JsonOption = False
) -> None:
    """Say what an event holds: hits per volume, truth, noise, particles.

    [bold]Example[/bold]: nearhit data info DIR/event000021000 --volumes 7,8,9
    """
    description = describe(open_event(event, volumes_from(volumes)))
    if as_json:
        print_json(description)
    else:
        print_table(description["name"], ("", ""), list(description.items())[1:])


@app.command()
def simulate(
    recipe: Annotated[str, typer.Argument(help="Such as ttbar-mu200.")] = "ttbar-mu200",
    *,
    seed: SeedOption = 1,
    out: Annotated[Path, typer.Option("--out", help="The folder to write into.")] = Path(),
) -> None:
    """Make an event with Pythia 8 and ACTS Fatras; the same seed gives the same event.

    [bold]Example[/bold]: nearhit data simulate ttbar-mu200 --seed 1 --out events
    """
    from nearhit.datasets.simulate import simulate_to  # noqa: PLC0415 - an extra of its own

    typer.echo(f"Wrote {simulate_to(recipe, seed, out)}-*.csv.gz")
