"""Load the plug-ins of nearhit and of other installed packages through their entry points."""

import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType
from typing import Any

from nearhit.errors import error_in_words


@dataclass(frozen=True)
class Broken:
    """A plug-in that cannot be used, which stops no other.

    Attributes:
        name: the name that users write, or that of the module or entry point if it is not known.
        place: the module or entry point that should hold it.
        reason: why it cannot be used, and the remedy.
    """

    name: str
    place: str
    reason: str

    def __str__(self) -> str:
        return f"{self.name} in {self.place} is broken: {self.reason}"


def plug_ins(group: str, is_one: Callable[[Any], bool]) -> Iterator[Any]:
    """Yield the plug-ins of an entry point group, and a `Broken` for each that cannot be loaded.

    Those of nearhit come first, then those of other packages in the order of their names.

    An entry point names one plug-in, a tuple of plug-ins, or a package: then every module in it is
    searched for plug-ins.

    Args:
        group: name of the entry point group.
        is_one: returns whether a value found in a module is such a plug-in. Classes are considered
            only in the module that defines them.
    """
    for entry in sorted(entry_points(group=group), key=_package):
        named = _loaded(entry.load, entry.name, entry.value)
        if isinstance(named, ModuleType):
            yield from _in_package(named, is_one)
        elif isinstance(named, tuple):
            yield from named
        else:
            yield named


def _package(entry: EntryPoint) -> tuple[bool, str, str]:
    name = entry.dist.name if entry.dist else ""
    return name != "nearhit", name, entry.name


def _in_package(package: ModuleType, is_one: Callable[[Any], bool]) -> Iterator[Any]:
    for found in pkgutil.iter_modules(getattr(package, "__path__", ()), f"{package.__name__}."):
        stem = found.name.rpartition(".")[2]
        module = _loaded(partial(import_module, found.name), stem, found.name)
        if isinstance(module, Broken):
            yield module
        else:
            yield from (value for value in _own(module) if is_one(value))


def _loaded(load: Callable[[], Any], name: str, place: str) -> Any:
    """Return what is loaded, or why it cannot be; code of others may raise anything, even exit."""
    try:
        return load()
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - as above
        reason = f"it cannot be loaded ({error_in_words(error)}): mend or remove it"
        return Broken(name.replace("_", "-"), place, reason)


def _own(module: ModuleType) -> Iterator[Any]:
    for value in vars(module).values():
        if not isinstance(value, type) or value.__module__ == module.__name__:
            yield value
