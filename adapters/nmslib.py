"""nmslib: original library of navigable small worlds, https://github.com/nmslib/nmslib."""

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from nearhit.adapter import Distance, Repeatable, Setting, Threaded, adapter, parameter


@adapter
class Nmslib:
    """Hierarchical navigable small world: a query descends a layered proximity graph."""

    name: ClassVar[str] = "nmslib"
    package: ClassVar[str] = "nmslib"
    extra: ClassVar[str | None] = "nmslib"
    licence: ClassVar[str] = "Apache-2.0"
    distances: ClassVar[dict[Distance, Any]] = {
        "angular": "cosinesimil",
        "euclidean": "l2",
        "manhattan": "l1",
    }
    exact: ClassVar[bool] = False
    repeatable: ClassVar[Repeatable] = "never"  # levels are drawn without a seed
    threaded: ClassVar[Threaded] = "build and query"

    setting: Setting
    M: int = parameter(8, "links of a point", at_least=2, at_most=256, build=(3, 32))
    efConstruction: int = parameter(40, "candidates while building", at_least=1, build=(10, 300))  # noqa: N815
    efSearch: int = parameter(  # noqa: N815
        50, "candidates a query; k at least", at_least=1, dial=(50, 75, 100, 200), query=("k", 1000)
    )

    def build(self, points: NDArray[np.float32]) -> None:
        import nmslib

        space = self.distances[self.setting.distance]
        self.index = nmslib.init(method="hnsw", space=space)
        self.index.addDataPointBatch(points)
        self.index.createIndex(
            {
                "M": self.M,
                "efConstruction": self.efConstruction,
                "indexThreadQty": self.setting.threads,
                "post": 0,
            }
        )

    def query(self, points: NDArray[np.float32], k: int) -> NDArray[np.integer[Any]]:
        self.index.setQueryTimeParams({"efSearch": max(self.efSearch, k)})
        found = np.full((len(points), k), -1, np.int32)  # a query may find fewer than k
        answers = self.index.knnQueryBatch(points, k, num_threads=self.setting.threads)
        for row, (near, _) in enumerate(answers):
            found[row, : len(near)] = near
        return found
