"""Built-in metrics, one row each."""

from nearhit.plugins.metric import Metric

from .coordinates import azimuth_and_pseudorapidity, directions, positions, random_vectors

METRICS = (
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
