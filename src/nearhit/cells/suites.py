"""Suites: cells that are measured together; each is a table of axes, in two profiles."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from nearhit.data.event import Event
from nearhit.datasets.open_event import open_event
from nearhit.errors import unknown
from nearhit.machine.hardware import cores
from nearhit.plugins.adapter import Adapter
from nearhit.plugins.registry import adapters, metrics
from nearhit.plugins.spec import IndexSpec, parameters_of

from .cell import Cell
from .pipeline import pipeline_coordinates
from .profiles import BOUND, PROFILES, Profile
from .tuned import published_settings, tuned_settings

Axes = dict[str, tuple[Any, ...]]
"""Coordinates of `Cell.of` and the values that each takes; cells are all combinations.

Where `event` is the first of them, the suite brings its events, by names of the catalogue. A
`pipeline` stands for the coordinates that `nearhit.cells.pipeline` reads.
"""


@dataclass(frozen=True)
class Suite:
    """Cells that are measured together.

    Attributes:
        about: what is compared, in one line.
        axes: of a profile.
        includes: the suite whose cells are measured in the same rounds; empty for none.
    """

    about: str
    axes: Callable[[Profile], Axes]
    includes: str = ""


def _swept(profile: Profile) -> dict[str, type[Adapter]]:
    return {
        name: adapter
        for name, adapter in adapters().items()
        if profile.thorough or not (adapter.compiles or adapter.exhaustive)
    }


def _at_defaults(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(str(IndexSpec.parse(name)) for name in names)


def _compared_settings() -> tuple[str, ...]:
    """Return every library at its default, its tuned and its published setting."""
    tuned = (setting.index for setting in tuned_settings().values())
    return tuple(sorted({*_at_defaults(adapters()), *published_settings(), *tuned}))


def _grids(profile: Profile) -> tuple[str, ...]:
    return tuple(
        spec
        for name, adapter in _swept(profile).items()
        for spec in grid_of(name, adapter)[: profile.grid_settings]
    )


def _thread_counts() -> tuple[int, ...]:
    """Return 1, 2, 4 and so on, and all."""
    doubled = (2**power for power in range(cores().bit_length()))
    return tuple(sorted({count for count in doubled if count <= cores()} | {cores()}))


def _events_of_pile_up(profile: Profile) -> tuple[str, ...]:
    return tuple(f"ttbar-mu{number}" for number in profile.pile_up)


_PROXIES = ("agglomerative", "dbscan")
_IN_BUCKETS = ("helix in 50 of sphere-grid", BOUND.format(50))

SUITES = {
    "bucketing": Suite(
        "Library × metric × bucket size, every parameter at its default, all threads",
        lambda profile: {
            "index": _at_defaults(adapters()),
            "metric": profile.metrics,
            "bucket_size": profile.bucket_sizes,
        },
        includes="tuned",
    ),
    "tuned": Suite(
        "Library × setting: the default, the one that was tuned, the one that was published",
        lambda _profile: {"index": _compared_settings()},
    ),
    "grids": Suite(
        "Each library's grid between speed and recall, such as annoy's trees × points inspected",
        lambda profile: {"index": _grids(profile)},
    ),
    "hardware": Suite(
        "Every library on one thread and on all of them",
        lambda profile: {
            "index": _at_defaults(_swept(profile)),
            "bucket_size": (profile.threads_at,),
            "threads": _thread_counts(),
        },
    ),
    "batches": Suite(
        "Every library queried hit by hit, in batches, and at once",
        lambda profile: {
            "index": _at_defaults(_swept(profile)),
            "queries": (profile.batched_queries,),
            "batch": profile.batch_sizes,
        },
    ),
    "dimensions": Suite(
        "Points of few to many dimensions × library: where exact search stops winning",
        lambda profile: {
            "event": (profile.dimensions_event,),
            "index": _at_defaults(_swept(profile)),
            "metric": ("angular", *(name for name, one in metrics().items() if not one.physical)),
            "queries": (profile.batched_queries,),
        },
    ),
    "pile-up": Suite(
        "Events of few to many collisions × library: how all grows with the number of hits",
        lambda profile: {
            "event": _events_of_pile_up(profile),
            "index": _at_defaults(
                name for name, one in _swept(profile).items() if not one.exhaustive
            ),
        },
    ),
    "tracking": Suite(
        "Every pipeline from hits to tracks: tracker × where it looks",
        lambda profile: {"pipeline": profile.pipelines},
    ),
    "noise": Suite(
        "Events of more and more noise × pipelines from hits to tracks",
        lambda profile: {
            "event": tuple(
                f"{profile.noise_event}(noise_share={share})" for share in (0.0, 0.1, 0.2, 0.5)
            ),
            "pipeline": ("kalman", "kalman(min_hits=6)", *_IN_BUCKETS),
        },
    ),
    "tracks-by-pile-up": Suite(
        "Events of few to many collisions × pipelines from hits to tracks",
        lambda profile: {
            "event": _events_of_pile_up(profile),
            "pipeline": ("kalman", *_IN_BUCKETS, "acts"),
        },
    ),
    "clustering": Suite(
        "Small events × the proxies of tracking, in the whole event and in 1,000 buckets",
        lambda profile: {
            "event": tuple(f"ttbar-mu20(pile_up={number})" for number in profile.clustered_pile_up),
            "pipeline": (
                *_PROXIES,
                *(f"{proxy} in 50 of sphere-grid around 1000" for proxy in _PROXIES),
            ),
        },
    ),
}


def axes_of(suite: str, profile: str) -> Axes:
    """Return the axes of a suite in a profile.

    Raises:
        BadInputError: there is no such suite or profile.
    """
    chosen: Suite = _one_of(SUITES, suite, "suite")
    return chosen.axes(profile_named(profile))


def profile_named(name: str) -> Profile:
    """Return a profile by its name.

    Raises:
        BadInputError: there is no such profile.
    """
    found: Profile = _one_of(PROFILES, name, "profile")
    return found


def cells_of(suite: str, profile: str, event: Event) -> list[Cell]:
    """Return the cells of a suite on one event, in the order of the axes' combinations.

    Those of the suite that it includes follow, each cell once.

    Raises:
        BadInputError: there is no such suite or profile.
    """
    axes = {name: values for name, values in axes_of(suite, profile).items() if name != "event"}
    most = profile_named(profile).exhaustive_queries
    combinations = (dict(zip(axes, values, strict=True)) for values in product(*axes.values()))
    cells = [_cell(event, most, coordinates) for coordinates in combinations]
    included = SUITES[suite].includes
    return list(dict.fromkeys(cells + (cells_of(included, profile, event) if included else [])))


def cells_by_event(suite: str, profile: str, event: Event) -> Iterator[tuple[Event, list[Cell]]]:
    """Yield each event of a suite with its cells, in the order of the axes' combinations.

    Args:
        suite: by name.
        profile: by name.
        event: for suites that bring no events.

    Raises:
        BadInputError: there is no such suite or profile, or its events cannot be simulated.
    """
    names = axes_of(suite, profile).get("event")
    events = iter([event]) if names is None else map(open_event, names)
    for one in events:
        yield one, cells_of(suite, profile, one)


def grid_of(name: str, adapter: type[Adapter]) -> list[str]:
    """Return every combination of the values of an adapter's swept parameters, as indexes."""
    swept = {
        field.name: field.metadata["dial"]
        for field in parameters_of(adapter)
        if field.metadata["dial"]
    }
    settings = product(*([f"{key}={value}" for value in values] for key, values in swept.items()))
    return [f"{name}({','.join(setting)})" for setting in settings] if swept else []


def _cell(event: Event, most: int, coordinates: dict[str, Any]) -> Cell:
    if "pipeline" in coordinates:
        coordinates = pipeline_coordinates(coordinates["pipeline"])
    elif adapters()[IndexSpec.parse(coordinates["index"]).name].exhaustive:
        coordinates = {"queries": most} | coordinates
    if (coordinates.get("queries") or 0) >= len(event):
        coordinates = coordinates | {"queries": None}
    if "bucket_size" in coordinates:
        coordinates = coordinates | {"bucket_size": min(coordinates["bucket_size"], len(event))}
    return Cell.of(event, **coordinates)


def _one_of(table: dict[str, Any], name: str, what: str) -> Any:
    if name not in table:
        raise unknown(what, name, table)
    return table[name]
