"""Finds adapters: nearhit's own and those that other installed packages bring."""

import pkgutil
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, PackageNotFoundError, entry_points, version
from types import ModuleType
from typing import Any

from .adapter import Adapter
from .errors import BadInputError

GROUP = "nearhit.adapters"
"""The entry point group; each names an adapter class, or a package of modules that hold them."""


@cache
def adapters() -> dict[str, type[Adapter]]:
    """Return every adapter by the name that users write, in order of name.

    Raises:
        BadInputError: two adapters claim one name, or one that a package brings cannot be loaded.
    """
    found: dict[str, type[Adapter]] = {}
    for adapter in _discovered():
        known = found.setdefault(adapter.name, adapter)
        if known is not adapter:
            raise BadInputError(
                f"Two adapters are called {adapter.name!r}, in {known.__module__} and in "
                f"{adapter.__module__}: rename one."
            )
    return dict(sorted(found.items()))


def installed_version(adapter: type[Adapter]) -> str | None:
    """Return the version of the adapter's library, or None where it is not installed."""
    try:
        return version(adapter.package)
    except PackageNotFoundError:
        return None


def how_to_install(adapter: type[Adapter]) -> str:
    """Return the command that installs the adapter's library."""
    return f"pip install '{f'nearhit[{adapter.extra}]' if adapter.extra else adapter.package}'"


def _discovered() -> Iterator[type[Adapter]]:
    for entry in entry_points(group=GROUP):
        named = _loaded(entry)
        if isinstance(named, ModuleType):
            yield from _adapters_in(named)
        else:
            yield named


def _loaded(entry: EntryPoint) -> Any:
    try:
        return entry.load()
    except Exception as error:
        raise BadInputError(
            f"The adapter {entry.name!r} ({entry.value}) cannot be loaded "
            f"({type(error).__name__}: {error}): mend or uninstall the package that brings it."
        ) from error


def _adapters_in(package: ModuleType) -> Iterator[type[Adapter]]:
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        for value in vars(import_module(module.name)).values():
            if _is_adapter(value) and value.__module__ == module.name:
                yield value


def _is_adapter(value: Any) -> bool:
    return isinstance(value, type) and all(
        hasattr(value, attribute) for attribute in ("name", "package", "build", "query")
    )
