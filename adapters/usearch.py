"""usearch: navigable small world in a single header, https://github.com/unum-cloud/usearch."""

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from nearhit.adapter import Distance, Repeatable, Setting, Threaded, adapter, parameter


@adapter
class USearch:
    """Hierarchical navigable small world: a query descends a layered proximity graph."""

    name: ClassVar[str] = "usearch"
    package: ClassVar[str] = "usearch"
    extra: ClassVar[str | None] = "usearch"
    licence: ClassVar[str] = "Apache-2.0"
    distances: ClassVar[dict[Distance, Any]] = {"angular": "cos", "euclidean": "l2sq", "dot": "ip"}
    exact: ClassVar[bool] = False
    repeatable: ClassVar[Repeatable] = "never"
    threaded: ClassVar[Threaded] = "build and query"

    setting: Setting
    connectivity: int = parameter(8, "links of a point", at_least=2, at_most=256, build=(3, 32))
    expansion_add: int = parameter(30, "candidates while building", at_least=1, build=(10, 300))
    expansion_search: int = parameter(
        50, "candidates a query; k at least", at_least=1, dial=(50, 75, 100, 200), query=("k", 1000)
    )
    dtype: str = parameter(
        "f32",
        "what coordinates are kept as",
        choices=("f32", "f16", "bf16", "i8"),
        dial=("f32", "f16", "i8"),
    )

    def build(self, points: NDArray[np.float32]) -> None:
        from usearch.index import Index

        self.index = Index(
            ndim=points.shape[1],
            metric=self.distances[self.setting.distance],
            dtype=self.dtype,
            connectivity=self.connectivity,
            expansion_add=self.expansion_add,
            expansion_search=self.expansion_search,
        )
        self.index.add(np.arange(len(points)), points, threads=self.setting.threads)

    def query(self, points: NDArray[np.float32], k: int) -> NDArray[np.integer[Any]]:
        candidates = max(self.expansion_search, k)
        self.index.expansion_search = candidates
        exact = candidates >= len(self.index)  # a graph built by threads may not reach all points
        matches = self.index.search(points, k, threads=self.setting.threads, exact=exact)
        keys = matches.keys.reshape(len(points), -1)  # one axis for one query
        counts = np.atleast_1d(getattr(matches, "counts", keys.shape[1]))
        found = np.full((len(points), k), -1)  # a query may find fewer than k
        present = np.arange(keys.shape[1]) < counts[:, np.newaxis]
        found[:, : keys.shape[1]][present] = keys[present]
        return found
