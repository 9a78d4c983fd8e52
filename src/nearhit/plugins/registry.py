"""Find adapters, trackers, metrics and bucket selections of all installed packages by name."""

from collections.abc import Callable
from difflib import get_close_matches
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from inspect import get_annotations
from typing import Any

from nearhit.errors import BadInputError
from nearhit.machine.cuda import device_name

from .adapter import Adapter
from .bucket_selection import BucketSelection
from .entry_points import plug_ins
from .metric import Metric
from .tracker import Tracker

ADAPTERS, TRACKERS = "nearhit.adapters", "nearhit.trackers"
METRICS, BUCKET_SELECTIONS = "nearhit.metrics", "nearhit.bucket_selections"
"""The entry point groups; an entry names one plug-in, a tuple, or a package of modules."""


@cache
def adapters() -> dict[str, type[Adapter]]:
    """Return every adapter by the name that users write, in order of name.

    Raises:
        BadInputError: two adapters have the same name, an adapter lacks an attribute of the
            contract, or an adapter of another package cannot be loaded.
    """
    found = plug_ins(ADAPTERS, "adapter", _has("name", "package", "build", "query"))
    return dict(sorted(_by_name(found, "adapter", Adapter).items()))


@cache
def trackers() -> dict[str, type[Tracker]]:
    """Return every tracker by the name that users write, in order of name.

    Raises:
        BadInputError: as `adapters`.
    """
    found = plug_ins(TRACKERS, "tracker", _has("name", "find"))
    return dict(sorted(_by_name(found, "tracker", Tracker).items()))


@cache
def bucket_selections() -> dict[str, type[BucketSelection]]:
    """Return every bucket selection by the name that users write, in order of name.

    Raises:
        BadInputError: as `adapters`.
    """
    found = plug_ins(
        BUCKET_SELECTIONS, "bucket selection", _has("name", "select_queries", "select_buckets")
    )
    return dict(sorted(_by_name(found, "bucket selection", BucketSelection).items()))


@cache
def metrics() -> dict[str, Metric]:
    """Return every metric by the name that users write, in the order of their tables.

    Raises:
        BadInputError: as `adapters`.
    """
    return _by_name(plug_ins(METRICS, "metric", _is_metric), "metric", Metric)


def metric_named(name: str) -> Metric:
    """Return a metric by the name that users write.

    Raises:
        BadInputError: there is no such metric; the message lists similar names.
    """
    if name in metrics():
        return metrics()[name]
    near = get_close_matches(name, metrics(), cutoff=0.5) or list(metrics())
    raise BadInputError(f"There is no metric {name!r}; write one of {', '.join(near)}.")


def _by_name(plug_ins_found: Any, what: str, contract: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in plug_ins_found:
        _check(one, what, contract)
        known = found.setdefault(one.name, one)
        if known is not one:
            raise BadInputError(
                f"Two {what}s are called {one.name!r}, in {_module(known)} and in {_module(one)}: "
                "rename one."
            )
    return found


def _check(one: Any, what: str, contract: Any) -> None:
    missing = [name for name in get_annotations(contract) if not hasattr(one, name)]
    if missing:
        raise BadInputError(
            f"The {what} {getattr(one, 'name', one)!r} in {_module(one)} does not declare "
            f"{', '.join(missing)}: see {contract.__module__}.{contract.__name__}."
        )


def _module(one: Any) -> str:
    """Return the module that defines a plug-in; for a metric, that of its coordinates."""
    defined = getattr(one, "coordinates", one)
    return str(getattr(defined, "__module__", type(defined).__module__))


def _has(*attributes: str) -> Callable[[Any], bool]:
    """Return a predicate for classes with these attributes."""

    def is_one(value: Any) -> bool:
        return isinstance(value, type) and all(hasattr(value, name) for name in attributes)

    return is_one


def _is_metric(value: Any) -> bool:
    return isinstance(value, Metric)


def installed_version(adapter: type[Adapter | Tracker]) -> str | None:
    """Return the version of the library of an adapter or tracker; None if it is not installed."""
    try:
        return version(adapter.package)
    except PackageNotFoundError:
        return None


def runs_here(adapter: type[Adapter]) -> bool:
    """Return whether an adapter's library is installed and one of its devices is available."""
    available = "cpu" in adapter.devices or device_name() != ""
    return available and installed_version(adapter) is not None


def how_to_install(adapter: type[Adapter | Tracker]) -> str:
    """Return the command that installs the library of an adapter or tracker."""
    return f"pip install '{f'nearhit[{adapter.extra}]' if adapter.extra else adapter.package}'"
