"""Assemble the commands, and turn bad input into one sentence and exit code 2."""

import sys
from importlib.metadata import version
from typing import Annotated

import typer

from nearhit.errors import BadInputError, SkippedError

from . import (
    certify,
    chains,
    compare,
    data,
    evaluate,
    libraries,
    machine,
    metrics,
    recommend,
    report,
    reproduce,
    run,
    trackers,
    tune,
)

BAD_INPUT = 2

app = typer.Typer(
    name="nearhit",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode="rich",
)
app.add_typer(data.app, name="data")
for command in (
    libraries,
    metrics,
    trackers,
    evaluate,
    run,
    tune,
    chains,
    compare,
    certify,
    report,
    reproduce,
    recommend,
    machine,
):
    app.command(name=command.NAME)(command.command)


def _print_version(requested: bool) -> None:  # noqa: FBT001 - typer passes it by position
    if requested:
        typer.echo(f"nearhit {version('nearhit')}")
        raise typer.Exit


VersionOption = Annotated[
    bool,
    typer.Option(
        "--version", callback=_print_version, is_eager=True, help="Print the version and exit."
    ),
]


@app.callback()
def _before_any_command(*, _version: VersionOption = False) -> None:
    """Benchmark nearest-neighbour libraries and metrics on charged-particle tracking."""


def main() -> None:
    """Run the command line."""
    try:
        app()
    except (BadInputError, SkippedError) as error:
        sys.stderr.write(f"nearhit: {error}\n")
        sys.exit(BAD_INPUT)
