"""ngt: neighbourhood graph and tree of Yahoo Japan, https://github.com/yahoojapan/NGT."""

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from nearhit.adapter import Distance, Repeatable, Setting, Threaded, adapter, parameter


@adapter
class Ngt:
    """Proximity graph whose search starts from a tree; the index is stored in files."""

    name: ClassVar[str] = "ngt"
    package: ClassVar[str] = "ngt"
    extra: ClassVar[str | None] = "ngt"
    licence: ClassVar[str] = "Apache-2.0"
    distances: ClassVar[dict[Distance, Any]] = {
        "angular": "Cosine",
        "euclidean": "L2",
        "manhattan": "L1",
    }
    exact: ClassVar[bool] = False
    repeatable: ClassVar[Repeatable] = "never"  # it starts from random leaves without a seed
    threaded: ClassVar[Threaded] = "build and query"

    setting: Setting
    edges: int = parameter(10, "links of a point while building", at_least=1, build=(5, 40))
    search_edges: int = parameter(40, "links followed from a point", at_least=1, build=(10, 100))
    epsilon: float = parameter(
        0.1, "reach past the k-th", at_least=0.0, dial=(0.0, 0.05, 0.1, 0.2), query=(0.0, 0.5)
    )

    def build(self, points: NDArray[np.float32]) -> None:
        from tempfile import TemporaryDirectory

        import ngtpy

        self.folder = TemporaryDirectory(prefix="nearhit-ngt-")
        ngtpy.create(
            self.folder.name,
            points.shape[1],
            edge_size_for_creation=self.edges,
            edge_size_for_search=self.search_edges,
            distance_type=self.distances[self.setting.distance],
        )
        self.index = ngtpy.Index(self.folder.name, zero_based_numbering=True)
        self.index.batch_insert(points, num_threads=self.setting.threads)

    def query(self, points: NDArray[np.float32], k: int) -> NDArray[np.integer[Any]]:
        import ngtpy

        self.index.set(epsilon=self.epsilon)
        results = ngtpy.BatchResults()
        self.index.batch_search(points, results, k, with_distance=False)
        return results.get_ids()
