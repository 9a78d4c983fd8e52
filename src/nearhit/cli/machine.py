"""`nearhit machine`: print the name of this machine in records and in asv."""

from dataclasses import asdict

import typer

from nearhit.machine.hardware import this_machine

from .options import JsonOption
from .output import print_json


def command(*, as_json: JsonOption = False) -> None:
    """Print the name of this machine in results; NEARHIT_MACHINE overrides it.

    [bold]Example[/bold]: nearhit machine --json
    """
    if as_json:
        print_json(asdict(this_machine()))
    else:
        typer.echo(this_machine().name)
