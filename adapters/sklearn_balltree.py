"""sklearn-balltree: exact ball tree of scikit-learn, https://scikit-learn.org."""

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from nearhit.adapter import Distance, Repeatable, Setting, Threaded, adapter, parameter


@adapter
class SklearnBallTree:
    """Ball tree in Cython."""

    name: ClassVar[str] = "sklearn-balltree"
    package: ClassVar[str] = "scikit-learn"
    extra: ClassVar[str | None] = "sklearn"
    licence: ClassVar[str] = "BSD-3-Clause"
    distances: ClassVar[dict[Distance, Any]] = {"euclidean": "euclidean", "manhattan": "manhattan"}
    exact: ClassVar[bool] = True
    repeatable: ClassVar[Repeatable] = "always"
    threaded: ClassVar[Threaded] = "query"

    setting: Setting
    leaf_size: int = parameter(
        30,
        "points at which a leaf is searched one by one",
        at_least=1,
        dial=(15, 30, 60),
        build=(4, 128),
    )

    def build(self, points: NDArray[np.float32]) -> None:
        from sklearn.neighbors import NearestNeighbors

        self.neighbors = NearestNeighbors(
            algorithm="ball_tree",
            leaf_size=self.leaf_size,
            metric=self.distances[self.setting.distance],
            n_jobs=self.setting.threads,
        ).fit(points)

    def query(self, points: NDArray[np.float32], k: int) -> NDArray[np.integer[Any]]:
        return self.neighbors.kneighbors(points, k, return_distance=False)
