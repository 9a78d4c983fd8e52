"""Hit weights of the TrackML score.

Source: the weights of the TrackML challenge. On its files, the formula below reproduces the
official weights of particles to five parts per million.
"""

import numpy as np
from numpy.typing import NDArray

from nearhit.errors import BadInputError

from .event import NOISE, Event
from .grouping import place_in_group

_PROFILE = (10, 8, 6, 5, 3, 3, 3, 5, 6)  # first to last hit along the track
_LEAST_HITS, _MOST_HITS = 4, 20
_LEAST_WEIGHT, _LOW_PT, _HIGH_PT = 0.2, 0.5, 3.0  # GeV

_BARCODE = 1 << 52  # barcodes hold the number of the collision, from 1, in the bits from here on
_SECONDARY = (1 << 24) - 1  # and number secondary particles in these; 0 for primary ones


def hit_weights(event: Event) -> NDArray[np.float64]:
    """Return the hit weights (n,): those of the event if it has any, else those of the formula.

    The hits of a particle share its pT weight (0.2 up to 0.5 GeV, rising linearly to 1 at 3 GeV
    and above) by their order in |z - vertex z|: 10, 8, 6, 5, 3, 3, 3, 5, 6, interpolated to their
    number, at most 20. Hits of particles with fewer than 4 hits have weight 0, and so do those of
    secondary particles, if the ids are barcodes. The weights sum to 1, or to 0.

    Raises:
        BadInputError: the event has no truth, or neither weights nor particles.
    """
    if event.truth is not None and event.truth.weight is not None:
        return event.truth.weight
    return formula_weights(event)


def formula_weights(event: Event) -> NDArray[np.float64]:
    """Return the hit weights (n,) by the formula of `hit_weights`.

    Raises:
        BadInputError: the event has no truth or no particles.
    """
    truth, particles = event.truth, event.particles
    if truth is None:
        raise BadInputError(f"{event.name} has no truth: weights need it.")
    if particles is None:
        raise BadInputError(f"{event.name} has no particles: weights need their pT and vertices.")
    row = particles.row_of(truth.particle_id)
    hits = np.flatnonzero((truth.particle_id > NOISE) & (row >= 0))
    row = row[hits]
    weight = np.zeros(len(event))
    distance = np.abs(event.hits.z[hits] - particles.vertex[row, 2])
    share = _share_by_order(row, distance)
    weight[hits] = share * _pt_weight(particles.pt)[row] * _primary(particles.particle_id)[row]
    total = weight.sum()
    return weight / total if total else weight


def _share_by_order(
    particle: NDArray[np.int64], distance: NDArray[np.float32]
) -> NDArray[np.float64]:
    """Return the share (n,) of each hit in its particle's weight, by its rank in distance."""
    order = np.lexsort((distance, particle))
    rank = np.empty(len(particle), np.int64)
    rank[order] = place_in_group(particle[order])
    size = np.bincount(particle)[particle]
    share: NDArray[np.float64] = _SHARES[size.clip(max=_MOST_HITS), rank.clip(max=_MOST_HITS - 1)]
    return share


def _shares() -> NDArray[np.float64]:
    """Return the shares by number of hits and rank, float64 (21, 20)."""
    table = np.zeros((_MOST_HITS + 1, _MOST_HITS))
    for n in range(_LEAST_HITS, _MOST_HITS + 1):
        profile = np.interp(np.linspace(0, len(_PROFILE) - 1, n), range(len(_PROFILE)), _PROFILE)
        table[n, :n] = profile / profile.sum()
    return table


_SHARES = _shares()


def _pt_weight(pt: NDArray[np.float32]) -> NDArray[np.float64]:
    return np.interp(pt, (_LOW_PT, _HIGH_PT), (_LEAST_WEIGHT, 1.0))


def _primary(particle_id: NDArray[np.int64]) -> NDArray[np.bool_]:
    barcodes = particle_id.size and particle_id.min() >= _BARCODE
    return (particle_id & _SECONDARY == 0) if barcodes else np.ones(len(particle_id), np.bool_)
