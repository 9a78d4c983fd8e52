"""What each hit counts in the TrackML score.

Source: the challenge's weights. On its files, the formula below gives the official weights of
particles to five parts in a million.
"""

import numpy as np
from numpy.typing import NDArray

from nearhit.errors import BadInputError

from .event import NOISE, Event
from .grouping import place_in_group

_PROFILE = (10, 8, 6, 5, 3, 3, 3, 5, 6)  # first to last hit along the track
_LEAST_HITS, _MOST_HITS = 4, 20
_LEAST_WEIGHT, _LOW_PT, _HIGH_PT = 0.2, 0.5, 3.0  # GeV

_BARCODE = 1 << 52  # ids of this kind hold the number of the collision, from 1, above these bits
_MADE = (1 << 24) - 1  # and which particle of the detector's own making it is in these


def hit_weights(event: Event) -> NDArray[np.float64]:
    """Return the weights (n,) of hits: the event's own where it has them, else by the formula.

    A particle's hits share its pT weight (0.2 at or below 0.5 GeV, linear to 1 at and above 3 GeV)
    by their order in |z - vertex z|: 10, 8, 6, 5, 3, 3, 3, 5, 6, interpolated to their number, at
    most 20. Particles of fewer than 4 hits weigh nothing, nor do those that the
    detector made, where ids tell (64-bit barcodes). All weights together are 1, or 0.

    Raises:
        BadInputError: the event has no truth, or neither weights nor particles.
    """
    if event.truth is not None and event.truth.weight is not None:
        return event.truth.weight
    return formula_weights(event)


def formula_weights(event: Event) -> NDArray[np.float64]:
    """Return the weights (n,) by the formula of `hit_weights`.

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
    """Return each hit's share (n,) of its particle, by its rank in distance among the hits."""
    order = np.lexsort((distance, particle))
    rank = np.empty(len(particle), np.int64)
    rank[order] = place_in_group(particle[order])
    size = np.bincount(particle)[particle]
    share: NDArray[np.float64] = _SHARES[size.clip(max=_MOST_HITS), rank.clip(max=_MOST_HITS - 1)]
    return share


def _shares() -> NDArray[np.float64]:
    """Return the table of shares by number of hits and rank."""
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
    return (particle_id & _MADE == 0) if barcodes else np.ones(len(particle_id), np.bool_)
