"""Hits of each particle in each bucket: one pass, from which every quality figure follows."""

from dataclasses import dataclass

import numba
import numpy as np
from numpy.typing import NDArray

from nearhit.data.buckets import Buckets

from .labels import NOISE_LABEL, UNKNOWN_LABEL, Labels

_CHUNKS_PER_THREAD = 4  # balances the load: buckets differ in cost


@dataclass(frozen=True, eq=False)
class BucketCounts:
    """Hits of particles in buckets.

    Attributes:
        leading: int32 (q,), hits of the leading particle of each bucket; 0 if it holds none.
        known: int32 (q,), hits of each bucket that have truth, noise included.
        noise: int32 (q,), hits of each bucket that no particle left.
        most: int32 (p,), largest number of hits of each particle in one bucket.
        labels: the particles.
    """

    leading: NDArray[np.int32]
    known: NDArray[np.int32]
    noise: NDArray[np.int32]
    most: NDArray[np.int32]
    labels: Labels


def count_buckets(buckets: Buckets, labels: Labels) -> BucketCounts:
    """Count the hits of each particle in each bucket."""
    members = np.ascontiguousarray(buckets.members)
    chunks = min(len(members), _CHUNKS_PER_THREAD * numba.get_num_threads())
    edges = np.linspace(0, len(members), chunks + 1).astype(np.int64)
    leading, known, noise, most = _count(members, labels.of_hit, len(labels.sizes), edges)
    return BucketCounts(leading, known, noise, most.max(axis=0, initial=0), labels)


@numba.njit(parallel=True, cache=True)
def _count(
    members: NDArray[np.int32],
    label_of_hit: NDArray[np.int32],
    n_particles: int,
    edges: NDArray[np.int64],
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    leading = np.zeros(len(members), np.int32)
    known = np.zeros(len(members), np.int32)
    noise = np.zeros(len(members), np.int32)
    most = np.zeros((len(edges) - 1, n_particles), np.int32)
    for chunk in numba.prange(len(edges) - 1):
        here = np.zeros(n_particles, np.int32)
        for bucket in range(edges[chunk], edges[chunk + 1]):
            counted = _count_one(members[bucket], label_of_hit, here)
            leading[bucket], known[bucket], noise[bucket] = counted
            _forget_one(members[bucket], label_of_hit, here, most[chunk])
    return leading, known, noise, most


@numba.njit(cache=True)
def _count_one(
    hits: NDArray[np.int32], label_of_hit: NDArray[np.int32], here: NDArray[np.int32]
) -> tuple[int, int, int]:
    leading = 0
    known = 0
    noise = 0
    for hit in hits:
        label = label_of_hit[hit] if hit >= 0 else UNKNOWN_LABEL
        if label >= NOISE_LABEL:
            known += 1
        if label == NOISE_LABEL:
            noise += 1
        if label >= 0:
            here[label] += 1
            leading = max(leading, here[label])
    return leading, known, noise


@numba.njit(cache=True)
def _forget_one(
    hits: NDArray[np.int32],
    label_of_hit: NDArray[np.int32],
    here: NDArray[np.int32],
    most: NDArray[np.int32],
) -> None:
    for hit in hits:
        label = label_of_hit[hit] if hit >= 0 else UNKNOWN_LABEL
        if label >= 0:
            most[label] = max(most[label], here[label])
            here[label] = 0
