"""Quality figures of buckets, one row each: pure functions of the counts."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from .counts import BucketCounts
from .labels import UNKNOWN_LABEL, Labels, Trackable


@dataclass(frozen=True)
class Figure:
    """One quality figure.

    Attributes:
        name: its key in records.
        unit: 1 for a share.
        better: the direction in which buckets are better.
        formula: the definition in one line.
        value: computes it; NaN where it is undefined.
    """

    name: str
    unit: str
    better: Literal["higher", "lower"]
    formula: str
    value: Callable[[BucketCounts, Trackable], float]


def bucket_purity(counts: BucketCounts, _: Trackable) -> float:
    """Return the mean over buckets of leading particle size / hits with truth."""
    judged = counts.known > 0
    return _mean(counts.leading[judged] / counts.known[judged])


def leading_particle_size(counts: BucketCounts, _: Trackable) -> float:
    """Return the mean over buckets of the hits of the leading particle."""
    return _mean(counts.leading[counts.known > 0])


def particle_efficiency(counts: BucketCounts, trackable: Trackable) -> float:
    """Return the share of trackable particles of which one bucket holds enough hits."""
    sizes = counts.labels.sizes
    # Whole numbers throughout: 0.8 × 5 is not 4 in floating point.
    needed = np.array(
        [ceil(trackable.min_share * size) for size in range(sizes.max(initial=0) + 1)]
    )
    found = counts.most >= needed[sizes]
    return _mean(found[counts.labels.trackable])


def leading_size_histogram(counts: BucketCounts) -> list[int]:
    """Return the number of buckets with leading particle size 0, 1, 2 and so on."""
    return np.bincount(counts.leading[counts.known > 0]).tolist()  # type: ignore[no-any-return]


def leading_sizes_with_noise(counts: BucketCounts) -> list[int]:
    """Return the same histogram with all noise of a bucket counted as one particle."""
    leading = np.maximum(counts.leading, counts.noise)
    return np.bincount(leading[counts.known > 0]).tolist()  # type: ignore[no-any-return]


def noise_share(labels: Labels, trackable: Trackable) -> float:
    """Return the share of hits with truth that cannot be part of a trackable particle.

    They are noise, or hits of particles that have fewer than `min_hits`, whatever their pT.
    """
    known = int(np.count_nonzero(labels.of_hit != UNKNOWN_LABEL))
    of_long = labels.sizes[labels.sizes >= trackable.min_hits].sum()
    return 1 - float(of_long) / known if known else float("nan")


def _mean(values: NDArray[np.generic]) -> float:
    return float(values.mean()) if values.size else float("nan")


_ROWS = (
    Figure(
        "bucket_purity",
        "1",
        "higher",
        "mean of leading particle size / hits of the bucket that have truth",
        bucket_purity,
    ),
    Figure(
        "leading_particle_size",
        "hits",
        "higher",
        "mean of the hits of the particle with most hits in the bucket",
        leading_particle_size,
    ),
    Figure(
        "particle_efficiency",
        "1",
        "higher",
        "trackable particles with enough of their hits in one bucket / trackable particles",
        particle_efficiency,
    ),
)

FIGURES = {figure.name: figure for figure in _ROWS}
