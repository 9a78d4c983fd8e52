"""Propagation of particles through the TrackML detector by the fast simulation ACTS Fatras."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
from nearhit.datasets.barcode import FIELDS, Barcode, daughter_ids
from nearhit.datasets.columns import as_array, plain_csv
from numpy.typing import NDArray

from nearhit.data.detector import FIELD, geometry, installed_acts
from nearhit.data.event import Table

from .generated import Generated

LEAST_MOMENTUM = 0.05
"""Momentum below which particles are dropped, GeV. The default of Fatras is 0.5."""

_PLACE, _MOMENTUM = ("tx", "ty", "tz"), ("tpx", "tpy", "tpz")
_STEP_COLUMNS = (
    *(f"particle_id_{name}" for name in FIELDS),
    "geometry_id",
    *_PLACE,
    *_MOMENTUM,
    "index",
)

_SENSITIVE = 0xFFFFF << 8  # the bits of a geometry id that number the module


@dataclass(frozen=True, eq=False)
class Steps(Table):
    """Crossings of surfaces that measure or have material, one row each.

    Attributes:
        particle_id: int64, positive.
        geometry_id: int64, geometry id of the surface.
        position: float64 (n, 3), global position, mm.
        momentum: float64 (n, 3), momentum before the surface, GeV.
        number: int64, index of the step on the path of its particle.
    """

    particle_id: NDArray[np.int64]
    geometry_id: NDArray[np.int64]
    position: NDArray[np.float64]
    momentum: NDArray[np.float64]
    number: NDArray[np.int64]

    @property
    def measured(self) -> NDArray[np.bool_]:
        """Mask (n,) of the steps that crossed a module."""
        return np.asarray((self.geometry_id & _SENSITIVE) != 0)


def follow(generated: Generated, taken: NDArray[np.int64], seed: int) -> tuple[Steps, Generated]:
    """Return the steps of the particles through the detector, and the secondary particles.

    Fatras propagates each particle through the field with multiple scattering, energy loss,
    radiation and conversions; the electrons of conversions are the secondary particles.

    Args:
        generated: the particles to propagate.
        taken: ids of all existing particles.
        seed: seed of all random numbers.

    Raises:
        BadInputError: the simulation is not installed.
    """
    acts = installed_acts()
    with TemporaryDirectory(prefix="nearhit-") as folder:
        _write_particles(generated, Path(folder))
        sequencer = sequencer_of(acts)
        sequencer.addReader(
            acts.examples.CsvParticleReader(
                level=acts.logging.ERROR,
                inputDir=folder,
                inputStem="particles",
                outputParticles="generated",
            )
        )
        sequencer.addAlgorithm(_simulation(acts, seed))
        sequencer.addWriter(
            acts.examples.CsvSimHitWriter(
                level=acts.logging.ERROR,
                inputSimHits="steps",
                outputDir=folder,
                outputStem="steps",
            )
        )
        sequencer.addWriter(
            acts.examples.CsvParticleWriter(
                level=acts.logging.ERROR,
                inputParticles="followed",
                outputDir=folder,
                outputStem="followed",
            )
        )
        sequencer.run()
        return _read(Path(folder), generated.particle_id, taken)


def sequencer_of(acts: Any) -> Any:
    """Return an ACTS sequencer for one event on one thread."""
    return acts.examples.Sequencer(
        events=1, numThreads=1, trackFpes=False, logLevel=acts.logging.ERROR
    )


def event_file(folder: Path, stem: str) -> Path:
    """Return the file that ACTS reads or writes for the only event of a sequencer."""
    return folder / f"event000000000-{stem}.csv"


def barcode_columns(particle_id: NDArray[np.int64]) -> dict[str, NDArray[np.int64]]:
    """Return the columns that identify particles in files of ACTS."""
    fields = Barcode.of(particle_id).fields
    return {f"particle_id_{name}": field for name, field in zip(FIELDS, fields, strict=True)}


def read_columns(file: Path, *names: str) -> dict[str, NDArray[Any]]:
    """Return the named columns of a CSV file of ACTS, or all of them."""
    options = pa.csv.ConvertOptions(include_columns=list(names))
    table = pa.csv.read_csv(file, convert_options=options)
    return {name: as_array(table[name]) for name in table.column_names}


def particle_columns(
    generated: Generated, particle_id: NDArray[np.int64]
) -> dict[str, NDArray[Any]]:
    """Return the columns of a file of particles of ACTS, with the given ids."""
    zero = np.zeros(len(generated), np.int64)
    return {
        **barcode_columns(particle_id),
        "particle_type": generated.kind,
        "process": zero,
        **dict(zip(("vx", "vy", "vz"), generated.vertex.T, strict=True)),
        "vt": zero,
        **dict(zip(("px", "py", "pz"), generated.momentum.T, strict=True)),
        "m": generated.mass,
        "q": generated.charge,
    }


def step_columns(steps: Steps) -> dict[str, NDArray[Any]]:
    """Return the columns of a file of simulated hits of ACTS; times and energy losses are 0."""
    none = np.zeros(len(steps))
    return {
        **barcode_columns(steps.particle_id),
        "geometry_id": steps.geometry_id,
        **dict(zip(_PLACE, steps.position.T, strict=True)),
        "tt": none,
        **dict(zip(_MOMENTUM, steps.momentum.T, strict=True)),
        "te": np.linalg.norm(steps.momentum, axis=1),
        **dict.fromkeys(("deltapx", "deltapy", "deltapz", "deltae"), none),
        "index": steps.number,
    }


def _simulation(acts: Any, seed: int) -> Any:
    return acts.examples.FatrasSimulation(
        level=acts.logging.FATAL,
        inputParticles="generated",
        outputParticles="followed",
        outputSimHits="steps",
        randomNumbers=acts.examples.RandomNumbers(seed=seed),
        trackingGeometry=geometry(),
        magneticField=acts.ConstantBField(acts.Vector3(0, 0, FIELD * acts.UnitConstants.T)),
        pMin=LEAST_MOMENTUM * acts.UnitConstants.GeV,
        generateHitsOnSensitive=True,
        generateHitsOnMaterial=True,
        emScattering=True,
        emEnergyLossIonisation=True,
        emEnergyLossRadiation=True,
        emPhotonConversion=True,
    )


def _write_particles(generated: Generated, folder: Path) -> None:
    columns = particle_columns(generated, _numbered(len(generated)))
    event_file(folder, "particles").write_bytes(plain_csv(columns))


def _numbered(n: int) -> NDArray[np.int64]:
    """Return ids of generation 0 for n particles, because Fatras accepts no others."""
    vertex, particle = np.divmod(np.arange(n), 50_000)
    none = np.zeros(n, np.int64)
    return Barcode((vertex + 1, none, particle + 1, none, none)).particle_id


def _read(
    folder: Path, given: NDArray[np.int64], taken: NDArray[np.int64]
) -> tuple[Steps, Generated]:
    """Return steps and particles from Fatras, with its ids replaced by given and new ones."""
    followed = read_columns(event_file(folder, "followed"))
    known = _numbered(len(given))
    its_own = _particle_id(followed)
    made = (followed["particle_id_gen"] > 0) & (followed["q"] != 0)
    parents = given[np.searchsorted(known, _first_generation(its_own[made]))]
    ids = np.concatenate((given, daughter_ids(parents, taken)))
    its_own = np.concatenate((known, its_own[made]))
    steps = read_columns(event_file(folder, "steps"), *_STEP_COLUMNS)
    order = np.argsort(its_own)
    rows = order[np.searchsorted(its_own, _particle_id(steps), sorter=order)]
    particles = {name: column[made] for name, column in followed.items()}
    return _steps(steps, ids[rows]), _particles(particles, ids[len(given) :])


def _first_generation(particle_id: NDArray[np.int64]) -> NDArray[np.int64]:
    first, second, particle, generation, _ = Barcode.of(particle_id).fields
    none = np.zeros_like(generation)
    return Barcode((first, second, particle, none, none)).particle_id


def _particle_id(columns: dict[str, NDArray[Any]]) -> NDArray[np.int64]:
    fields = (columns[f"particle_id_{name}"].astype(np.int64) for name in FIELDS)
    return Barcode(tuple(fields)).particle_id


def _steps(columns: dict[str, NDArray[Any]], particle_id: NDArray[np.int64]) -> Steps:
    return Steps(
        particle_id=particle_id,
        geometry_id=columns["geometry_id"].astype(np.int64),
        position=_vectors(columns, *_PLACE),
        momentum=_vectors(columns, *_MOMENTUM),
        number=columns["index"].astype(np.int64),
    )


def _particles(columns: dict[str, NDArray[Any]], particle_id: NDArray[np.int64]) -> Generated:
    return Generated(
        particle_id=particle_id,
        kind=columns["particle_type"].astype(np.int64),
        vertex=_vectors(columns, "vx", "vy", "vz"),
        momentum=_vectors(columns, "px", "py", "pz"),
        mass=columns["m"].astype(float),
        charge=columns["q"].astype(float),
    )


def _vectors(columns: dict[str, NDArray[Any]], *names: str) -> NDArray[np.float64]:
    return np.column_stack([columns[name] for name in names]).astype(float)
