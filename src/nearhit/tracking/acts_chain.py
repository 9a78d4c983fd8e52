"""ACTS' standard chain in memory: measurements, space points, seeds, Kalman filter, ambiguity."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nearhit.data.detector import PIXEL_VOLUMES, SENSORS, installed_acts, modules
from nearhit.data.event import Event
from nearhit.errors import SkippedError

from .acts_algorithms import MEASUREMENTS, PROTO_SEEDS, PROTO_TRACKS, TRACKS, algorithms

SEED, FOLLOW, RESOLVE = ("points", "seeds"), ("parameters", "tracks"), ("ambiguity",)
"""The algorithms of each stage."""


class ActsChain:
    """ACTS' algorithms, and the measurements of an event.

    Args:
        event: its hits.
        seed_pt: GeV, of seeds at least.
        min_hits: of a resolved track at least.

    Raises:
        SkippedError: a hit lies on no module of the detector.
        BadInputError: ACTS is not installed.
    """

    def __init__(self, event: Event, seed_pt: float, min_hits: int) -> None:
        self._acts = installed_acts()
        self._level = self._acts.logging.FATAL
        self._cuts = seed_pt, min_hits
        self._boards: list[Any] = []
        positions = event.hits.positions.astype(np.float64)
        module = modules().row_at(event.hits.volume, event.hits.layer, positions)
        if (module < 0).any():
            raise SkippedError(
                f"hit {event.hits.hit_id[module.argmin()]} lies on no module of the TrackML "
                "detector, which ACTS' chain runs in"
            )
        # Rows of hits in order of measurements, which are in order of geometry id.
        self.hit = np.argsort(modules().geometry_id[module], kind="stable").astype(np.int32)
        self.measurement = np.empty_like(self.hit)
        self.measurement[self.hit] = np.arange(len(self.hit), dtype=np.int32)
        self.in_pixels = np.isin(event.hits.volume, PIXEL_VOLUMES)
        self._container = self._measured(event, module, positions)

    def _measured(
        self, event: Event, module: NDArray[np.int64], positions: NDArray[np.float64]
    ) -> Any:
        local = modules().to_local(module, positions)
        pitch = np.array([SENSORS[int(volume)].pitch for volume in event.hits.volume])
        ids = {
            int(one): self._acts.GeometryIdentifier(int(one))
            for one in np.unique(modules().geometry_id[module])
        }
        container = self._acts.examples.MeasurementContainer()
        container.reserve(len(self.hit))
        columns = (modules().geometry_id[module], local, pitch**2 / 12)
        for one, place, variance in zip(
            *(column[self.hit].tolist() for column in columns), strict=True
        ):
            container.emplaceMeasurement(ids[one], [0, 1], place, variance)
        return container

    def board(self, measurements: Iterable[int] | None = None) -> Any:
        """Return a fresh context that holds the measurements given, or all."""
        examples = self._acts.examples
        chosen = range(len(self.hit)) if measurements is None else measurements
        subset = examples.MeasurementSubset(self._container, list(chosen))
        board = examples.WhiteBoard(self._level)
        self._boards[:] = [board]  # a context does not keep its white board alive
        context = examples.AlgorithmContext(0, 0, board, 0)
        self._put(context, MEASUREMENTS, examples.MeasurementSubset, subset)
        return context

    def run(self, context: Any, *names: str) -> None:
        """Run algorithms, by name, one after the other."""
        for name in names:
            self._algorithms[name].execute(context)

    def seeds(self, context: Any) -> list[tuple[int, ...]]:
        """Return the measurements of each seed that was found."""
        self.run(context, "seeds to proto")
        return [tuple(sorted(seed)) for seed in self._get(context, PROTO_SEEDS)]

    def put_seeds(self, context: Any, seeds: Iterable[tuple[int, ...]]) -> None:
        """Make seeds of measurements; their space points must be there."""
        examples = self._acts.examples
        proto = examples.ProtoTrackContainer()
        for seed in seeds:
            proto.append(examples.ProtoTrack(list(seed)))
        self._put(context, PROTO_SEEDS, examples.ProtoTrackContainer, proto)
        self.run(context, "proto to seeds")

    def n_candidates(self, context: Any) -> int:
        """Return how many tracks were found before ambiguities are resolved."""
        return len(self._get(context, TRACKS, "ConstTrackContainer"))

    def tracks(self, context: Any) -> list[NDArray[np.int32]]:
        """Return the hits of each resolved track, by their rows in the event."""
        self.run(context, "resolved 1", "resolved 2")
        found = self._get(context, PROTO_TRACKS)
        return [self.hit[np.array(list(track), np.int64)] for track in found]

    def _put(self, context: Any, key: str, kind: Any, value: Any) -> None:
        handle = self._acts.examples.WriteDataHandle(self._owner, kind, key)
        handle.initialize(key)
        handle(context, value)

    def _get(self, context: Any, key: str, kind: str = "ProtoTrackContainer") -> Any:
        examples = self._acts.examples
        handle = examples.ReadDataHandle(self._owner, getattr(examples, kind), key)
        handle.initialize(key)
        return handle(context.eventStore)

    @cached_property
    def _owner(self) -> Any:
        """Dummy algorithm that owns the data handles."""
        return self._acts.examples.IAlgorithm("nearhit", self._level)

    @cached_property
    def _algorithms(self) -> dict[str, Any]:
        return algorithms(self._acts, *self._cuts, self._level)
