"""faiss-gpu-ivf: inverted file of FAISS on the GPU, https://github.com/facebookresearch/faiss."""

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from nearhit.adapter import Device, Distance, Repeatable, Setting, Threaded, adapter, parameter
from nearhit.machine.cuda import free_bytes, require_memory

_WORKING_BYTES = 2**31  # scratch memory that FAISS reserves on the device


@adapter
class FaissGpuIvf:
    """k-means assigns points to lists; a query visits the nearest lists."""

    name: ClassVar[str] = "faiss-gpu-ivf"
    package: ClassVar[str] = "faiss-gpu-cu12"
    extra: ClassVar[str | None] = "faiss-gpu"
    licence: ClassVar[str] = "MIT"
    needs: ClassVar[str] = "a CUDA 12 device, and an environment without faiss-cpu"
    distances: ClassVar[dict[Distance, Any]] = {
        "euclidean": "METRIC_L2",
        "dot": "METRIC_INNER_PRODUCT",
    }
    exact: ClassVar[bool] = False
    repeatable: ClassVar[Repeatable] = "never"
    threaded: ClassVar[Threaded] = "nothing"
    devices: ClassVar[tuple[Device, ...]] = ("cuda",)

    setting: Setting
    nlist: int = parameter(1024, "cells; at most one for 39 points", at_least=1, build=(64, 4096))
    nprobe: int = parameter(
        6, "cells visited a query", at_least=1, dial=(1, 2, 4, 6, 8, 16, 32), build=(1, 64)
    )

    def build(self, points: NDArray[np.float32]) -> None:
        import faiss

        require_memory(2 * points.nbytes + _WORKING_BYTES, free_bytes())
        metric = getattr(faiss, self.distances[self.setting.distance])
        cells = max(1, min(self.nlist, len(points) // 39))  # FAISS warns of fewer points per list
        self.resources = faiss.StandardGpuResources()
        index = faiss.index_factory(points.shape[1], f"IVF{cells},Flat", metric)
        index.cp.seed = self.setting.seed
        self.index = faiss.index_cpu_to_gpu(self.resources, 0, index)
        self.index.train(points)
        self.index.nprobe = min(self.nprobe, cells)
        self.index.add(points)

    def query(self, points: NDArray[np.float32], k: int) -> NDArray[np.integer[Any]]:
        return self.index.search(points, k)[1]
