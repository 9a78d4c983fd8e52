"""scann-brute: brute force of ScaNN, https://github.com/google-research/google-research."""

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from nearhit.adapter import Distance, Repeatable, Setting, Threaded, adapter


@adapter
class ScannBrute:
    """Brute force: every query is compared with every point."""

    name: ClassVar[str] = "scann-brute"
    package: ClassVar[str] = "scann"
    extra: ClassVar[str | None] = "scann"
    licence: ClassVar[str] = "Apache-2.0"
    needs: ClassVar[str] = "AVX"
    distances: ClassVar[dict[Distance, Any]] = {"euclidean": "squared_l2", "dot": "dot_product"}
    exact: ClassVar[bool] = False  # float32 products lose some neighbours of close hits
    exhaustive: ClassVar[bool] = True
    repeatable: ClassVar[Repeatable] = "always"
    threaded: ClassVar[Threaded] = "query"

    setting: Setting

    def build(self, points: NDArray[np.float32]) -> None:
        from scann.scann_ops.py import scann_ops_pybind

        builder = scann_ops_pybind.builder(points, 10, self.distances[self.setting.distance])
        self.searcher = builder.score_brute_force().build()
        self.searcher.set_num_threads(self.setting.threads)

    def query(self, points: NDArray[np.float32], k: int) -> NDArray[np.integer[Any]]:
        several = self.setting.threads > 1  # the parallel call ignores a limit of one thread
        ask = self.searcher.search_batched_parallel if several else self.searcher.search_batched
        return ask(points, k)[0].view(np.int32)
