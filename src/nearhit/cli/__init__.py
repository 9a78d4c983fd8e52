"""The command line: `nearhit COMMAND`, one module a command."""

from .app import main

__all__ = ["main"]
