"""pynndescent: nearest-neighbour descent, https://github.com/lmcinnes/pynndescent."""

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from nearhit.adapter import Distance, Repeatable, Setting, Threaded, adapter, parameter


@adapter
class PyNNDescent:
    """Proximity graph, initialised by random trees and improved by neighbours of neighbours."""

    name: ClassVar[str] = "pynndescent"
    package: ClassVar[str] = "pynndescent"
    extra: ClassVar[str | None] = "pynndescent"
    licence: ClassVar[str] = "BSD-2-Clause"
    distances: ClassVar[dict[Distance, Any]] = {
        "angular": "cosine",
        "euclidean": "euclidean",
        "manhattan": "manhattan",
        "dot": "dot",
    }
    exact: ClassVar[bool] = False
    compiles: ClassVar[bool] = True
    repeatable: ClassVar[Repeatable] = "one thread"
    threaded: ClassVar[Threaded] = "build and query"

    setting: Setting
    n_neighbors: int = parameter(
        15, "links of a point", at_least=2, at_most=1000, dial=(10, 15, 30), build=(5, 50)
    )
    n_trees: int = parameter(3, "trees to start from", at_least=1, at_most=1000, build=(1, 12))
    epsilon: float = parameter(
        0.1, "reach past the k-th", at_least=0.0, dial=(0.0, 0.05, 0.1, 0.2), query=(0.0, 0.5)
    )

    def build(self, points: NDArray[np.float32]) -> None:
        from pynndescent import NNDescent

        self.index = NNDescent(
            points,
            metric=self.distances[self.setting.distance],
            n_neighbors=min(self.n_neighbors, len(points)),
            n_trees=self.n_trees,
            random_state=self.setting.seed,
            n_jobs=self.setting.threads,
            # numba cannot type the parallel search with manhattan distance (pynndescent 0.7).
            parallel_batch_queries=self.setting.threads > 1
            and self.setting.distance != "manhattan",
        )
        self.index.prepare()

    def query(self, points: NDArray[np.float32], k: int) -> NDArray[np.integer[Any]]:
        found, distances = self.index.query(points, k, epsilon=self.epsilon)
        # pynndescent 0.7 pads with one row at the largest distance if it finds fewer.
        last = (found == found[:, -1:]) & (distances == distances[:, -1:])
        found[last & (last.sum(axis=1, keepdims=True) > 1)] = -1
        return found
