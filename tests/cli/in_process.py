"""Run the command line in this process, as fast as many calls need."""

import sys

from nearhit.cli import main


def run_in_process(arguments, monkeypatch):
    """Run a command line and return its exit code; what it prints goes to sys.stdout and stderr."""
    monkeypatch.setattr(sys, "argv", ["nearhit", *arguments])
    try:
        main()
    except SystemExit as end:
        return end.code
    raise AssertionError(arguments)
