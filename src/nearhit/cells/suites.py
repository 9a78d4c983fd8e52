"""Suites: which cells are measured together; each is a table of axes, in two profiles."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from nearhit.data.event import Event
from nearhit.datasets.open_event import open_event
from nearhit.errors import BadInputError
from nearhit.machine.hardware import cores
from nearhit.plugins.adapter import Adapter
from nearhit.plugins.registry import adapters, metrics
from nearhit.plugins.spec import IndexSpec, parameters_of

from .cell import Cell
from .pipeline import road_coordinates

Axes = dict[str, tuple[Any, ...]]
"""Coordinates of `Cell.of` and the values that each takes; cells are all combinations.

Where `event` is the first of them, the suite brings its events, by names of the catalogue.
"""


@dataclass(frozen=True)
class Profile:
    """How much of a suite is measured.

    Attributes:
        metrics: by name.
        bucket_sizes: hits a bucket.
        grid_settings: the first so many settings of each library's grid, which are its cheapest.
        threads_at: hits a bucket where one thread is held against all.
        exhaustive_queries: queries to a library that compares each with every hit: to ask all
            would take the square of an event.
        batch_sizes: hits asked for in one call.
        batched_queries: hits asked for in each of these ways, and in each number of dimensions.
        dimensions_event: what dimensions are compared on, by name of the catalogue.
        pile_up: mean numbers of collisions of the events that are held against each other.
        roads: from hits to tracks, see `nearhit.cells.pipeline`.
        noise_event: what noise is added to, by name of the catalogue.
        clustered_pile_up: mean numbers of collisions of the events that are clustered as a whole.
        repetitions: warm passes of each cell.
        thorough: whether dials and threads are swept for libraries that compile or are exhaustive.
    """

    metrics: tuple[str, ...]
    bucket_sizes: tuple[int, ...]
    grid_settings: int
    threads_at: int
    exhaustive_queries: int
    batch_sizes: tuple[int | None, ...]
    batched_queries: int
    dimensions_event: str
    pile_up: tuple[int, ...]
    roads: tuple[str, ...]
    noise_event: str
    clustered_pile_up: tuple[int, ...]
    repetitions: int
    thorough: bool


_WHOLE_EVENT = (
    "kalman(passes=1)",
    "kalman(passes=2)",
    "kalman",
    "kalman(min_hits=6)",
    "dbscan",
    "acts",
)
_BOUND = "oracle in {} of sphere-grid"
_IN_BUCKETS = (
    _BOUND,
    "helix in {} of sphere-grid",
    "kalman in {} of sphere-grid",
    "dbscan in {} of sphere-grid around 1000",
    "agglomerative in {} of sphere-grid around 1000",
    "acts in {} of sphere-grid around 1000",
    "acts-seeds in {} of sphere-grid around 1000",
)

_CHOICES = ("cover", "cover(times=10)", "pointing", "start-layer", "layers(of=8/4)")
_AS_ACTS_HASHES = "acts-seeds in 100 of pykdtree by phi-eta chosen by start-layer + joined"

PROFILES = {
    "quick": Profile(
        metrics=("angular",),
        bucket_sizes=(20, 50),
        grid_settings=2,
        threads_at=20,
        exhaustive_queries=500,
        batch_sizes=(100, None),
        batched_queries=1_000,
        dimensions_event="ttbar-mu20",
        pile_up=(20, 60, 140, 200, 300),
        roads=(
            *_WHOLE_EVENT,
            *(road.format(50) for road in _IN_BUCKETS),
            *(f"helix in 50 of sphere-grid chosen by {choice}" for choice in ("cover", "pointing")),
            _AS_ACTS_HASHES,
        ),
        noise_event="ttbar-mu60",
        clustered_pile_up=(2, 5, 10),
        repetitions=1,
        thorough=False,
    ),
    "full": Profile(
        metrics=tuple(name for name, metric in metrics().items() if metric.physical),
        bucket_sizes=(20, 50, 100),
        grid_settings=99,
        threads_at=50,
        exhaustive_queries=2_000,
        batch_sizes=(1, 100, 1_000, None),
        batched_queries=1_000,
        dimensions_event="ttbar-mu60",
        pile_up=(20, 60, 140, 200, 300, 1000),
        roads=(
            *_WHOLE_EVENT,
            *(road.format(size) for size in (20, 50, 70, 100) for road in _IN_BUCKETS),
            *(
                f"{tracker} in 50 of pykdtree by phi-eta"
                for tracker in ("oracle", "helix", "kalman")
            ),
            "acts(seed_pt=0.9)",
            "acts-seeds(seed_pt=0.9) in 70 of sphere-grid",
            *(f"helix in 50 of {index}" for index in ("annoy", "hnswlib", "pykdtree", "scann")),
            *(f"helix in 50 of sphere-grid around {number}" for number in (1_000, 10_000, 30_000)),
            *(
                f"{tracker} in 50 of sphere-grid chosen by {choice}"
                for tracker in ("oracle", "helix", "kalman")
                for choice in _CHOICES
            ),
            _AS_ACTS_HASHES,
        ),
        noise_event="ttbar-mu200",
        clustered_pile_up=(2, 5, 10, 20, 40),
        repetitions=3,
        thorough=True,
    ),
}


def bucketing(profile: Profile) -> Axes:
    """Library × metric × bucket size, every parameter at its default, all threads."""
    return {
        "index": tuple(str(IndexSpec.parse(name)) for name in adapters()),
        "metric": profile.metrics,
        "bucket_size": profile.bucket_sizes,
    }


def grids(profile: Profile) -> Axes:
    """Each library's grid between speed and recall, such as annoy's trees × points inspected."""
    return {
        "index": tuple(
            spec
            for name, adapter in _swept(profile).items()
            for spec in grid_of(name, adapter)[: profile.grid_settings]
        )
    }


def hardware(profile: Profile) -> Axes:
    """Every library on one thread and on all of them."""
    return {
        "index": tuple(str(IndexSpec.parse(name)) for name in _swept(profile)),
        "bucket_size": (profile.threads_at,),
        "threads": _thread_counts(),
    }


def _thread_counts() -> tuple[int, ...]:
    """Return 1, 2, 4 and so on, and all."""
    doubled = (2**power for power in range(cores().bit_length()))
    return tuple(sorted({count for count in doubled if count <= cores()} | {cores()}))


def batches(profile: Profile) -> Axes:
    """Every library asked for hits one by one, in batches, and at once."""
    return {
        "index": tuple(str(IndexSpec.parse(name)) for name in _swept(profile)),
        "queries": (profile.batched_queries,),
        "batch": profile.batch_sizes,
    }


def dimensions(profile: Profile) -> Axes:
    """Points of few to many dimensions × library: where exact search stops winning."""
    return {
        "event": (profile.dimensions_event,),
        "index": tuple(str(IndexSpec.parse(name)) for name in _swept(profile)),
        "metric": ("angular", *(name for name, metric in metrics().items() if not metric.physical)),
        "queries": (profile.batched_queries,),
    }


def pile_up(profile: Profile) -> Axes:
    """Events of few to many collisions × library: how all grows with the number of hits."""
    swept = {name: one for name, one in _swept(profile).items() if not one.exhaustive}
    return {
        "event": tuple(f"ttbar-mu{number}" for number in profile.pile_up),
        "index": tuple(str(IndexSpec.parse(name)) for name in swept),
    }


def tracking(profile: Profile) -> Axes:
    """Every road from hits to tracks: tracker × where it looks."""
    return {"road": profile.roads}


def noise(profile: Profile) -> Axes:
    """Events of more and more noise × roads that find tracks in them."""
    shares = (0.0, 0.1, 0.2, 0.5)
    events = tuple(f"{profile.noise_event}(noise_share={share})" for share in shares)
    roads = ("kalman", "kalman(min_hits=6)", "helix in 50 of sphere-grid", _BOUND.format(50))
    return {"event": events, "road": roads}


def tracks_by_pile_up(profile: Profile) -> Axes:
    """Events of few to many collisions × roads from hits to tracks."""
    return {
        "event": tuple(f"ttbar-mu{number}" for number in profile.pile_up),
        "road": ("kalman", "helix in 50 of sphere-grid", _BOUND.format(50), "acts"),
    }


def clustering(profile: Profile) -> Axes:
    """Small events × the proxies of tracking, in the whole event and in 1,000 buckets."""
    proxies = ("agglomerative", "dbscan")
    return {
        "event": tuple(f"ttbar-mu20(pile_up={number})" for number in profile.clustered_pile_up),
        "road": (
            *proxies,
            *(f"{proxy} in 50 of sphere-grid around 1000" for proxy in proxies),
        ),
    }


SUITES: dict[str, Callable[[Profile], Axes]] = {
    "bucketing": bucketing,
    "grids": grids,
    "hardware": hardware,
    "batches": batches,
    "dimensions": dimensions,
    "pile-up": pile_up,
    "tracking": tracking,
    "noise": noise,
    "tracks-by-pile-up": tracks_by_pile_up,
    "clustering": clustering,
}


def axes_of(suite: str, profile: str) -> Axes:
    """Return the axes of a suite in a profile.

    Raises:
        BadInputError: there is no such suite or profile.
    """
    chosen: Callable[[Profile], Axes] = _one_of(SUITES, suite, "suite")
    return chosen(profile_named(profile))


def profile_named(name: str) -> Profile:
    """Return a profile by its name.

    Raises:
        BadInputError: there is no such profile.
    """
    found: Profile = _one_of(PROFILES, name, "profile")
    return found


def cells_of(suite: str, profile: str, event: Event) -> list[Cell]:
    """Return the cells of a suite on one event, in the order of the axes' combinations.

    Raises:
        BadInputError: there is no such suite or profile.
    """
    axes = {name: values for name, values in axes_of(suite, profile).items() if name != "event"}
    most = profile_named(profile).exhaustive_queries
    combinations = (dict(zip(axes, values, strict=True)) for values in product(*axes.values()))
    return [_cell(event, most, coordinates) for coordinates in combinations]


def cells_by_event(suite: str, profile: str, event: Event) -> Iterator[tuple[Event, list[Cell]]]:
    """Yield each event of a suite with its cells, in the order of the axes' combinations.

    Args:
        suite: by name.
        profile: by name.
        event: what suites are measured on that bring no events.

    Raises:
        BadInputError: there is no such suite or profile, or its events cannot be simulated.
    """
    names = axes_of(suite, profile).get("event")
    events = iter([event]) if names is None else map(open_event, names)
    for one in events:
        yield one, cells_of(suite, profile, one)


def grid_of(name: str, adapter: type[Adapter]) -> list[str]:
    """Return every combination of the values that an adapter's dials take, as indexes."""
    dials = {
        field.name: field.metadata["dial"]
        for field in parameters_of(adapter)
        if field.metadata["dial"]
    }
    settings = product(*([f"{key}={value}" for value in values] for key, values in dials.items()))
    return [f"{name}({','.join(setting)})" for setting in settings] if dials else []


def _swept(profile: Profile) -> dict[str, type[Adapter]]:
    return {
        name: adapter
        for name, adapter in adapters().items()
        if profile.thorough or not (adapter.compiles or adapter.exhaustive)
    }


def _cell(event: Event, most: int, coordinates: dict[str, Any]) -> Cell:
    if "road" in coordinates:
        coordinates = road_coordinates(coordinates["road"])
    elif adapters()[IndexSpec.parse(coordinates["index"]).name].exhaustive:
        coordinates = {"queries": most} | coordinates
    if (coordinates.get("queries") or 0) >= len(event):
        coordinates = coordinates | {"queries": None}
    return Cell.of(event, **coordinates)


def _one_of(table: dict[str, Any], name: str, what: str) -> Any:
    if name not in table:
        raise BadInputError(f"There is no {what} {name!r}; write one of {', '.join(table)}.")
    return table[name]
