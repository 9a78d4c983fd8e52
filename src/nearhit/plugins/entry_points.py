"""What nearhit and other installed packages bring, found through entry points."""

import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType
from typing import Any

from nearhit.errors import BadInputError


def plug_ins(group: str, what: str, is_one: Callable[[Any], bool]) -> Iterator[Any]:
    """Yield the plug-ins of an entry point group: values, tuples, or values in packages of modules.

    Args:
        group: of entry points.
        what: how errors call what they bring.
        is_one: whether a value of a module is such a thing; of a class, only its own module holds
            it.

    Raises:
        BadInputError: one that a package brings cannot be loaded.
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
            f"({type(error).__name__}: {error}): mend or uninstall the package that brings it."
        ) from error


def _modules_in(package: ModuleType) -> Iterator[ModuleType]:
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        yield import_module(module.name)


def _own(module: ModuleType) -> Iterator[Any]:
    for value in vars(module).values():
        if not isinstance(value, type) or value.__module__ == module.__name__:
            yield value
