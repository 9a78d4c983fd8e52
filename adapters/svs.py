"""svs: Vamana graph of Intel's Scalable Vector Search, https://github.com/intel/ScalableVectorSearch."""

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from nearhit.adapter import Distance, Repeatable, Setting, Threaded, adapter, parameter


@adapter
class Svs:
    """A query traverses a flat proximity graph towards its neighbours."""

    name: ClassVar[str] = "svs"
    package: ClassVar[str] = "scalable-vs"
    extra: ClassVar[str | None] = "svs"
    licence: ClassVar[str] = "LicenseRef-Intel-Simplified"
    distances: ClassVar[dict[Distance, Any]] = {
        "angular": "Cosine",
        "euclidean": "L2",
        "dot": "MIP",
    }
    exact: ClassVar[bool] = False
    repeatable: ClassVar[Repeatable] = "always"
    threaded: ClassVar[Threaded] = "build and query"

    setting: Setting
    degree: int = parameter(16, "links of a point", at_least=2, build=(6, 64))
    window: int = parameter(40, "candidates while building", at_least=1, build=(10, 200))
    search_window: int = parameter(
        50, "candidates a query; k at least", at_least=1, dial=(50, 75, 100, 200), query=("k", 1000)
    )

    def build(self, points: NDArray[np.float32]) -> None:
        import svs

        about = svs.VamanaBuildParameters(graph_max_degree=self.degree, window_size=self.window)
        distance = getattr(svs.DistanceType, self.distances[self.setting.distance])
        self.index = svs.Vamana.build(about, points, distance, self.setting.threads)

    def query(self, points: NDArray[np.float32], k: int) -> NDArray[np.integer[Any]]:
        self.index.num_threads = self.setting.threads
        self.index.search_window_size = max(self.search_window, k)
        return self.index.search(points, k)[0].view(np.int64)
