"""An event in a few numbers."""

from typing import Any

import numpy as np

from .event import NOISE, UNKNOWN, Event
from .quality import Trackable, label_hits


def describe(event: Event) -> dict[str, Any]:
    """Return what an event holds, ready for JSON; what it lacks is None."""
    return {
        "name": event.name,
        "digest": event.digest,
        "hits": len(event),
        "hits_per_volume": _hits_per_volume(event),
        **_truth(event),
        "generated_particles": None if event.particles is None else len(event.particles),
        "particles_above_1_gev": None
        if event.particles is None
        else int((event.particles.pt >= 1).sum()),
    }


def _hits_per_volume(event: Event) -> dict[str, int]:
    volumes, counts = np.unique(event.hits.volume, return_counts=True)
    return {str(volume): int(count) for volume, count in zip(volumes, counts, strict=True)}


def _truth(event: Event) -> dict[str, Any]:
    if event.truth is None:
        return dict.fromkeys(
            ("hits_with_truth", "noise_share", "particles_with_hits", "trackable_particles")
        )
    labels = label_hits(event, Trackable())
    known = event.truth.particle_id != UNKNOWN
    noise = event.truth.particle_id == NOISE
    return {
        "hits_with_truth": int(known.sum()),
        "noise_share": float(noise.sum() / known.sum()) if known.any() else None,
        "particles_with_hits": len(labels.sizes),
        "trackable_particles": labels.n_trackable,
    }
