"""Load the plug-ins of nearhit and of other installed packages through their entry points."""

import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType
from typing import Any

from nearhit.errors import BadInputError


def plug_ins(group: str, what: str, is_one: Callable[[Any], bool]) -> Iterator[Any]:
    """Yield the plug-ins of an entry point group.

    An entry point names one plug-in, a tuple of plug-ins, or a package: then every module in it is
    searched for plug-ins.

    Args:
        group: name of the entry point group.
        what: name of the kind of plug-in in error messages.
        is_one: returns whether a value found in a module is such a plug-in. Classes are considered
            only in the module that defines them.

    Raises:
        BadInputError: a plug-in cannot be loaded.
    """
    for entry in entry_points(group=group):
        named = _loaded(entry, what)
        if isinstance(named, ModuleType):
            for module in _modules_in(named):
                yield from (value for value in _own(module) if is_one(value))
        elif isinstance(named, tuple):
            yield from named
        else:
            yield named


def _loaded(entry: EntryPoint, what: str) -> Any:
    try:
        return entry.load()
    except Exception as error:
        raise BadInputError(
            f"The {what} {entry.name!r} ({entry.value}) cannot be loaded "
            f"({type(error).__name__}: {error}): fix or uninstall the package that provides it."
        ) from error


def _modules_in(package: ModuleType) -> Iterator[ModuleType]:
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        yield import_module(module.name)


def _own(module: ModuleType) -> Iterator[Any]:
    for value in vars(module).values():
        if not isinstance(value, type) or value.__module__ == module.__name__:
            yield value
