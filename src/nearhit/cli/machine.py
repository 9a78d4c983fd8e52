"""`nearhit machine`: how records and asv name this machine."""

from dataclasses import asdict

import typer

from nearhit.machine.hardware import this_machine

from .options import JsonOption
from .output import print_json

NAME = "machine"


def command(*, as_json: JsonOption = False) -> None:
    """Print the name that results of this machine are kept under; NEARHIT_MACHINE overrides it.

    [bold]Example[/bold]: nearhit machine --json
    """
    if as_json:
        print_json(asdict(this_machine()))
    else:
        typer.echo(this_machine().name)
