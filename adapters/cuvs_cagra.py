"""cuvs-cagra: CAGRA proximity graph of NVIDIA cuVS, https://github.com/rapidsai/cuvs."""

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from nearhit.adapter import Device, Distance, Repeatable, Setting, Threaded, adapter, parameter
from nearhit.machine.cuda import copying, free_bytes, require_memory


@adapter
class CuvsCagra:
    """Proximity graph on the GPU; a query expands many nodes at a time."""

    name: ClassVar[str] = "cuvs-cagra"
    package: ClassVar[str] = "cuvs-cu12"
    extra: ClassVar[str | None] = "cuvs"
    licence: ClassVar[str] = "Apache-2.0"
    needs: ClassVar[str] = "a CUDA 12 device, and an environment without the extra torch"
    distances: ClassVar[dict[Distance, Any]] = {"euclidean": "sqeuclidean", "dot": "inner_product"}
    exact: ClassVar[bool] = False
    repeatable: ClassVar[Repeatable] = "never"
    threaded: ClassVar[Threaded] = "nothing"
    devices: ClassVar[tuple[Device, ...]] = ("cuda",)

    setting: Setting
    graph_degree: int = parameter(32, "links of a point", at_least=2, build=(8, 64))
    itopk_size: int = parameter(
        64, "candidates a query; k at least", at_least=1, dial=(32, 64, 128, 256), query=("k", 512)
    )

    def build(self, points: NDArray[np.float32]) -> None:
        from cuvs.neighbors import cagra
        from pylibraft.common import device_ndarray

        require_memory(3 * points.nbytes + 12 * self.graph_degree * len(points), free_bytes())
        with copying():
            self.points = device_ndarray(points)
        metric = self.distances[self.setting.distance]
        about = cagra.IndexParams(
            metric=metric,
            graph_degree=self.graph_degree,
            intermediate_graph_degree=2 * self.graph_degree,
            build_algo="nn_descent",
        )
        self.index = cagra.build(about, self.points)

    def query(self, points: NDArray[np.float32], k: int) -> NDArray[np.integer[Any]]:
        from cuvs.neighbors import cagra
        from pylibraft.common import device_ndarray

        with copying():
            queries = device_ndarray(points)
        search = cagra.SearchParams(itopk_size=max(self.itopk_size, k))
        _, found = cagra.search(search, self.index, queries, k)
        with copying():
            return found.copy_to_host().view(np.int32)
