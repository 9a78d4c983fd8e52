"""ACTS' standard chain, run in memory: measurements, space points, seeds, Kalman filter, ambiguity.

Source: the full chain of ACTS' examples, with the settings for its generic detector, which is
TrackML's.
"""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nearhit.data.detector import FIELD, PIXEL_VOLUMES, SENSORS, geometry, installed_acts, modules
from nearhit.data.event import Event
from nearhit.errors import SkippedError

_SUBSET, _POINTS, _SEEDS, _PROTO_SEEDS = (
    "measurement_subset",
    "space_points",
    "seeds",
    "proto_seeds",
)
_TRACKS, _RESOLVED, _PROTO_TRACKS = "tracks", "resolved", "proto_tracks"

SEED, FOLLOW, RESOLVE = ("points", "seeds"), ("parameters", "tracks"), ("ambiguity",)
"""The algorithms of each stage."""


class ActsChain:
    """ACTS' algorithms, and an event in the form that they read.

    Args:
        event: its hits.
        seed_pt: GeV, of seeds at least.

    Raises:
        SkippedError: a hit lies on no module of the detector.
        BadInputError: ACTS is not installed.
    """

    def __init__(self, event: Event, seed_pt: float) -> None:
        self._acts = installed_acts()
        self._level = self._acts.logging.FATAL
        self._seed_pt = seed_pt
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
        self._boards[:] = [board]  # a context does not keep its own alive
        context = examples.AlgorithmContext(0, 0, board, 0)
        self._put(context, _SUBSET, examples.MeasurementSubset, subset)
        return context

    @cached_property
    def _boards(self) -> list[Any]:
        return []

    def run(self, context: Any, *names: str) -> None:
        """Run algorithms, by name, one after the other."""
        for name in names:
            self._algorithms[name].execute(context)

    def seeds(self, context: Any) -> list[tuple[int, ...]]:
        """Return the measurements of each seed that was found."""
        self.run(context, "seeds to proto")
        return [tuple(sorted(seed)) for seed in self._get(context, _PROTO_SEEDS)]

    def put_seeds(self, context: Any, seeds: Iterable[tuple[int, ...]]) -> None:
        """Make seeds of measurements; their space points must be there."""
        examples = self._acts.examples
        proto = examples.ProtoTrackContainer()
        for seed in seeds:
            proto.append(examples.ProtoTrack(list(seed)))
        self._put(context, _PROTO_SEEDS, examples.ProtoTrackContainer, proto)
        self.run(context, "proto to seeds")

    def n_candidates(self, context: Any) -> int:
        """Return how many tracks were found before ambiguities are resolved."""
        return len(self._get(context, _TRACKS, "ConstTrackContainer"))

    def tracks(self, context: Any) -> list[NDArray[np.int32]]:
        """Return the hits of each resolved track, by their rows in the event."""
        self.run(context, "resolved 1", "resolved 2")
        found = self._get(context, _PROTO_TRACKS)
        return [self.hit[np.array(list(track), np.int64)] for track in found]

    def _put(self, context: Any, key: str, kind: Any, value: Any) -> None:
        handle = self._acts.examples.WriteDataHandle(self._door, kind, key)
        handle.initialize(key)
        handle(context, value)

    def _get(self, context: Any, key: str, kind: str = "ProtoTrackContainer") -> Any:
        examples = self._acts.examples
        handle = examples.ReadDataHandle(self._door, getattr(examples, kind), key)
        handle.initialize(key)
        return handle(context.eventStore)

    @cached_property
    def _door(self) -> Any:
        """Whose handles these are: an algorithm, as ACTS wants it."""
        return self._acts.examples.IAlgorithm("nearhit", self._level)

    @cached_property
    def _algorithms(self) -> dict[str, Any]:
        acts, examples, level = self._acts, self._acts.examples, self._level
        unit = acts.UnitConstants
        field = acts.ConstantBField(acts.Vector3(0, 0, FIELD * unit.T))
        finder = examples.TrackFindingAlgorithm.makeTrackFinderFunction(geometry(), field, level)
        brem = examples.TrackFindingAlgorithm.makeBremTrackFinderFunction(geometry(), field, level)
        cuts: Any = ([], [15.0], [25.0], [1])  # chi squared, and branches
        selector = acts.MeasurementSelector.Config([(acts.GeometryIdentifier(), cuts)])
        where = {"level": level, "trackingGeometry": geometry()}
        conversions = {}
        for key in (_TRACKS, _RESOLVED):
            between = f"{key}_trajectories"
            conversions[f"{key} 1"] = examples.TracksToTrajectories(
                level=level, inputTracks=key, outputTrajectories=between
            )
            conversions[f"{key} 2"] = examples.TrajectoriesToProtoTracks(
                level=level, inputTrajectories=between, outputProtoTracks=_PROTO_TRACKS
            )
        return conversions | {
            "points": examples.SpacePointMaker(
                inputMeasurements=_SUBSET,
                outputSpacePoints=_POINTS,
                geometrySelection=[acts.GeometryIdentifier(volume=v) for v in PIXEL_VOLUMES],
                stripGeometrySelection=[],
                **where,
            ),
            "seeds": examples.GridTripletSeedingAlgorithm(
                level=level,
                inputSpacePoints=_POINTS,
                outputSeeds=_SEEDS,
                bFieldInZ=FIELD * unit.T,
                minPt=self._seed_pt * unit.GeV,
                **{name: value * unit.mm for name, value in _SEEDING_MM.items()},
                **_SEEDING,
            ),
            "seeds to proto": examples.SeedsToProtoTracks(
                level=level, inputSeeds=_SEEDS, outputProtoTracks=_PROTO_SEEDS
            ),
            "proto to seeds": examples.ProtoTracksToSeeds(
                level=level,
                inputProtoTracks=_PROTO_SEEDS,
                inputSpacePoints=_POINTS,
                outputSeeds=_SEEDS,
                outputProtoTracks="proto_seeds_kept",
            ),
            "parameters": examples.TrackParamsEstimationAlgorithm(
                inputSeeds=_SEEDS,
                outputTrackParameters="parameters",
                outputSeeds="estimated_seeds",
                magneticField=field,
                initialSigmas=[
                    unit.mm,
                    unit.mm,
                    unit.degree,
                    unit.degree,
                    0.1 * unit.e / unit.GeV,
                    unit.ns,
                ],
                initialSigmaPtRel=0.1,
                initialVarInflation=[1.0] * 6,
                particleHypothesis=acts.ParticleHypothesis.pion,
                **where,
            ),
            "tracks": examples.TrackFindingAlgorithm(
                measurementSelectorCfg=selector,
                inputMeasurements=_SUBSET,
                inputInitialTrackParameters="parameters",
                inputSeeds="estimated_seeds",
                outputTracks=_TRACKS,
                findTracks=finder,
                findTracksBrem=brem,
                magneticField=field,
                twoWay=True,
                seedDeduplication=True,
                stayOnSeed=True,
                **where,
            ),
            "ambiguity": examples.GreedyAmbiguityResolutionAlgorithm(
                level=level,
                inputTracks=_TRACKS,
                outputTracks=_RESOLVED,
                maximumSharedHits=3,
                nMeasurementsMin=6,
                maximumIterations=1_000_000,
            ),
        }


_SEEDING_MM = {
    "impactMax": 3.0,
    **dict.fromkeys(("deltaRMin", "deltaRMinTop", "deltaRMinBottom"), 1.0),
    **dict.fromkeys(("deltaRMax", "deltaRMaxTop", "deltaRMaxBottom"), 60.0),
    "rMin": 0.0,
    "rMax": 200.0,
    "zMin": -2000.0,
    "zMax": 2000.0,
    "collisionRegionMin": -250.0,
    "collisionRegionMax": 250.0,
}
_SEEDING = {
    "cotThetaMax": 27.29,
    "sigmaScattering": 5.0,
    "radLengthPerSeed": 0.1,
    "maxSeedsPerSpM": 1,
}
