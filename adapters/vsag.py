"""vsag: Ant Group's hierarchical graph, https://github.com/antgroup/vsag."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from nearhit.adapter import Device, Distance, Repeatable, Setting, Threaded, parameter
from nearhit.batching import query_in_threads


@dataclass
class Vsag:
    """A query walks a layered graph of near points; there is no batch call."""

    name: ClassVar[str] = "vsag"
    package: ClassVar[str] = "pyvsag"
    extra: ClassVar[str | None] = "vsag"
    licence: ClassVar[str] = "Apache-2.0"
    needs: ClassVar[str] = "Python 3.12 at most"
    distances: ClassVar[dict[Distance, Any]] = {"angular": "cosine", "euclidean": "l2", "dot": "ip"}
    exact: ClassVar[bool] = False
    exhaustive: ClassVar[bool] = False
    compiles: ClassVar[bool] = False
    repeatable: ClassVar[Repeatable] = "never"
    threaded: ClassVar[Threaded] = "build and query"
    devices: ClassVar[tuple[Device, ...]] = ("cpu",)

    setting: Setting
    max_degree: int = parameter(16, "links of a point", at_least=2)
    ef_construction: int = parameter(60, "candidates while building", at_least=1)
    ef_search: int = parameter(
        60, "candidates a query; k at least", at_least=1, dial=(10, 20, 50, 100, 200)
    )
    quantization: str = parameter(
        "fp32", "what coordinates are kept as", choices=("fp32", "fp16", "bf16", "sq8")
    )

    def build(self, points: NDArray[np.float32]) -> None:
        import json

        import pyvsag

        about = {
            "dtype": "float32",
            "metric_type": self.distances[self.setting.distance],
            "dim": points.shape[1],
            "index_param": {
                "base_quantization_type": self.quantization,
                "max_degree": self.max_degree,
                "ef_construction": self.ef_construction,
                "build_thread_count": self.setting.threads,
            },
        }
        self.index = pyvsag.Index("hgraph", json.dumps(about))
        points = np.require(points, requirements="W")  # what is read-only ends the process
        self.index.build(points.ravel(), np.arange(len(points)), len(points), points.shape[1])

    def query(self, points: NDArray[np.float32], k: int) -> NDArray[np.integer[Any]]:
        search = f'{{"hgraph": {{"ef_search": {max(self.ef_search, k)}}}}}'

        points = np.require(points, requirements="W")

        def ask(chunk: NDArray[np.float32]) -> NDArray[np.int64]:
            found = np.full((len(chunk), k), -1, np.int64)
            for row, point in enumerate(chunk):
                near, _ = self.index.knn_search(point, k, search)
                found[row, : len(near)] = near
            return found

        return query_in_threads(ask, points, self.setting.threads)
