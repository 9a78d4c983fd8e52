"""Profiles: how much of every suite is measured."""

from dataclasses import dataclass

from nearhit.plugins.registry import metrics


@dataclass(frozen=True)
class Profile:
    """How much of a suite is measured.

    Attributes:
        metrics: by name.
        bucket_sizes: hits a bucket.
        grid_settings: number of settings of each library's grid, the cheapest first.
        threads_at: hits a bucket where numbers of threads are compared.
        exhaustive_queries: queries to a library that compares each with every hit: all queries
            would take a time quadratic in the number of hits.
        batch_sizes: hits asked for in one call.
        batched_queries: hits asked for in each of these ways, and in each number of dimensions.
        dimensions_event: on which dimensions are compared, by name of the catalogue.
        pile_up: mean numbers of collisions of the events that are compared.
        pipelines: from hits to tracks, see `nearhit.cells.pipeline`.
        noise_event: to which noise is added, by name of the catalogue.
        clustered_pile_up: mean numbers of collisions of the events that are clustered as a whole.
        repetitions: warm passes of each cell.
        thorough: whether libraries that compile or are exhaustive are measured in every suite.
    """

    metrics: tuple[str, ...]
    bucket_sizes: tuple[int, ...]
    grid_settings: int
    threads_at: int
    exhaustive_queries: int
    batch_sizes: tuple[int | None, ...]
    batched_queries: int
    dimensions_event: str
    pile_up: tuple[int, ...]
    pipelines: tuple[str, ...]
    noise_event: str
    clustered_pile_up: tuple[int, ...]
    repetitions: int
    thorough: bool


_WHOLE_EVENT = (
    "kalman(passes=1)",
    "kalman(passes=2)",
    "kalman",
    "kalman(min_hits=6)",
    "dbscan",
    "acts",
)
BOUND = "oracle in {} of sphere-grid"
"""Perfect tracking inside buckets of a size: what no tracker that stays in them exceeds."""

_IN_BUCKETS = (
    BOUND,
    "helix in {} of sphere-grid",
    "kalman in {} of sphere-grid",
    "dbscan in {} of sphere-grid around 1000",
    "agglomerative in {} of sphere-grid around 1000",
    "acts in {} of sphere-grid around 1000",
    "acts-seeds in {} of sphere-grid around 1000",
)

_CHOICES = ("cover", "cover(times=10)", "pointing", "start-layer", "layers(of=8/4)")
_AS_ACTS_HASHES = "acts-seeds in 100 of pykdtree by phi-eta chosen by start-layer + joined"

PROFILES = {
    "quick": Profile(
        metrics=("angular",),
        bucket_sizes=(20, 50),
        grid_settings=2,
        threads_at=20,
        exhaustive_queries=500,
        batch_sizes=(100, None),
        batched_queries=1_000,
        dimensions_event="ttbar-mu20",
        pile_up=(20, 60, 140, 200, 300),
        pipelines=(
            *_WHOLE_EVENT,
            *(one.format(50) for one in _IN_BUCKETS),
            *(f"helix in 50 of sphere-grid chosen by {choice}" for choice in ("cover", "pointing")),
            _AS_ACTS_HASHES,
        ),
        noise_event="ttbar-mu60",
        clustered_pile_up=(2, 5, 10),
        repetitions=1,
        thorough=False,
    ),
    "full": Profile(
        metrics=tuple(name for name, metric in metrics().items() if metric.physical),
        bucket_sizes=(20, 50, 100),
        grid_settings=99,
        threads_at=50,
        exhaustive_queries=2_000,
        batch_sizes=(1, 100, 1_000, None),
        batched_queries=1_000,
        dimensions_event="ttbar-mu60",
        pile_up=(20, 60, 140, 200, 300, 1000),
        pipelines=(
            *_WHOLE_EVENT,
            *(one.format(size) for size in (20, 50, 70, 100) for one in _IN_BUCKETS),
            *(
                f"{tracker} in 50 of pykdtree by phi-eta"
                for tracker in ("oracle", "helix", "kalman")
            ),
            "acts(seed_pt=0.9)",
            "acts(seed_pt=0.15,min_hits=4)",  # kalman's loosest cuts
            "acts-seeds(seed_pt=0.9) in 70 of sphere-grid",
            *(f"helix in 50 of {index}" for index in ("annoy", "hnswlib", "pykdtree", "scann")),
            *(f"helix in 50 of sphere-grid around {number}" for number in (1_000, 10_000, 30_000)),
            *(
                f"{tracker} in 50 of sphere-grid chosen by {choice}"
                for tracker in ("oracle", "helix", "kalman")
                for choice in _CHOICES
            ),
            _AS_ACTS_HASHES,
        ),
        noise_event="ttbar-mu200",
        clustered_pile_up=(2, 5, 10, 20, 40),
        repetitions=3,
        thorough=True,
    ),
}
