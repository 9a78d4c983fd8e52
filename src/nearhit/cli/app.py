"""Assemble the commands, and turn bad input into one sentence and exit code 2."""

import sys
from functools import cache
from importlib import import_module
from importlib.metadata import version
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from nearhit.errors import BadInputError, SkippedError, unknown

from .messages import INTERRUPTED, say

BAD_INPUT = 2

COMMANDS = (
    "data",
    "libraries",
    "metrics",
    "trackers",
    "evaluate",
    "run",
    "tune",
    "chains",
    "compare",
    "certify",
    "report",
    "reproduce",
    "recommend",
    "machine",
)
"""Each is a module beside this one that holds a function `command`, or an `app` of several."""

_LARGEST = 2**53  # beyond it, floats and JSON leave whole numbers out
_LOOK: dict[str, Any] = {"rich_markup_mode": "rich", "pretty_exceptions_enable": False}


class Command(TyperCommand):
    """A command that refuses numbers that nothing can be computed with."""

    def invoke(self, ctx: typer.Context) -> Any:  # type: ignore[override]
        """Check the numbers and run the command."""
        for parameter in self.params:
            given = ctx.params.get(parameter.name or "")
            for value in given if isinstance(given, list | tuple) else [given]:
                if isinstance(value, int | float) and not abs(value) <= _LARGEST:
                    raise BadInputError(
                        f"{parameter.opts[0]} must be a number of at most 2^53, not {value}."
                    )
        return super().invoke(ctx)


class Group(TyperGroup):
    """The commands, each imported when it is used, since most take seconds to load."""

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]  # noqa: ARG002
        """Return the names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: typer.Context, cmd_name: str) -> Any:  # type: ignore[override]  # noqa: ARG002
        """Return a command by its name."""
        if cmd_name not in COMMANDS:
            raise unknown("command", cmd_name, COMMANDS)
        return _loaded(cmd_name)

    def invoke(self, ctx: typer.Context) -> Any:  # type: ignore[override]
        """Run a command; one that keeps anything says so itself when it is interrupted."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            say("interrupted; nothing that was not finished is kept.")
            raise typer.Exit(INTERRUPTED) from None


app = typer.Typer(
    name="nearhit", cls=Group, context_settings={"help_option_names": ["-h", "--help"]}, **_LOOK
)


@cache
def _loaded(name: str) -> Any:
    module = import_module(f".{name}", __package__)
    single = typer.Typer(add_completion=False, **_LOOK)
    if hasattr(module, "app"):
        single = module.app
    else:
        single.command(name, cls=Command)(module.command)
    made = typer.main.get_command(single)
    made.name = name
    return made


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
    sys.exit(_exit_code(sys.argv[1:] or ["--help"]))


def _exit_code(arguments: list[str]) -> int:
    try:
        return app(arguments, standalone_mode=False) or 0
    except (BadInputError, SkippedError) as error:
        say(str(error))
    except OSError as error:
        say(f"{error.filename or 'A file'} cannot be used ({error.strerror}).")
    except Exception as error:
        # The class of errors of usage has no public name that all versions of typer share.
        if not hasattr(error, "format_message"):
            raise
        command = getattr(getattr(error, "ctx", None), "command_path", "nearhit")
        say(f"{str(error.format_message()).rstrip('.')}. See '{command} --help'.")
    return BAD_INPUT
