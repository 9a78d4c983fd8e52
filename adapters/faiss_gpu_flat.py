"""faiss-gpu-flat: brute force of FAISS on the GPU, https://github.com/facebookresearch/faiss."""

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from nearhit.adapter import Device, Distance, Repeatable, Setting, Threaded, adapter
from nearhit.machine.cuda import free_bytes, require_memory

_WORKING_BYTES = 2**31  # scratch memory that FAISS reserves on the device


@adapter
class FaissGpuFlat:
    """Brute force on the GPU; the library's calls include copies to and from the device."""

    name: ClassVar[str] = "faiss-gpu-flat"
    package: ClassVar[str] = "faiss-gpu-cu12"
    extra: ClassVar[str | None] = "faiss-gpu"
    licence: ClassVar[str] = "MIT"
    needs: ClassVar[str] = "a CUDA 12 device, and an environment without faiss-cpu"
    distances: ClassVar[dict[Distance, Any]] = {
        "euclidean": "METRIC_L2",
        "manhattan": "METRIC_L1",
        "dot": "METRIC_INNER_PRODUCT",
    }
    exact: ClassVar[bool] = False
    exhaustive: ClassVar[bool] = True
    repeatable: ClassVar[Repeatable] = "never"
    threaded: ClassVar[Threaded] = "nothing"
    devices: ClassVar[tuple[Device, ...]] = ("cuda",)

    setting: Setting

    def build(self, points: NDArray[np.float32]) -> None:
        import faiss

        require_memory(points.nbytes + _WORKING_BYTES, free_bytes())
        metric = getattr(faiss, self.distances[self.setting.distance])
        self.resources = faiss.StandardGpuResources()
        flat = faiss.IndexFlat(points.shape[1], metric)
        self.index = faiss.index_cpu_to_gpu(self.resources, 0, flat)
        self.index.add(points)

    def query(self, points: NDArray[np.float32], k: int) -> NDArray[np.integer[Any]]:
        return self.index.search(points, k)[1]
