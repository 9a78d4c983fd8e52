"""Which cells are compared, as people write them: `50 of sphere-grid`, `kalman(passes=1)`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from packaging.utils import canonicalize_name

from nearhit.cells.cell import Cell
from nearhit.cells.pipeline import road_coordinates
from nearhit.data.event import Event
from nearhit.errors import BadInputError
from nearhit.plugins.registry import adapters, trackers
from nearhit.plugins.spec import WHOLE_EVENT, IndexSpec, TrackerSpec, index_or_whole_event

_BUCKETS = re.compile(
    r"(?P<bucket_size>\d+) of (?P<index>[^()\s]+(?:\([^()]*\))?)"
    r"(?: by (?P<metric>\S+))?(?: around (?P<queries>\d+))?"
)


@dataclass(frozen=True)
class Gate:
    """What is compared where nothing is named.

    Attributes:
        cells: of nearhit's own commits: what it brings itself, and a library; the fewer and the
            faster they are, the more rounds there are.
        of_library: cells of one library, with its name put in.
        exhaustive: the same of a library that compares each query with every hit.
        minutes: of measuring, when both sides are made.
    """

    cells: tuple[str, ...]
    of_library: tuple[str, ...]
    exhaustive: tuple[str, ...]
    minutes: float


GATES = {
    "quick": Gate(
        cells=(
            "50 of sphere-grid",
            "kalman(passes=1)",
            "20 of scipy-kdtree around 20000",
        ),
        of_library=("20 of {} around 10000", "50 of {} around 10000"),
        exhaustive=("20 of {} around 100",),
        minutes=4.0,
    ),
    "full": Gate(
        cells=(
            "50 of sphere-grid",
            "20 of sphere-grid",
            "kalman",
            "helix in 50 of sphere-grid",
            *(
                f"{size} of {index} around 20000"
                for index in ("scipy-kdtree", "pykdtree", "faiss-ivf", "hnswlib", "annoy")
                for size in (20, 50)
            ),
        ),
        of_library=("20 of {}", "50 of {}", "100 of {}", "20 of {} by phi-eta"),
        exhaustive=("20 of {} around 500", "50 of {} around 500"),
        minutes=30.0,
    ),
}


@dataclass(frozen=True)
class Asked:
    """One cell to compare.

    Attributes:
        text: as it was written; each side fills in its own defaults.
        coordinates: of `Cell.of`, as written.
        cell: as this nearhit understands it.
    """

    text: str
    coordinates: dict[str, Any]
    cell: Cell

    @property
    def packages(self) -> tuple[str, ...]:
        """The distributions that it stands on; cells of the same ones share workers."""
        return packages_of(self.text)

    @property
    def extras(self) -> tuple[str, ...]:
        """What `pip install nearhit[…]` has to name for it."""
        cell = self.cell
        index = () if cell.takes_whole_event else (adapters()[cell.index.name].extra,)
        tracker = (trackers()[cell.tracker.name].extra,) if cell.tracker else ()
        return tuple(extra for extra in (*index, *tracker) if extra)

    @property
    def repeats(self) -> bool:
        """Whether it gives the same answer twice."""
        if self.cell.takes_whole_event:
            return True
        repeatable = adapters()[self.cell.index.name].repeatable
        return repeatable == "always" or (repeatable == "one thread" and self.cell.threads == 1)


def asked_of(event: Event, texts: Sequence[str], threads: int, seed: int = 0) -> list[Asked]:
    """Return the cells of an event that texts name.

    Raises:
        BadInputError: one cannot be read, or names what is not there.
    """
    return [_asked(event, text, threads, seed) for text in dict.fromkeys(texts)]


def _asked(event: Event, text: str, threads: int, seed: int) -> Asked:
    coordinates = cell_coordinates(text)
    if (coordinates.get("queries") or 0) >= len(event):
        del coordinates["queries"]
    cell = Cell.of(event, **coordinates, threads=threads, seed=seed)
    if cell.tracker and trackers()[cell.tracker.name].truth:
        raise BadInputError(f"{cell.tracker.name} reads the truth, which no side is shown.")
    return Asked(text, coordinates, cell)


def cell_coordinates(text: str) -> dict[str, Any]:
    """Read `50 of annoy(ntrees=5) by angular around 20000`, or a pipeline with a tracker.

    Returns:
        Coordinates of `Cell.of`.

    Raises:
        BadInputError: it cannot be read.
    """
    match = _BUCKETS.fullmatch(text.strip())
    if match is None:
        return road_coordinates(text.strip())
    given = {name: value for name, value in match.groupdict().items() if value is not None}
    return given | {name: int(given[name]) for name in ("bucket_size", "queries") if name in given}


def packages_of(text: str) -> tuple[str, ...]:
    """Return the distributions that a cell, as people write it, stands on.

    Raises:
        BadInputError: it cannot be read, or names what is not there.
    """
    coordinates = cell_coordinates(text)
    spec = index_or_whole_event(coordinates["index"])
    index = () if spec == WHOLE_EVENT else (adapters()[spec.name].package,)
    if "tracker" not in coordinates:
        return index
    return (*index, trackers()[TrackerSpec.parse(coordinates["tracker"]).name].package)


def cells_of_package(package: str, gate: Gate) -> list[str]:
    """Return the cells of the indexes that a distribution brings.

    Raises:
        BadInputError: it brings none.
    """
    wanted = canonicalize_name(package)
    named = {
        name: adapter
        for name, adapter in adapters().items()
        if canonicalize_name(adapter.package) == wanted and "cpu" in adapter.devices
    }
    if not named:
        known = sorted({adapter.package for adapter in adapters().values()} - {"nearhit"})
        raise BadInputError(f"No index is of {package}; write one of {', '.join(known)}.")
    return [cell for name in named for cell in cells_of_index(name, gate)]


def cells_of_index(spec: str, gate: Gate) -> list[str]:
    """Return the cells of one index, as people write it.

    Raises:
        BadInputError: as `IndexSpec.parse`.
    """
    exhaustive = adapters()[IndexSpec.parse(spec).name].exhaustive
    return [cell.format(spec) for cell in (gate.exhaustive if exhaustive else gate.of_library)]


def gate_named(profile: str) -> Gate:
    """Return what a profile compares.

    Raises:
        BadInputError: there is no such profile.
    """
    if profile not in GATES:
        raise BadInputError(f"There is no profile {profile!r}; write one of {', '.join(GATES)}.")
    return GATES[profile]


def job_cell(asked: Asked) -> dict[str, Any]:
    """Return what a worker is told of a cell, without rows and passes."""
    coordinates = asked.coordinates
    whole = asked.cell.takes_whole_event
    return {
        "index": "" if whole else coordinates["index"],
        "metric": "" if whole else asked.cell.metric,
        "bucket_size": asked.cell.bucket_size,
        "tracker": coordinates.get("tracker", ""),
    }
