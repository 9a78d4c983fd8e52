"""Finds adapters and trackers: nearhit's own and those that other installed packages bring."""

from collections.abc import Callable
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from inspect import get_annotations
from typing import Any

from .adapter import Adapter
from .cuda import device_name
from .errors import BadInputError
from .plug_ins import plug_ins
from .tracker import Tracker, is_tracker

ADAPTERS, TRACKERS = "nearhit.adapters", "nearhit.trackers"
"""The entry point groups; each entry names a class, or a package of modules that hold some."""


@cache
def adapters() -> dict[str, type[Adapter]]:
    """Return every adapter by the name that users write, in order of name.

    Raises:
        BadInputError: two adapters claim one name, one does not say all that an adapter says, or
            one that a package brings cannot be loaded.
    """
    return _by_name(ADAPTERS, "adapter", _is_adapter, Adapter)


@cache
def trackers() -> dict[str, type[Tracker]]:
    """Return every tracker by the name that users write, in order of name.

    Raises:
        BadInputError: as `adapters`.
    """
    return _by_name(TRACKERS, "tracker", is_tracker, Tracker)


def _by_name(group: str, what: str, is_one: Callable[[Any], bool], says: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in plug_ins(group, what, is_one):
        _check(one, what, says)
        known = found.setdefault(one.name, one)
        if known is not one:
            raise BadInputError(
                f"Two {what}s are called {one.name!r}, in {known.__module__} and in "
                f"{one.__module__}: rename one."
            )
    return dict(sorted(found.items()))


def _check(one: Any, what: str, says: Any) -> None:
    missing = [name for name in get_annotations(says) if not hasattr(one, name)]
    if missing:
        raise BadInputError(
            f"The {what} {one.name!r} in {one.__module__} does not say its "
            f"{', '.join(missing)}: see {says.__module__}.{says.__name__}."
        )


def installed_version(adapter: type[Adapter | Tracker]) -> str | None:
    """Return the version of an adapter's or a tracker's library, or None where it is missing."""
    try:
        return version(adapter.package)
    except PackageNotFoundError:
        return None


def runs_here(adapter: type[Adapter]) -> bool:
    """Return whether its library is installed and one of its devices is at hand."""
    at_hand = "cpu" in adapter.devices or device_name() != ""
    return at_hand and installed_version(adapter) is not None


def how_to_install(adapter: type[Adapter | Tracker]) -> str:
    """Return the command that installs an adapter's or a tracker's library."""
    return f"pip install '{f'nearhit[{adapter.extra}]' if adapter.extra else adapter.package}'"


def _is_adapter(value: Any) -> bool:
    return isinstance(value, type) and all(
        hasattr(value, attribute) for attribute in ("name", "package", "build", "query")
    )
