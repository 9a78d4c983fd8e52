"""vsag: hierarchical graph of Ant Group, https://github.com/antgroup/vsag."""

import json
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from nearhit.adapter import Distance, Repeatable, Setting, Threaded, adapter, parameter
from nearhit.index.batching import query_in_threads

_KEPT_AS = ("fp32", "fp16", "sq8")


@adapter
class Vsag:
    """Layered proximity graph without a batch call; a query descends towards its neighbours."""

    name: ClassVar[str] = "vsag"
    package: ClassVar[str] = "pyvsag"
    extra: ClassVar[str | None] = "vsag"
    licence: ClassVar[str] = "Apache-2.0"
    needs: ClassVar[str] = "Python 3.12 at most"
    distances: ClassVar[dict[Distance, Any]] = {"angular": "cosine", "euclidean": "l2", "dot": "ip"}
    exact: ClassVar[bool] = False
    repeatable: ClassVar[Repeatable] = "never"
    threaded: ClassVar[Threaded] = "build and query"

    setting: Setting
    max_degree: int = parameter(16, "links of a point", at_least=2, build=(6, 48))
    ef_construction: int = parameter(60, "candidates while building", at_least=1, build=(20, 300))
    ef_search: int = parameter(
        60, "candidates a query; k at least", at_least=1, dial=(50, 75, 100, 200), query=("k", 1000)
    )
    quantization: str = parameter("fp32", "of coordinates", choices=_KEPT_AS, dial=_KEPT_AS)

    def build(self, points: NDArray[np.float32]) -> None:
        import pyvsag

        size, metric = points.shape[1], self.distances[self.setting.distance]
        graph: dict[str, int | str] = {"base_quantization_type": self.quantization}
        graph |= {"max_degree": self.max_degree, "ef_construction": self.ef_construction}
        graph |= {"build_thread_count": self.setting.threads}
        about = {"dtype": "float32", "metric_type": metric, "dim": size, "index_param": graph}
        self.index = pyvsag.Index("hgraph", json.dumps(about))
        points = np.require(points, requirements="W")  # a read-only array aborts the process
        self.index.build(points.ravel(), np.arange(len(points)), len(points), size)

    def query(self, points: NDArray[np.float32], k: int) -> NDArray[np.integer[Any]]:
        search = json.dumps({"hgraph": {"ef_search": max(self.ef_search, k)}})

        def ask(chunk: NDArray[np.float32]) -> NDArray[np.int64]:
            found = np.full((len(chunk), k), -1)
            for row, point in enumerate(chunk):
                near, _ = self.index.knn_search(point, k, search)
                found[row, : len(near)] = near
            return found

        return query_in_threads(ask, np.require(points, requirements="W"), self.setting.threads)
