"""Finds adapters: nearhit's own and those that other installed packages bring."""

from functools import cache
from importlib.metadata import PackageNotFoundError, version
from inspect import get_annotations
from typing import Any

from .adapter import Adapter
from .cuda import device_name
from .errors import BadInputError
from .plug_ins import plug_ins

GROUP = "nearhit.adapters"
"""The entry point group; each names an adapter class, or a package of modules that hold them."""


@cache
def adapters() -> dict[str, type[Adapter]]:
    """Return every adapter by the name that users write, in order of name.

    Raises:
        BadInputError: two adapters claim one name, one does not say all that an adapter says, or
            one that a package brings cannot be loaded.
    """
    found: dict[str, type[Adapter]] = {}
    for adapter in plug_ins(GROUP, "adapter", _is_adapter):
        _check(adapter)
        known = found.setdefault(adapter.name, adapter)
        if known is not adapter:
            raise BadInputError(
                f"Two adapters are called {adapter.name!r}, in {known.__module__} and in "
                f"{adapter.__module__}: rename one."
            )
    return dict(sorted(found.items()))


def _check(adapter: type[Adapter]) -> None:
    missing = [name for name in get_annotations(Adapter) if not hasattr(adapter, name)]
    if missing:
        raise BadInputError(
            f"The adapter {adapter.name!r} in {adapter.__module__} does not say its "
            f"{', '.join(missing)}: see nearhit.adapter.Adapter."
        )


def installed_version(adapter: type[Adapter]) -> str | None:
    """Return the version of the adapter's library, or None where it is not installed."""
    try:
        return version(adapter.package)
    except PackageNotFoundError:
        return None


def runs_here(adapter: type[Adapter]) -> bool:
    """Return whether its library is installed and one of its devices is at hand."""
    at_hand = "cpu" in adapter.devices or device_name() != ""
    return at_hand and installed_version(adapter) is not None


def how_to_install(adapter: type[Adapter]) -> str:
    """Return the command that installs the adapter's library."""
    return f"pip install '{f'nearhit[{adapter.extra}]' if adapter.extra else adapter.package}'"


def _is_adapter(value: Any) -> bool:
    return isinstance(value, type) and all(
        hasattr(value, attribute) for attribute in ("name", "package", "build", "query")
    )
