"""faiss-flat: exact brute force of FAISS, https://github.com/facebookresearch/faiss."""

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from nearhit.adapter import Distance, Repeatable, Setting, Threaded, adapter


@adapter
class FaissFlat:
    """Brute force: every query is compared with every point."""

    name: ClassVar[str] = "faiss-flat"
    package: ClassVar[str] = "faiss-cpu"
    extra: ClassVar[str | None] = "faiss"
    licence: ClassVar[str] = "MIT"
    distances: ClassVar[dict[Distance, Any]] = {
        "euclidean": "METRIC_L2",
        "manhattan": "METRIC_L1",
        "dot": "METRIC_INNER_PRODUCT",
    }
    exact: ClassVar[bool] = True
    exhaustive: ClassVar[bool] = True
    repeatable: ClassVar[Repeatable] = "always"
    threaded: ClassVar[Threaded] = "query"

    setting: Setting

    def build(self, points: NDArray[np.float32]) -> None:
        import faiss

        faiss.omp_set_num_threads(self.setting.threads)
        metric = getattr(faiss, self.distances[self.setting.distance])
        self.index = faiss.IndexFlat(points.shape[1], metric)
        self.index.add(points)

    def query(self, points: NDArray[np.float32], k: int) -> NDArray[np.integer[Any]]:
        return self.index.search(points, k)[1]
