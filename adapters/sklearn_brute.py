"""sklearn-brute: brute force of scikit-learn, https://scikit-learn.org."""

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from nearhit.adapter import Distance, Repeatable, Setting, Threaded, adapter


@adapter
class SklearnBrute:
    """Brute force by matrix products in chunks."""

    name: ClassVar[str] = "sklearn-brute"
    package: ClassVar[str] = "scikit-learn"
    extra: ClassVar[str | None] = "sklearn"
    licence: ClassVar[str] = "BSD-3-Clause"
    distances: ClassVar[dict[Distance, Any]] = {
        "angular": "cosine",
        "euclidean": "euclidean",
        "manhattan": "manhattan",
    }
    exact: ClassVar[bool] = False  # matrix products lose some neighbours of close hits
    exhaustive: ClassVar[bool] = True
    repeatable: ClassVar[Repeatable] = "always"
    threaded: ClassVar[Threaded] = "query"

    setting: Setting

    def build(self, points: NDArray[np.float32]) -> None:
        from sklearn.neighbors import NearestNeighbors

        self.neighbors = NearestNeighbors(
            algorithm="brute",
            metric=self.distances[self.setting.distance],
            n_jobs=self.setting.threads,
        ).fit(points)

    def query(self, points: NDArray[np.float32], k: int) -> NDArray[np.integer[Any]]:
        return self.neighbors.kneighbors(points, k, return_distance=False)
