"""Algorithms of ACTS' standard chain, with their settings.

Source: the full chain of ACTS' examples, with the settings for its generic detector, which is
TrackML's.
"""

from typing import Any

from nearhit.data.detector import FIELD, PIXEL_VOLUMES, geometry

MEASUREMENTS, PROTO_SEEDS = "measurement_subset", "proto_seeds"
TRACKS, PROTO_TRACKS = "tracks", "proto_tracks"
_POINTS, _SEEDS, _RESOLVED = "space_points", "seeds", "resolved"
"""What the algorithms read and write, by its name on the white board."""

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


def algorithms(acts: Any, seed_pt: float, min_hits: int, level: Any) -> dict[str, Any]:
    """Return the algorithms by name.

    Args:
        acts: the module of ACTS.
        seed_pt: GeV, of seeds at least.
        min_hits: of a resolved track at least.
        level: of logging.
    """
    examples, unit = acts.examples, acts.UnitConstants
    field = acts.ConstantBField(acts.Vector3(0, 0, FIELD * unit.T))
    finder = examples.TrackFindingAlgorithm.makeTrackFinderFunction(geometry(), field, level)
    brem = examples.TrackFindingAlgorithm.makeBremTrackFinderFunction(geometry(), field, level)
    cuts: Any = ([], [15.0], [25.0], [1])  # chi squared, and branches
    selector = acts.MeasurementSelector.Config([(acts.GeometryIdentifier(), cuts)])
    where = {"level": level, "trackingGeometry": geometry()}
    conversions = {}
    for key in (TRACKS, _RESOLVED):
        between = f"{key}_trajectories"
        conversions[f"{key} 1"] = examples.TracksToTrajectories(
            level=level, inputTracks=key, outputTrajectories=between
        )
        conversions[f"{key} 2"] = examples.TrajectoriesToProtoTracks(
            level=level, inputTrajectories=between, outputProtoTracks=PROTO_TRACKS
        )
    return conversions | {
        "points": examples.SpacePointMaker(
            inputMeasurements=MEASUREMENTS,
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
            minPt=seed_pt * unit.GeV,
            **{name: value * unit.mm for name, value in _SEEDING_MM.items()},
            **_SEEDING,
        ),
        "seeds to proto": examples.SeedsToProtoTracks(
            level=level, inputSeeds=_SEEDS, outputProtoTracks=PROTO_SEEDS
        ),
        "proto to seeds": examples.ProtoTracksToSeeds(
            level=level,
            inputProtoTracks=PROTO_SEEDS,
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
            inputMeasurements=MEASUREMENTS,
            inputInitialTrackParameters="parameters",
            inputSeeds="estimated_seeds",
            outputTracks=TRACKS,
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
            inputTracks=TRACKS,
            outputTracks=_RESOLVED,
            maximumSharedHits=3,
            nMeasurementsMin=min_hits,
            maximumIterations=1_000_000,
        ),
    }
