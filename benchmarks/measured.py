"""Measures a suite and returns its rows to asv: a failed cell is data, not an exception."""

import os
import sys
from functools import cache
from itertools import product
from pathlib import Path

from nearhit.datasets.open_event import open_event

from nearhit.cells.profiles import PROFILES
from nearhit.cells.suites import axes_of, cells_by_event
from nearhit.cells.words import cell_in_words
from nearhit.measure.runner import Protocol, run_cells
from nearhit.plugins.registry import adapters, runs_here
from nearhit.plugins.spec import IndexSpec
from nearhit.records.row import row_of
from nearhit.records.store import Store

PROFILE = os.environ.get("NEARHIT_PROFILE", "quick")
EVENT = os.environ.get("NEARHIT_EVENT", "bundled")
SINCE = os.environ.get("NEARHIT_SINCE", "")
RECORDS = Path(__file__).parents[1] / "results" / "records"
TIMEOUT = 12 * 3600  # of a whole suite; a cell has its own limit, kept by nearhit


def axes(suite):
    """Return the values and the names of a suite's axes, as asv wants them.

    asv prints a line for every combination: it is given those indexes alone that can run here.
    nearhit's own tables show the others too, with the reason.
    """
    table = axes_of(suite, PROFILE)
    if "index" in table:
        table["index"] = [
            index for index in table["index"] if runs_here(adapters()[IndexSpec.parse(index).name])
        ]
    return list(map(list, table.values())), list(table)


def measure(suite):
    """Return the row of every cell of a suite by its values on the axes, measured now."""
    protocol = Protocol(PROFILES[PROFILE].repetitions, again=True, since=SINCE)
    store = Store(RECORDS, unreadable=_warn, waiting=_warn)
    rows = []
    for event, cells in cells_by_event(suite, PROFILE, open_event(EVENT)):
        rows += map(row_of, run_cells(event, cells, store, protocol, _say))
    combinations = product(*axes_of(suite, PROFILE).values())
    # The cells of a suite that it includes follow those of its own axes.
    return dict(zip(combinations, rows, strict=False))


@cache
def _warn(sentence):
    sys.stderr.write(f"nearhit: {sentence}\n")


def _say(record):
    file = os.environ.get("NEARHIT_PROGRESS")
    if file:
        with Path(file).open("a", encoding="utf-8") as progress:
            progress.write(f"{cell_in_words(record.cell)}: {record.status}\n")
