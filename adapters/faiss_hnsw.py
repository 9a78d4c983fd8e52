"""faiss-hnsw: HNSW graph of FAISS, https://github.com/facebookresearch/faiss."""

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from nearhit.adapter import Distance, Repeatable, Setting, Threaded, adapter, parameter


@adapter
class FaissHnsw:
    """Hierarchical navigable small world: a query descends a layered proximity graph."""

    name: ClassVar[str] = "faiss-hnsw"
    package: ClassVar[str] = "faiss-cpu"
    extra: ClassVar[str | None] = "faiss"
    licence: ClassVar[str] = "MIT"
    distances: ClassVar[dict[Distance, Any]] = {
        "euclidean": "METRIC_L2",
        "manhattan": "METRIC_L1",
        "dot": "METRIC_INNER_PRODUCT",
    }
    exact: ClassVar[bool] = False
    repeatable: ClassVar[Repeatable] = "one thread"
    threaded: ClassVar[Threaded] = "build and query"

    setting: Setting
    M: int = parameter(
        8, "links of a point", at_least=2, at_most=256, dial=(4, 8, 16), build=(3, 32)
    )
    efConstruction: int = parameter(40, "candidates while building", at_least=1, build=(10, 300))  # noqa: N815 - the name in FAISS
    efSearch: int = parameter(  # noqa: N815 - as above
        64, "candidates a query; k at least", at_least=1, dial=(50, 64, 128), query=("k", 1000)
    )

    def build(self, points: NDArray[np.float32]) -> None:
        import faiss

        faiss.omp_set_num_threads(self.setting.threads)
        metric = getattr(faiss, self.distances[self.setting.distance])
        self.index = faiss.IndexHNSWFlat(points.shape[1], self.M, metric)
        self.index.hnsw.efConstruction = self.efConstruction
        self.index.hnsw.rng = faiss.RandomGenerator(self.setting.seed)
        self.index.add(points)

    def query(self, points: NDArray[np.float32], k: int) -> NDArray[np.integer[Any]]:
        self.index.hnsw.efSearch = max(self.efSearch, k)
        return self.index.search(points, k)[1]
