"""faiss-ivf: inverted file of FAISS, https://github.com/facebookresearch/faiss."""

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from nearhit.adapter import Distance, Repeatable, Setting, Threaded, adapter, parameter
from nearhit.errors import SkippedError

_KEPT_AS = {"fp32": "Flat", "fp16": "SQfp16", "int8": "SQ8"}


@adapter
class FaissIvf:
    """k-means assigns points to lists; a query visits the nearest lists."""

    name: ClassVar[str] = "faiss-ivf"
    package: ClassVar[str] = "faiss-cpu"
    extra: ClassVar[str | None] = "faiss"
    licence: ClassVar[str] = "MIT"
    distances: ClassVar[dict[Distance, Any]] = {
        "euclidean": "METRIC_L2",
        "manhattan": "METRIC_L1",
        "dot": "METRIC_INNER_PRODUCT",
    }
    exact: ClassVar[bool] = False
    repeatable: ClassVar[Repeatable] = "always"
    threaded: ClassVar[Threaded] = "build and query"

    setting: Setting
    nlist: int = parameter(
        1024, "cells; at most n / 39", at_least=1, dial=(256, 1024, 2048), build=(64, 4096)
    )
    nprobe: int = parameter(
        6, "cells visited a query", at_least=1, dial=(1, 2, 4, 6, 8, 16), query=(1, 256)
    )
    storage: str = parameter(
        "fp32", "what coordinates are kept as", choices=tuple(_KEPT_AS), dial=tuple(_KEPT_AS)
    )

    def build(self, points: NDArray[np.float32]) -> None:
        import faiss

        if self.storage != "fp32" and self.setting.distance == "manhattan":
            raise SkippedError(f"faiss-ivf has no manhattan distance in {self.storage}")
        faiss.omp_set_num_threads(self.setting.threads)
        metric = getattr(faiss, self.distances[self.setting.distance])
        cells = max(1, min(self.nlist, len(points) // 39))  # FAISS warns of fewer points per list
        kept_as = _KEPT_AS[self.storage]
        self.index = faiss.index_factory(points.shape[1], f"IVF{cells},{kept_as}", metric)
        self.index.cp.seed = self.setting.seed
        self.index.train(points)
        self.index.add(points)

    def query(self, points: NDArray[np.float32], k: int) -> NDArray[np.integer[Any]]:
        self.index.nprobe = self.nprobe
        return self.index.search(points, k)[1]
