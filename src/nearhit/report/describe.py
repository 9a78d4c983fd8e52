"""An event in numbers."""

from typing import Any

import numpy as np

from nearhit.data.event import NOISE, UNKNOWN, Event
from nearhit.data.spectra import SPECTRA, Spectrum, hits_by
from nearhit.data.weights import hit_weights
from nearhit.quality import Trackable, label_hits


def describe(event: Event) -> dict[str, Any]:
    """Return what an event holds, ready for JSON; what it lacks is None."""
    return {
        "name": event.name,
        "digest": event.digest,
        "origin": event.origin or None,
        "hits": len(event),
        "hits_per_volume": hits_by(event, "volume"),
        "hits_per_layer": hits_by(event, "volume", "layer"),
        **_truth(event),
        "generated_particles": None if event.particles is None else len(event.particles),
        "particles_above_1_gev": None
        if event.particles is None
        else int((event.particles.pt >= 1).sum()),
        "spectra": {spectrum.name: _spectrum(event, spectrum) for spectrum in SPECTRA},
    }


def _spectrum(event: Event, spectrum: Spectrum) -> dict[str, Any] | None:
    values = spectrum.values(event)
    if not len(values):
        return None
    return {
        "label": spectrum.label,
        "n": len(values),
        "mean": float(np.mean(values)),
        "median": float(np.median(values)),
        "edges": [float(f"{edge:.6g}") for edge in spectrum.edges],
        "counts": spectrum.histogram(event).tolist(),
    }


def _truth(event: Event) -> dict[str, Any]:
    if event.truth is None:
        return dict.fromkeys(
            (
                "hits_with_truth",
                "hits_of_unknown_truth",
                "noise_share",
                "particles_with_hits",
                "trackable_particles",
                "sum_of_weights",
            )
        )
    labels = label_hits(event, Trackable())
    known = event.truth.particle_id != UNKNOWN
    noise = event.truth.particle_id == NOISE
    weighed = event.truth.weight is not None or event.particles is not None
    return {
        "hits_with_truth": int(known.sum()),
        "hits_of_unknown_truth": int((~known).sum()),
        "noise_share": float(noise.sum() / known.sum()) if known.any() else None,
        "particles_with_hits": len(labels.sizes),
        "trackable_particles": labels.n_trackable,
        "sum_of_weights": float(hit_weights(event).sum()) if weighed else None,
    }
