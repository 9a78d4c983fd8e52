"""torch-brute: exact brute force with PyTorch on CPU or GPU, https://pytorch.org."""

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from nearhit.adapter import Device, Distance, Repeatable, Setting, Threaded, adapter
from nearhit.machine.cuda import copying, free_bytes, require_memory

_POWERS: dict[Distance, int] = {"angular": 2, "euclidean": 2, "manhattan": 1, "dot": 0}
_CHUNK_BYTES = 2**28  # of distances computed at a time


@adapter
class TorchBrute:
    """Compute the distances of a chunk of queries to all points and keep the k smallest."""

    name: ClassVar[str] = "torch-brute"
    package: ClassVar[str] = "torch"
    extra: ClassVar[str | None] = "torch"
    licence: ClassVar[str] = "BSD-3-Clause"
    distances: ClassVar[dict[Distance, int]] = _POWERS
    exact: ClassVar[bool] = True
    exhaustive: ClassVar[bool] = True
    repeatable: ClassVar[Repeatable] = "always"
    threaded: ClassVar[Threaded] = "query"
    devices: ClassVar[tuple[Device, ...]] = ("cpu", "cuda")

    setting: Setting

    def build(self, points: NDArray[np.float32]) -> None:
        import torch

        torch.set_num_threads(self.setting.threads)
        if self.setting.device == "cuda":
            require_memory(points.nbytes + 3 * _CHUNK_BYTES, free_bytes())
        self.torch, self.points = torch, self._placed(points, torch)

    def _placed(self, points: NDArray[np.float32], torch: Any) -> Any:
        with copying():
            placed = torch.tensor(points, device=self.setting.device)
        unit = self.setting.distance == "angular"
        return torch.nn.functional.normalize(placed) if unit else placed

    def query(self, points: NDArray[np.float32], k: int) -> NDArray[np.integer[Any]]:
        chunk = max(1, _CHUNK_BYTES // (4 * len(self.points)))
        parts = self._placed(points, self.torch).split(chunk)
        found = self.torch.cat([self._nearest(part, k) for part in parts])
        with copying():
            return found.cpu().numpy()

    def _nearest(self, part: Any, k: int) -> Any:
        power = self.distances[self.setting.distance]
        if not power:
            return self.torch.topk(part @ self.points.T, k).indices
        # Matrix products would be faster but lose the nearest points to rounding.
        direct = "donot_use_mm_for_euclid_dist"
        distances = self.torch.cdist(part, self.points, p=power, compute_mode=direct)
        return self.torch.topk(distances, k, largest=False).indices
