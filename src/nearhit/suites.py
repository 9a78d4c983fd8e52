"""Suites: which cells are measured together; each is a table of axes, in two profiles."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from typing import Any

from .adapter import Adapter
from .cell import Cell
from .errors import BadInputError
from .event import Event
from .hardware import cores
from .metrics import METRICS
from .registry import adapters
from .spec import IndexSpec, parameters_of

EXHAUSTIVE_QUERIES = 10_000
"""Queries to a library that compares each with every hit: all would take the square of an event."""

Axes = dict[str, tuple[Any, ...]]
"""Coordinates of `Cell.of` and the values that each takes; cells are all combinations."""


@dataclass(frozen=True)
class Profile:
    """How much of a suite is measured.

    Attributes:
        metrics: by name.
        bucket_sizes: hits a bucket.
        dial_settings: the first so many settings of each library's dial, which are its cheapest.
        repetitions: warm passes of each cell.
    """

    metrics: tuple[str, ...]
    bucket_sizes: tuple[int, ...]
    dial_settings: int
    repetitions: int


PROFILES = {
    "quick": Profile(("angular",), (20, 50), dial_settings=4, repetitions=2),
    "full": Profile(tuple(METRICS), (20, 50, 100), dial_settings=99, repetitions=5),
}


def bucketing(profile: Profile) -> Axes:
    """Library × metric × bucket size, every parameter at its default, all threads."""
    return {
        "index": tuple(str(IndexSpec.parse(name)) for name in adapters()),
        "metric": profile.metrics,
        "bucket_size": profile.bucket_sizes,
    }


def dials(profile: Profile) -> Axes:
    """Each library's dial between speed and recall, such as annoy's number of trees."""
    return {
        "index": tuple(
            f"{name}({parameter}={value})"
            for name, adapter in adapters().items()
            for parameter, values in dials_of(adapter).items()
            for value in values[: profile.dial_settings]
        )
    }


def hardware(_: Profile) -> Axes:
    """Every library on one thread and on all of them."""
    return {
        "index": tuple(str(IndexSpec.parse(name)) for name in adapters()),
        "threads": tuple(sorted({1, cores()})),
    }


SUITES: dict[str, Callable[[Profile], Axes]] = {
    "bucketing": bucketing,
    "dials": dials,
    "hardware": hardware,
}


def axes_of(suite: str, profile: str) -> Axes:
    """Return the axes of a suite in a profile.

    Raises:
        BadInputError: there is no such suite or profile.
    """
    chosen: Callable[[Profile], Axes] = _one_of(SUITES, suite, "suite")
    return chosen(_one_of(PROFILES, profile, "profile"))


def cells_of(suite: str, profile: str, event: Event) -> list[Cell]:
    """Return the cells of a suite on an event, in the order of the axes' combinations.

    Raises:
        BadInputError: there is no such suite or profile.
    """
    axes = axes_of(suite, profile)
    return [
        _cell(event, dict(zip(axes, values, strict=True))) for values in product(*axes.values())
    ]


def dials_of(adapter: type[Adapter]) -> dict[str, tuple[Any, ...]]:
    """Return the parameters of an adapter that are swept, and the values each takes."""
    return {
        field.name: field.metadata["dial"]
        for field in parameters_of(adapter)
        if field.metadata["dial"]
    }


def _cell(event: Event, coordinates: dict[str, Any]) -> Cell:
    adapter = adapters()[IndexSpec.parse(coordinates["index"]).name]
    queries = EXHAUSTIVE_QUERIES if adapter.exhaustive and len(event) > EXHAUSTIVE_QUERIES else None
    return Cell.of(event, queries=queries, **coordinates)


def _one_of(table: dict[str, Any], name: str, what: str) -> Any:
    if name not in table:
        raise BadInputError(f"There is no {what} {name!r}; write one of {', '.join(table)}.")
    return table[name]
