"""What the sources published: numbers alone, each with where it stands and under which conditions.

Nothing here is measured by nearhit. Plots that were read off have their reading error beside them.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """Where figures were published.

    Attributes:
        title: of the text.
        conditions: under which it measured, as far as it says.
    """

    title: str
    conditions: str


BLOG = Source(
    'blog article, "Using the Spotify Algorithm to Find High Energy Physics Particles"',
    "one TrackML event of 107,786 hits, without noise as it seems; Annoy 1.17.0 on x, y, z, "
    "angular, 5 trees; hardware not said",
)
SEMINAR = Source(
    'seminar, "Hashing and Metric Learning for particle tracking", Rutherford Appleton Laboratory, '
    "21 October 2020",
    "TrackML events, and ATLAS' own where it says so; Annoy; Tesla K40m for the GPU; other "
    "hardware not said",
)
PAPER = Source(
    '"Hashing and metric learning for charged particle tracking", arXiv 2101.06428',
    "TrackML events; a learned metric; buckets of 20 to 50 hits, on events it was not trained on",
)
EXPECTED = Source(
    "calculation beside the sources, exact search",
    "a TrackML event whose particles were propagated again; at least 4 hits; cuts on pT are strict",
)
CEILINGS = Source(
    "calculation beside the sources, exact search",
    "a simulated top-pair event among 200 collisions, 99,115 hits, without noise; a bucket around "
    "every hit, perfect tracking inside",
)
ACCURACY = Source(
    "TrackML challenge, accuracy phase",
    "events of the challenge; hardware not said",
)
THROUGHPUT = Source(
    "TrackML challenge, throughput phase",
    "events of the challenge; two cores, the third on two threads",
)

ANNOY_MILLISECONDS, ANNOY_SPREAD = 392.0, 5.6
"""10,000 queries of 50 hits; `%timeit`'s mean and standard deviation."""

ANNOY_QUERIES_PER_SECOND = 25_500.0
LEAST_QUERIES_PER_SECOND = 10_000.0
MOST_MILLISECONDS_A_QUERY = 0.1
COUNTER_SECONDS = 40.0

LEADING_SIZES = {
    20: (
        61, 17822, 25182, 15876, 9367, 6509, 5170, 4258, 3954, 4136, 4745, 4258, 3285, 2007, 730,
        365, 61,
    ),
    50: (
        0, 182, 6630, 17092, 16423, 12044, 8577, 6265, 5109, 4562, 5231, 6326, 7847, 6204, 3345,
        1642, 243, 61,
    ),
}  # fmt: skip
"""Buckets whose leading particle has 1, 2, 3 … hits, by k; read off a plot, ±60 each."""


@dataclass(frozen=True)
class Leading:
    """What the blog says of its histogram."""

    mode: int
    mean: float
    four: float
    eight: float


LEADING = {20: Leading(3, 5.56, 0.600, 0.258), 50: Leading(4, 7.87, 0.937, 0.435)}
"""Mode, mean, and the share of buckets with a leading particle of 4 and of 8 hits at least."""

FULL_PAIRS, BUCKET_PAIRS = 1e10, 2.5e7
"""Pairs in the full event, and in 10⁴ buckets of 50."""

ATLAS_MILLISECONDS, ATLAS_BUCKETS, ATLAS_SECONDS = 2.0, 75_000, 150.0
"""Reconstruction in one bucket of 50; all buckets without filtering."""

NOISE_SHARE = {"TrackML": 0.10, "ITk": 0.50}
"""About; of hits of particles with fewer than 4 hits."""

PT_CUTS = (0.0, 0.5, 1.0, 2.0)
"""GeV."""

EFFICIENCY = {
    (0.0, 20): (0.233, 0.315, 0.418, 0.667),
    (0.0, 50): (0.335, 0.495, 0.717, 0.971),
    (0.0, 100): (0.441, 0.665, 0.946, 1.000),
    (0.5, 50): (0.270, 0.379, 0.531, 0.844),
}
"""By share of noise and k: the efficiency above each of `PT_CUTS`."""

MEAN_SIZE = {(0.0, 20): 5.50, (0.0, 50): 7.99, (0.0, 100): 10.13, (0.5, 50): 5.98}
"""By share of noise and k: mean leading particle size."""

RAW_EFFICIENCY = 0.0
"""Euclidean distance on raw x, y, z finds nothing."""

PHI_ETA_WITHIN = 0.007
"""(cos φ, sin φ, η) with euclidean distance lies so near to angular x, y, z."""

SCORE_AT_MOST = {20: 0.334, 50: 0.504, 100: 0.637, 200: 0.756, 400: 0.854}
CEILING_ANY_PT = {20: 0.206, 50: 0.340, 100: 0.449, 200: 0.585, 400: 0.749}
CEILING_1_GEV = {20: 0.263, 50: 0.489, 100: 0.694, 200: 0.854, 400: 0.936}
"""By k: TrackML score; 80 % of the hits in one bucket, any pT; the same above 1 GeV."""

LEARNED_EFFICIENCY, LEARNED_FAKES = 0.96, 0.08

LEAST_CLUSTER = 6
"""Hits of a cluster that suffice."""

WINNERS = {
    "accuracy, first": (0.92182, 7 * 60 + 17.0),
    "accuracy, third": (0.89353, 1.2 * 60),
    "throughput, first": (0.944, 0.56),
    "throughput, third": (0.928, 7.0),
}
"""Score, and seconds an event."""
