"""Every metric, one row each."""

from difflib import get_close_matches

from nearhit.errors import BadInputError

from .coordinates import azimuth_and_pseudorapidity, directions, positions, random_vectors
from .metric import Metric

_ROWS = (
    # On unit vectors, |a - b|² = 2 - 2 cos(a, b): euclidean and inner product order alike.
    Metric("angular", ("angular", "euclidean", "dot"), "(x, y, z) / r", directions),
    Metric("euclidean", ("euclidean",), "(x, y, z) in mm", positions),
    Metric("manhattan", ("manhattan",), "(x, y, z) in mm", positions),
    Metric("dot", ("dot",), "(x, y, z) in mm", positions),
    Metric("phi-eta", ("euclidean",), "(cos φ, sin φ, η)", azimuth_and_pseudorapidity),
    *(
        Metric(
            f"random-{number}",
            ("euclidean",),
            f"{number} random numbers, normal, seed {number}: a stand-in for learned features",
            random_vectors(number),
            physical=False,
        )
        for number in (5, 12, 625)  # directions with inner angles; acorn's features; an image
    ),
)

METRICS = {metric.name: metric for metric in _ROWS}


def metric_named(name: str) -> Metric:
    """Return a metric by the name that users write.

    Raises:
        BadInputError: there is none of that name; the sentence says which are near.
    """
    if name in METRICS:
        return METRICS[name]
    near = get_close_matches(name, METRICS, cutoff=0.5) or list(METRICS)
    raise BadInputError(f"There is no metric {name!r}; write one of {', '.join(near)}.")
