"""Cells to compare: as people write them, or of a profile."""

from dataclasses import dataclass
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from nearhit.cells.cell import Cell
from nearhit.cells.pipeline import pipeline_coordinates
from nearhit.data.event import Event
from nearhit.errors import BadInputError, offer, unknown
from nearhit.plugins.adapter import Adapter
from nearhit.plugins.registry import adapters, trackers
from nearhit.plugins.spec import IndexSpec
from nearhit.plugins.tracker import Tracker

from .thresholds import COMPARED


@dataclass(frozen=True)
class Profile:
    """Cells that are compared where none are named.

    Attributes:
        cells: of two commits of nearhit: its own code and a library. Few and fast cells leave time
            for many rounds.
        of_library: cells of one library, with a place for its name.
        exhaustive: the same of a library that compares each query with every hit.
        minutes: of rounds, once both sides are built.
    """

    cells: tuple[str, ...]
    of_library: tuple[str, ...]
    exhaustive: tuple[str, ...]
    minutes: float

    def cells_of_index(self, spec: str) -> list[str]:
        """Return the cells of one index, as people write it.

        Raises:
            BadInputError: as `IndexSpec.parse`.
        """
        exhaustive = adapters()[IndexSpec.parse(spec).name].exhaustive
        return [cell.format(spec) for cell in (self.exhaustive if exhaustive else self.of_library)]

    def cells_of_package(self, package: str) -> list[str]:
        """Return the cells of the indexes of a distribution.

        Raises:
            BadInputError: it has none.
        """
        wanted = canonicalize_name(package)
        named = [
            name
            for name, adapter in adapters().items()
            if canonicalize_name(adapter.package) == wanted and "cpu" in adapter.devices
        ]
        if not named:
            known = sorted({adapter.package for adapter in adapters().values()} - {"nearhit"})
            raise BadInputError(f"No index is of {package}{offer(package, known)}")
        return [cell for name in named for cell in self.cells_of_index(name)]


PROFILES = {
    "quick": Profile(
        cells=(
            "50 of sphere-grid",
            "kalman(passes=1)",
            "20 of scipy-kdtree around 20000",
        ),
        of_library=("20 of {} around 10000", "50 of {} around 10000"),
        exhaustive=("20 of {} around 100",),
        minutes=4.0,
    ),
    "full": Profile(
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
class ComparedCell:
    """One cell to measure on both sides.

    Attributes:
        text: as it was written; each side fills in its own defaults.
        coordinates: of `Cell.of`, as written.
        cell: as this nearhit reads it.
    """

    text: str
    coordinates: dict[str, Any]
    cell: Cell

    @classmethod
    def of(cls, event: Event, text: str, threads: int = 1, seed: int = 0) -> "ComparedCell":
        """Read a cell of an event.

        Raises:
            BadInputError: it cannot be read, names what does not exist, or cannot be compared.
        """
        coordinates = pipeline_coordinates(text)
        if (coordinates.get("queries") or 0) >= len(event):
            del coordinates["queries"]
        cell = Cell.of(event, **coordinates, threads=threads, seed=seed)
        if cell.tracker and trackers()[cell.tracker.name].truth:
            raise BadInputError(f"{cell.tracker.name} reads the truth, which no side is shown.")
        if cell.choices:
            raise BadInputError(f"{text!r} selects buckets, which no side does: leave it out.")
        return cls(text, coordinates, cell)

    @property
    def packages(self) -> tuple[str, ...]:
        """The distributions that it runs; cells of the same ones share workers."""
        return tuple(plugin.package for plugin in self._plugins)

    @property
    def extras(self) -> tuple[str, ...]:
        """The extras of `pip install nearhit[…]` that it needs."""
        return tuple(plugin.extra for plugin in self._plugins if plugin.extra)

    @property
    def repeatable(self) -> bool:
        """Whether it gives the same answer twice."""
        if self.cell.takes_whole_event:
            return True
        repeatable = adapters()[self.cell.index.name].repeatable
        return repeatable == "always" or (repeatable == "one thread" and self.cell.threads == 1)

    @property
    def job(self) -> dict[str, Any]:
        """The part of a worker's job that describes it, without rows and passes."""
        whole = self.cell.takes_whole_event
        return {
            "index": "" if whole else self.coordinates["index"],
            "metric": "" if whole else self.cell.metric,
            "bucket_size": self.cell.bucket_size,
            "tracker": self.coordinates.get("tracker", ""),
        }

    @property
    def _plugins(self) -> tuple[type[Adapter] | type[Tracker], ...]:
        cell = self.cell
        index = () if cell.takes_whole_event else (adapters()[cell.index.name],)
        return (*index, *((trackers()[cell.tracker.name],) if cell.tracker else ()))


@dataclass(frozen=True)
class Plan:
    """Request of a comparison.

    Attributes:
        event: with its truth.
        profile: of the cells, where none are named.
        cells, indexes: as people named them.
        threads: of every cell.
        seed: of everything random.
        figures: by name; where none of them is timed, workers run only for their answers.
    """

    event: Event
    profile: Profile
    cells: tuple[str, ...] = ()
    indexes: tuple[str, ...] = ()
    threads: int = 1
    seed: int = 0
    figures: tuple[str, ...] = tuple(COMPARED)

    def compared(self, library: str = "") -> list[ComparedCell]:
        """Return the cells; those of a library where one is compared and no cell is named.

        Raises:
            BadInputError: as `ComparedCell.of`.
        """
        indexes = (cell for one in self.indexes for cell in self.profile.cells_of_index(one))
        texts = [*self.cells, *indexes]
        if not texts and library:
            texts = self.profile.cells_of_package(Requirement(library).name)
        return [
            ComparedCell.of(self.event, text, self.threads, self.seed)
            for text in dict.fromkeys(texts or self.profile.cells)
        ]


def profile_named(name: str) -> Profile:
    """Return a profile.

    Raises:
        BadInputError: there is none of that name.
    """
    if name not in PROFILES:
        raise unknown("profile", name, PROFILES)
    return PROFILES[name]
