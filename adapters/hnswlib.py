"""hnswlib: hierarchical navigable small world, https://github.com/nmslib/hnswlib."""

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from nearhit.adapter import Distance, Repeatable, Setting, Threaded, adapter, parameter


@adapter
class Hnswlib:
    """Hierarchical navigable small world: a query descends a layered proximity graph."""

    name: ClassVar[str] = "hnswlib"
    package: ClassVar[str] = "hnswlib"
    extra: ClassVar[str | None] = "hnswlib"
    licence: ClassVar[str] = "Apache-2.0"
    needs: ClassVar[str] = "a C++ compiler"
    distances: ClassVar[dict[Distance, Any]] = {
        "angular": "cosine",
        "euclidean": "l2",
        "dot": "ip",
    }
    exact: ClassVar[bool] = False
    repeatable: ClassVar[Repeatable] = "one thread"
    threaded: ClassVar[Threaded] = "build and query"

    setting: Setting
    M: int = parameter(
        6, "links of a point", at_least=2, at_most=256, dial=(4, 6, 12), build=(3, 32)
    )
    ef_construction: int = parameter(30, "candidates while building", at_least=1, build=(10, 300))
    ef: int = parameter(
        50, "candidates a query; k at least", at_least=1, dial=(50, 75, 100, 200), query=("k", 1000)
    )

    def build(self, points: NDArray[np.float32]) -> None:
        import hnswlib

        self.index = hnswlib.Index(self.distances[self.setting.distance], points.shape[1])
        self.index.init_index(
            max_elements=len(points),
            M=self.M,
            ef_construction=self.ef_construction,
            random_seed=self.setting.seed,
        )
        self.index.add_items(points, num_threads=self.setting.threads)

    def query(self, points: NDArray[np.float32], k: int) -> NDArray[np.integer[Any]]:
        self.index.set_ef(max(self.ef, k))
        return self.index.knn_query(points, k, num_threads=self.setting.threads)[0]
