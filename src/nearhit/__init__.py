"""Benchmark of nearest-neighbour libraries and metrics on charged-particle tracking.

The public API is what `__all__` names. Each name is imported when it is first used, so that
`import nearhit` and `from nearhit.adapter import adapter` load nothing that they do not need.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nearhit.cells.cell import Cell
    from nearhit.datasets.open_event import open_event as open_data
    from nearhit.measure.evaluate import evaluate, run
    from nearhit.records.read import read_records
    from nearhit.records.record import Record

__all__ = ["Cell", "Record", "evaluate", "open_data", "read_records", "run"]

_PLACES = {
    "Cell": ("nearhit.cells.cell", "Cell"),
    "Record": ("nearhit.records.record", "Record"),
    "evaluate": ("nearhit.measure.evaluate", "evaluate"),
    "open_data": ("nearhit.datasets.open_event", "open_event"),
    "read_records": ("nearhit.records.read", "read_records"),
    "run": ("nearhit.measure.evaluate", "run"),
}
"""Module and name of each public object."""


def __getattr__(name: str) -> Any:
    """Import a public object on first use (PEP 562)."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _PLACES[name]
    return getattr(import_module(module), attribute)


def __dir__() -> list[str]:
    return __all__
