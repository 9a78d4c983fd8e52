"""cuvs-ivf: inverted file of NVIDIA cuVS, https://github.com/rapidsai/cuvs."""

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from nearhit.adapter import Device, Distance, Repeatable, Setting, Threaded, adapter, parameter
from nearhit.machine.cuda import copying, free_bytes, require_memory


@adapter
class CuvsIvf:
    """k-means assigns points to lists; a query visits the nearest lists."""

    name: ClassVar[str] = "cuvs-ivf"
    package: ClassVar[str] = "cuvs-cu12"
    extra: ClassVar[str | None] = "cuvs"
    licence: ClassVar[str] = "Apache-2.0"
    needs: ClassVar[str] = "a CUDA 12 device, and an environment without the extra torch"
    distances: ClassVar[dict[Distance, Any]] = {
        "angular": "cosine",
        "euclidean": "sqeuclidean",
        "dot": "inner_product",
    }
    exact: ClassVar[bool] = False
    repeatable: ClassVar[Repeatable] = "never"
    threaded: ClassVar[Threaded] = "nothing"
    devices: ClassVar[tuple[Device, ...]] = ("cuda",)

    setting: Setting
    n_lists: int = parameter(1024, "lists; at most one for 39 points", at_least=1, build=(64, 4096))
    n_probes: int = parameter(
        6, "lists visited a query", at_least=1, dial=(1, 2, 4, 6, 8, 16, 32), build=(1, 64)
    )

    def build(self, points: NDArray[np.float32]) -> None:
        from cuvs.neighbors import ivf_flat
        from pylibraft.common import device_ndarray

        require_memory(3 * points.nbytes, free_bytes())
        with copying():
            self.points = device_ndarray(points)
        metric = self.distances[self.setting.distance]
        lists = max(1, min(self.n_lists, len(points) // 39))
        about = ivf_flat.IndexParams(n_lists=lists, metric=metric)
        self.index = ivf_flat.build(about, self.points)
        self.search = ivf_flat.SearchParams(n_probes=min(self.n_probes, lists))

    def query(self, points: NDArray[np.float32], k: int) -> NDArray[np.integer[Any]]:
        from cuvs.neighbors import ivf_flat
        from pylibraft.common import device_ndarray

        with copying():
            queries = device_ndarray(points)
        _, found = ivf_flat.search(self.search, self.index, queries, k)
        with copying():
            return found.copy_to_host()
