"""ACTS' own geometric digitisation, to hold nearhit's against."""

import json

import acts
import acts.examples
import acts.examples.json
import numpy as np
from nearhit.datasets.columns import plain_csv
from nearhit.datasets.simulation.fatras import event_file, read_columns, sequencer_of, step_columns

from nearhit.data.detector import SENSORS, geometry, modules


def digitise(steps, folder):
    """Return the positions (n, 3), and (step, channel along u, along v) of what fires (c, 3)."""
    event_file(folder, "steps").write_bytes(plain_csv(step_columns(steps)))
    (folder / "settings.json").write_text(json.dumps(_settings()))
    quiet = acts.logging.ERROR
    chain = sequencer_of(acts)
    chain.addReader(
        acts.examples.CsvSimHitReader(
            level=quiet, inputDir=str(folder), inputStem="steps", outputSimHits="simhits"
        )
    )
    config = acts.examples.DigitizationAlgorithm.Config(
        digitizationConfigs=acts.examples.json.readDigiConfigFromJson(
            str(folder / "settings.json")
        ),
        surfaceByIdentifier=geometry().geoIdSurfaceMap(),
        randomNumbers=acts.examples.RandomNumbers(seed=1),
        inputSimHits="simhits",
        outputMeasurements="measurements",
        outputMeasurementParticlesMap="measurement_particles",
        outputMeasurementSimHitsMap="measurement_simhits",
        outputParticleMeasurementsMap="particle_measurements",
        outputSimHitMeasurementsMap="simhit_measurements",
        doMerge=False,
    )
    chain.addAlgorithm(acts.examples.DigitizationAlgorithm(config, quiet))
    chain.addWriter(
        acts.examples.CsvMeasurementWriter(
            level=quiet,
            inputMeasurements="measurements",
            inputClusters=config.outputClusters,
            inputMeasurementSimHitsMap="measurement_simhits",
            outputDir=str(folder),
        )
    )
    chain.run()
    return _answer(folder, len(steps))


def _answer(folder, n):
    made_by = read_columns(event_file(folder, "measurement-simhit-map"))
    step = np.empty(n, np.int64)
    step[made_by["measurement_id"]] = made_by["hit_id"]
    places = [f"global_{axis}" for axis in "xyz"]
    measured = read_columns(event_file(folder, "measurements"), *places)
    position = np.empty((n, 3))
    position[step] = np.column_stack([measured[place] for place in places])
    cells = read_columns(event_file(folder, "cells"))
    channels = (step[cells["measurement_id"]], cells["channel0"], cells["channel1"])
    return position, np.column_stack(channels)


def _settings():
    head = {"format-version": 0, "value-identifier": "digitization-configuration"}
    detector, entries = modules(), []
    # A volume's modules differ in size layer by layer, and their channels start at the corner.
    places = np.unique(np.stack((detector.volume, detector.layer, detector.module)), axis=1).T
    for volume, layer, module in places.tolist():
        row = np.flatnonzero(
            (detector.volume == volume) & (detector.layer == layer) & (detector.module == module)
        )[0]
        half = (detector.half_widths[row].max(), detector.half_height[row])
        where = {"volume": volume, "layer": layer, "sensitive": module}
        entries.append(where | {"value": _geometric(SENSORS[volume], half)})
    return {"acts-geometry-hierarchy-map": head, "entries": entries}


def _geometric(sensor, half):
    binning = [
        {
            "bins": round(2 * size / pitch),
            "min": -size,
            "max": size,
            "option": "open",
            "type": "equidistant",
            "value": axis,
        }
        for axis, size, pitch in zip(("binX", "binY"), half, sensor.pitch, strict=True)
    ]
    return {
        "geometric": {
            "indices": [0, 1],
            "digital": not sensor.analogue,
            "threshold": 0.0,
            "thickness": sensor.thickness,
            "segmentation": {"binningdata": binning},
        }
    }
