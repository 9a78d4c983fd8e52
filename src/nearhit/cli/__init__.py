"""The command line `nearhit COMMAND`, with one module per command."""

from .app import main

__all__ = ["main"]
