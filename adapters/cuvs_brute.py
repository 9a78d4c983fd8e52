"""cuvs-brute: brute force on the GPU with NVIDIA cuVS, https://github.com/rapidsai/cuvs."""

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from nearhit.adapter import Device, Distance, Repeatable, Setting, Threaded, adapter
from nearhit.machine.cuda import copying, free_bytes, require_memory


@adapter
class CuvsBrute:
    """Brute force: every query is compared with every point."""

    name: ClassVar[str] = "cuvs-brute"
    package: ClassVar[str] = "cuvs-cu12"
    extra: ClassVar[str | None] = "cuvs"
    licence: ClassVar[str] = "Apache-2.0"
    needs: ClassVar[str] = "a CUDA 12 device, and an environment without the extra torch"
    distances: ClassVar[dict[Distance, Any]] = {
        "angular": "cosine",
        "euclidean": "sqeuclidean",
        "manhattan": "l1",
        "dot": "inner_product",
    }
    exact: ClassVar[bool] = False
    exhaustive: ClassVar[bool] = True
    repeatable: ClassVar[Repeatable] = "never"
    threaded: ClassVar[Threaded] = "nothing"
    devices: ClassVar[tuple[Device, ...]] = ("cuda",)

    setting: Setting

    def build(self, points: NDArray[np.float32]) -> None:
        from cuvs.neighbors import brute_force
        from pylibraft.common import device_ndarray

        require_memory(3 * points.nbytes, free_bytes())
        with copying():
            self.points = device_ndarray(points)
        metric = self.distances[self.setting.distance]
        self.index = brute_force.build(self.points, metric=metric)

    def query(self, points: NDArray[np.float32], k: int) -> NDArray[np.integer[Any]]:
        from cuvs.neighbors import brute_force
        from pylibraft.common import device_ndarray

        with copying():
            queries = device_ndarray(points)
        _, found = brute_force.search(self.index, queries, k)
        with copying():
            return found.copy_to_host()
