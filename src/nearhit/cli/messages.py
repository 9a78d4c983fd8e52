"""Sentences for people on stderr, and what Ctrl-C leaves behind."""

import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

import typer

from nearhit.errors import printable

INTERRUPTED = 130
"""Exit code after Ctrl-C, as in shells."""


def say(sentence: str) -> None:
    """Tell people a sentence on stderr."""
    typer.echo(f"nearhit: {printable(sentence)}", err=True)


@cache
def say_once(sentence: str) -> None:
    """Tell people a sentence on stderr, the first time."""
    say(sentence)


@contextmanager
def if_interrupted(what_is_kept: Callable[[], str]) -> Iterator[None]:
    """Turn Ctrl-C in the block into a sentence that says what is kept, and exit code 130.

    Raises:
        typer.Exit: after Ctrl-C.
    """
    try:
        yield
    except KeyboardInterrupt:
        say(f"interrupted: {what_is_kept()}")
        raise typer.Exit(INTERRUPTED) from None


def this_command() -> str:
    """Return the command line as people write it."""
    return shlex.join(["nearhit", *sys.argv[1:]])
