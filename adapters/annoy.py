"""annoy: forest of random projection trees, https://github.com/spotify/annoy."""

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from nearhit.adapter import Distance, Repeatable, Setting, Threaded, adapter, parameter
from nearhit.index.batching import query_in_threads


@adapter
class Annoy:
    """Random planes split the points; a query inspects the nearest leaves of every tree."""

    name: ClassVar[str] = "annoy"
    package: ClassVar[str] = "annoy"
    extra: ClassVar[str | None] = "annoy"
    licence: ClassVar[str] = "Apache-2.0"
    needs: ClassVar[str] = "a C++ compiler"
    distances: ClassVar[dict[Distance, Any]] = {
        "angular": "angular",
        "euclidean": "euclidean",
        "manhattan": "manhattan",
        "dot": "dot",
    }
    exact: ClassVar[bool] = False
    repeatable: ClassVar[Repeatable] = "always"
    threaded: ClassVar[Threaded] = "build and query"

    setting: Setting
    ntrees: int = parameter(
        5, "trees in the forest", at_least=1, at_most=10_000, dial=(1, 2, 5, 10, 20), build=(1, 50)
    )
    search_k: int = parameter(
        -1,
        "points inspected a query; -1 for ntrees × k",
        at_least=-1,
        dial=(-1, 200, 1000),
        query=("k", 10_000),
    )

    def build(self, points: NDArray[np.float32]) -> None:
        from annoy import AnnoyIndex

        self.forest = AnnoyIndex(points.shape[1], self.distances[self.setting.distance])
        self.forest.set_seed(self.setting.seed)
        for row, point in enumerate(points.tolist()):
            self.forest.add_item(row, point)
        self.forest.build(self.ntrees, n_jobs=self.setting.threads)

    def query(self, points: NDArray[np.float32], k: int) -> NDArray[np.integer[Any]]:
        def ask(chunk: NDArray[np.float32]) -> NDArray[np.int32]:
            found = np.full((len(chunk), k), -1, np.int32)  # a forest may find fewer than k
            for row, point in enumerate(chunk.tolist()):
                near = self.forest.get_nns_by_vector(point, k, self.search_k)
                found[row, : len(near)] = near
            return found

        return query_in_threads(ask, points, self.setting.threads)
