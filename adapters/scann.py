"""scann: partition with exact or hashed search, https://github.com/google-research/google-research."""

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from nearhit.adapter import Distance, Repeatable, Setting, Threaded, adapter, parameter


@adapter
class Scann:
    """k-means assigns points to leaves; a query visits the nearest leaves."""

    name: ClassVar[str] = "scann"
    package: ClassVar[str] = "scann"
    extra: ClassVar[str | None] = "scann"
    licence: ClassVar[str] = "Apache-2.0"
    needs: ClassVar[str] = "AVX"
    distances: ClassVar[dict[Distance, Any]] = {"euclidean": "squared_l2", "dot": "dot_product"}
    exact: ClassVar[bool] = False
    repeatable: ClassVar[Repeatable] = "never"
    threaded: ClassVar[Threaded] = "build and query"

    setting: Setting
    leaves: int = parameter(
        512, "parts; at most n / 39", at_least=1, dial=(256, 512, 1024), build=(64, 4096)
    )
    leaves_to_search: int = parameter(
        4, "parts visited a query", at_least=1, dial=(1, 2, 4, 8, 16), query=(1, 256)
    )
    reorder: int = parameter(
        0, "candidates of asymmetric hashing compared exactly; 0 for no hashing", at_least=0
    )

    def build(self, points: NDArray[np.float32]) -> None:
        from scann.scann_ops.py import scann_ops_pybind

        self.partition = max(1, min(self.leaves, len(points) // 39))
        builder = scann_ops_pybind.builder(points, 10, self.distances[self.setting.distance])
        builder.set_n_training_threads(self.setting.threads)
        builder.tree(self.partition, 1, training_sample_size=len(points))
        if self.reorder and len(points) >= 16:  # noqa: PLR2004 - fewer cannot be hashed
            builder.score_ah(1).reorder(self.reorder)
        else:
            builder.score_brute_force()
        self.searcher = builder.build()
        self.searcher.set_num_threads(self.setting.threads)

    def query(self, points: NDArray[np.float32], k: int) -> NDArray[np.integer[Any]]:
        several = self.setting.threads > 1  # the parallel call ignores a limit of one thread
        ask = self.searcher.search_batched_parallel if several else self.searcher.search_batched
        leaves = min(self.leaves_to_search, self.partition)
        found, distances = ask(points, k, leaves_to_search=leaves)
        found = found.view(np.int32)
        found[np.isnan(distances)] = -1  # padding if a query finds fewer than k
        return found
