"""The simulation's libraries, which are an extra."""

from importlib import import_module
from types import ModuleType

from nearhit.errors import BadInputError


def installed(module: str) -> ModuleType:
    """Return a module of the extra.

    Raises:
        BadInputError: it is not installed.
    """
    try:
        return import_module(module)
    except ImportError:
        raise BadInputError(
            "Simulation and ACTS' tracking need Pythia 8 and ACTS: pip install 'nearhit[simulate]'."
        ) from None
