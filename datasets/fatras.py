"""Where particles cross the TrackML detector, by the fast simulation ACTS Fatras."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from nearhit.errors import BadInputError
from nearhit.event import Particles, Table

from .detector import Modules
from .pythia import Generated

FIELD = 2.0
"""Of the solenoid, tesla."""

_ID_FIELDS = ("pv", "sv", "part", "gen", "subpart")
_ID_SHIFTS = (52, 40, 24, 16, 0)  # the 64 bits of a particle id, as the challenge's files have them


@dataclass(frozen=True, eq=False)
class Crossings(Table):
    """Where particles crossed modules, exactly; one row each.

    Attributes:
        particle_id: int64, positive.
        geometry_id: int64, of the module.
        position: float64 (n, 3), global, mm.
    """

    particle_id: NDArray[np.int64]
    geometry_id: NDArray[np.int64]
    position: NDArray[np.float64]


def propagate(generated: Generated, seed: int) -> tuple[Crossings, Particles]:
    """Return where the particles, and those they make on their way, cross the detector.

    Fatras follows each through the field, with multiple scattering, energy loss and conversions.

    Raises:
        BadInputError: the simulation is not installed.
    """
    acts, simulation, detector = _detector()
    with TemporaryDirectory(prefix="nearhit-") as folder:
        _write_particles(generated, Path(folder))
        sequencer = acts.examples.Sequencer(
            events=1, numThreads=1, trackFpes=False, logLevel=acts.logging.ERROR
        )
        sequencer.addReader(
            acts.examples.CsvParticleReader(
                level=acts.logging.ERROR,
                inputDir=folder,
                inputStem="particles",
                outputParticles="particles_generated",
            )
        )
        sequencer.addWhiteboardAlias("particles_generated_selected", "particles_generated")
        simulation.addFatras(
            sequencer,
            detector.trackingGeometry(),
            acts.ConstantBField(acts.Vector3(0, 0, FIELD * acts.UnitConstants.T)),
            rnd=acts.examples.RandomNumbers(seed=seed),
            outputDirCsv=folder,
            logLevel=acts.logging.FATAL,
        )
        sequencer.run()
        hits = pd.read_csv(Path(folder) / "event000000000-hits.csv")
        particles = pd.read_csv(Path(folder) / "event000000000-particles_simulated.csv")
    crossings = _crossings(hits)
    return crossings, _particles(particles, crossings)


@cache
def modules() -> Modules:
    """Return the modules of the detector.

    Raises:
        BadInputError: the simulation is not installed.
    """
    acts, _, detector = _detector()
    context = acts.GeometryContext.dangerouslyDefaultConstruct()
    surfaces: list[Any] = []
    detector.trackingGeometry().visitSurfaces(surfaces.append)
    surfaces.sort(key=lambda surface: surface.geometryId.value)
    ids = [surface.geometryId for surface in surfaces]
    shapes = np.array([_half_sizes(surface.bounds.values()) for surface in surfaces])
    return Modules(
        geometry_id=np.array([one.value for one in ids], np.int64),
        volume=np.array([one.volume for one in ids], np.int32),
        layer=np.array([one.layer for one in ids], np.int32),
        module=np.array([one.sensitive for one in ids], np.int32),
        centre=np.array([_vector(surface.center(context)) for surface in surfaces]),
        axes=np.array(
            [_axes(surface.localToGlobalTransform(context).rotation) for surface in surfaces]
        ),
        half_widths=shapes[:, :2],
        half_height=shapes[:, 2],
    )


def _half_sizes(bounds: list[float]) -> tuple[float, float, float]:
    """Return the half widths below and above and the half height of a rectangle or a trapezoid."""
    first, second, third, fourth = bounds
    # ACTS gives a rectangle by its corners, a trapezoid by half sizes and a rotation of 0.
    return (third, third, fourth) if first < 0 else (first, second, third)


def _vector(point: Any) -> tuple[float, float, float]:
    return point[0], point[1], point[2]


def _axes(rotation: Any) -> list[list[float]]:
    return [[rotation[row, column] for column in (0, 1)] for row in (0, 1, 2)]


@cache
def _detector() -> tuple[Any, Any, Any]:
    try:
        import acts  # noqa: PLC0415 - an extra
        import acts.examples  # noqa: PLC0415
        import acts.examples.simulation  # noqa: PLC0415
    except ImportError:
        raise BadInputError(
            "Simulation needs Pythia 8 and ACTS: pip install 'nearhit[simulate]'."
        ) from None
    config = acts.examples.GenericDetector.Config()
    for level in ("logLevel", "surfaceLogLevel", "layerLogLevel", "volumeLogLevel"):
        setattr(config, level, acts.logging.ERROR)
    return acts, acts.examples.simulation, acts.examples.GenericDetector(config)


def _write_particles(generated: Generated, folder: Path) -> None:
    number = pd.Series(generated.collision).groupby(generated.collision).cumcount() + 1
    table = pd.DataFrame(
        {
            "particle_id_pv": generated.collision,
            "particle_id_sv": 0,
            "particle_id_part": number,
            "particle_id_gen": 0,
            "particle_id_subpart": 0,
            "particle_type": generated.kind,
            "process": 0,
        }
    )
    table[["vx", "vy", "vz"]] = generated.vertex
    table["vt"] = 0.0
    table[["px", "py", "pz"]] = generated.momentum
    table["m"] = generated.mass
    table["q"] = generated.charge
    table.to_csv(folder / "event000000000-particles.csv", index=False)


def _particle_id(table: pd.DataFrame) -> NDArray[np.int64]:
    ids = np.zeros(len(table), np.int64)
    for field, shift in zip(_ID_FIELDS, _ID_SHIFTS, strict=True):
        ids |= table[f"particle_id_{field}"].to_numpy(np.int64) << shift
    return ids


def _crossings(hits: pd.DataFrame) -> Crossings:
    return Crossings(
        particle_id=_particle_id(hits),
        geometry_id=hits["geometry_id"].to_numpy(np.int64),
        position=hits[["tx", "ty", "tz"]].to_numpy(np.float64),
    )


def _particles(table: pd.DataFrame, crossings: Crossings) -> Particles:
    ids = _particle_id(table)
    seen, counts = np.unique(crossings.particle_id, return_counts=True)
    hits = pd.Series(counts, index=seen).reindex(ids, fill_value=0)
    return Particles(
        particle_id=ids,
        momentum=table[["px", "py", "pz"]].to_numpy(np.float32),
        vertex=table[["vx", "vy", "vz"]].to_numpy(np.float32),
        charge=table["q"].to_numpy(np.float32),
        nhits=hits.to_numpy(np.int32),
    )
