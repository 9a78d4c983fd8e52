"""Find adapters, trackers, metrics and bucket selections of all installed packages by name."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, is_dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from inspect import get_annotations
from typing import Any

from nearhit.errors import BadInputError, offer
from nearhit.machine.cuda import device_name

from .adapter import Adapter
from .bucket_selection import BucketSelection
from .entry_points import Broken, plug_ins
from .metric import Metric
from .tracker import Tracker


@dataclass(frozen=True)
class Kind:
    """A kind of plug-in.

    Attributes:
        what: its name in messages.
        group: the entry point group; an entry names one plug-in, a tuple, or a package of modules.
        contract: the class that says what one declares.
        is_one: returns whether a value in a module is one, complete or not.
    """

    what: str
    group: str
    contract: type[Any]
    is_one: Callable[[Any], bool]


@dataclass(frozen=True)
class Found:
    """The plug-ins of one kind.

    Attributes:
        usable: by the name that users write, in order of discovery.
        broken: those that cannot be used.
    """

    usable: Mapping[str, Any]
    broken: tuple[Broken, ...]


def _has(*methods: str) -> Callable[[Any], bool]:
    """Return a predicate for classes with these methods; names in _ are of bases."""
    return lambda value: (
        isinstance(value, type)
        and not value.__name__.startswith("_")
        and all(hasattr(value, name) for name in methods)
    )


ADAPTERS = Kind("index", "nearhit.adapters", Adapter, _has("build", "query"))
TRACKERS = Kind("tracker", "nearhit.trackers", Tracker, _has("find"))
METRICS = Kind("metric", "nearhit.metrics", Metric, lambda value: isinstance(value, Metric))
BUCKET_SELECTIONS = Kind(
    "bucket selection",
    "nearhit.bucket_selections",
    BucketSelection,
    _has("select_queries", "select_buckets"),
)


@cache
def found(kind: Kind) -> Found:
    """Return the plug-ins of a kind; one that is broken, or not unique, stops no other."""
    every = list(plug_ins(kind.group, kind.is_one))
    broken = [one if isinstance(one, Broken) else _fault(one, kind) for one in every]
    sound = [one for one, fault in zip(every, broken, strict=True) if fault is None]
    usable, twice = _by_name(sound)
    return Found(usable, (*filter(None, broken), *twice))


def adapters() -> Mapping[str, type[Adapter]]:
    """Return every adapter by the name that users write, in order of name."""
    return dict(sorted(found(ADAPTERS).usable.items()))


def trackers() -> Mapping[str, type[Tracker]]:
    """Return every tracker by the name that users write, in order of name."""
    return dict(sorted(found(TRACKERS).usable.items()))


def bucket_selections() -> Mapping[str, type[BucketSelection]]:
    """Return every bucket selection by the name that users write, in order of name."""
    return dict(sorted(found(BUCKET_SELECTIONS).usable.items()))


def metrics() -> Mapping[str, Metric]:
    """Return every metric by the name that users write, in the order of their tables."""
    return found(METRICS).usable


def metric_named(name: str) -> Metric:
    """Return a metric by the name that users write.

    Raises:
        BadInputError: as `named`.
    """
    metric: Metric = named(METRICS, name)
    return metric


def named(kind: Kind, name: str, title: str = "") -> Any:
    """Return a plug-in by the name that users write.

    Args:
        kind: of the plug-in.
        name: as users write it.
        title: what they wrote, to begin the message with.

    Raises:
        BadInputError: there is none, and the message lists similar names; or it is broken, and the
            message says why.
    """
    usable, broken = found(kind).usable, found(kind).broken
    if name in usable:
        return usable[name]
    begin = f"{title}: there" if title else "There"
    for one in broken:
        if one.name == name.replace("_", "-"):
            raise BadInputError(f"{kind.what.capitalize()} {one}.")
    left_out = f" Broken: {', '.join(one.name for one in broken)}." if broken else ""
    names = sorted(usable) if kind is not METRICS else list(usable)
    raise BadInputError(f"{begin} is no {kind.what} {name!r}{offer(name, names)}{left_out}")


def _by_name(sound: Iterable[Any]) -> tuple[dict[str, Any], list[Broken]]:
    """Return plug-ins by name, and as broken those of one name, nearhit's own one excepted."""
    groups: dict[str, list[Any]] = {}
    for one in {id(one): one for one in sound}.values():
        groups.setdefault(one.name, []).append(one)
    usable, broken = {}, []
    for name, alike in groups.items():
        own = [one for one in alike if _module(one).startswith("nearhit.")]
        kept = next((some for some in (alike, own) if len(some) == 1), [])
        if kept:
            usable[name] = kept[0]
        reason = f"several are called so, in {' and in '.join(map(_module, alike))}: rename one"
        broken += [Broken(name, _module(one), reason) for one in alike if one not in kept]
    return usable, broken


def _fault(one: Any, kind: Kind) -> Broken | None:
    """Return what a plug-in lacks of its contract, or None."""
    missing = [name for name in get_annotations(kind.contract) if not hasattr(one, name)]
    missing += [] if is_dataclass(one) or missing else ["its parameters as a dataclass"]
    missing += [] if missing or isinstance(one.name, str) else ["a name that is text"]
    if not missing:
        return None
    name = getattr(one, "name", getattr(one, "__name__", one))
    contract = f"{kind.contract.__module__}.{kind.contract.__name__}"
    reason = f"it does not declare {', '.join(missing)}: see {contract}"
    return Broken(str(name), _module(one), reason)


def _module(one: Any) -> str:
    """Return the module that defines a plug-in; for a metric, that of its coordinates."""
    defined = getattr(one, "coordinates", one)
    return str(getattr(defined, "__module__", type(defined).__module__))


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
