"""Declare an adapter: the names that a file in `adapters/` imports.

The contract is documented at `nearhit.plugins.adapter`.
"""

from .parameter import parameter
from .plugins.adapter import Adapter, Device, Distance, Repeatable, Setting, Threaded, adapter

__all__ = [
    "Adapter",
    "Device",
    "Distance",
    "Repeatable",
    "Setting",
    "Threaded",
    "adapter",
    "parameter",
]
