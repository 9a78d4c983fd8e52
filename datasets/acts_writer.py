"""Write a simulated event as the CSV files that the readers of ACTS expect."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nearhit.data.detector import modules
from nearhit.data.event import Cells

from .columns import Columns, plain_csv
from .simulation.fatras import particle_columns, step_columns
from .simulation.simulate import Simulated
from .trackml_writer import write_files


def write_for_acts(simulated: Simulated, prefix: Path | str) -> None:
    """Write measurements with geometry ids, simulated hits, the map between them, and particles.

    Cells are written if the event has any. The files are read by the classes
    `CsvMeasurementReader`, `CsvSimHitReader` and `CsvParticleReader` of `acts.examples`. Rows are
    ordered by geometry id, and measurement i is hit i + 1 of the event.

    Raises:
        BadInputError: the folder cannot be written.
    """
    tables: dict[str, Columns] = {
        "measurements": _measurements(simulated),
        "measurement-simhit-map": _map(simulated),
        "hits": step_columns(simulated.steps.select(simulated.measured.step)),
        "particles_simulated": particle_columns(
            simulated.generated, simulated.generated.particle_id
        ),
    }
    if simulated.event.cells is not None:
        tables["cells"] = _cells(simulated, simulated.event.cells)
    write_files((f"{prefix}-{stem}.csv", plain_csv(columns)) for stem, columns in tables.items())


def _measurements(simulated: Simulated) -> Columns:
    measured = simulated.measured
    n = len(measured)
    none = np.zeros(n)
    return {
        "measurement_id": np.arange(n),
        "geometry_id": _geometry_id(simulated),
        "local_key": np.full(n, 6),  # bits of the two measured coordinates
        "local0": measured.local[:, 0],
        "local1": measured.local[:, 1],
        **dict.fromkeys(("phi", "theta", "time"), none),
        "var_local0": measured.variance[:, 0],
        "var_local1": measured.variance[:, 1],
        **dict.fromkeys(("var_phi", "var_theta", "var_time"), none),
        **dict(zip(("global_x", "global_y", "global_z"), measured.position.T, strict=True)),
    }


def _map(simulated: Simulated) -> Columns:
    each = np.arange(len(simulated.measured))
    return {"measurement_id": each, "hit_id": each}


def _cells(simulated: Simulated, cells: Cells) -> Columns:
    return {
        "geometry_id": _geometry_id(simulated)[cells.hit],
        "measurement_id": cells.hit,
        "channel0": cells.ch0,
        "channel1": cells.ch1,
        "timestamp": np.zeros(len(cells), np.int64),
        "value": cells.value,
    }


def _geometry_id(simulated: Simulated) -> NDArray[np.int64]:
    return modules().geometry_id[simulated.measured.module]
