"""voyager: navigable small world, Spotify's successor to annoy, https://github.com/spotify/voyager."""

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from nearhit.adapter import Distance, Repeatable, Setting, Threaded, adapter, parameter


@adapter
class Voyager:
    """Hierarchical navigable small world: a query descends a layered proximity graph."""

    name: ClassVar[str] = "voyager"
    package: ClassVar[str] = "voyager"
    extra: ClassVar[str | None] = "voyager"
    licence: ClassVar[str] = "Apache-2.0"
    distances: ClassVar[dict[Distance, Any]] = {
        "angular": "Cosine",
        "euclidean": "Euclidean",
        "dot": "InnerProduct",
    }
    exact: ClassVar[bool] = False
    repeatable: ClassVar[Repeatable] = "one thread"
    threaded: ClassVar[Threaded] = "build and query"

    setting: Setting
    M: int = parameter(8, "links a point", at_least=2, at_most=256, dial=(4, 8, 16), build=(3, 32))
    ef_construction: int = parameter(40, "candidates while building", at_least=1, build=(10, 300))
    ef: int = parameter(
        50, "candidates a query; k at least", at_least=1, dial=(50, 75, 100, 200), query=("k", 1000)
    )
    storage: str = parameter(
        "Float32", "of coordinates", choices=("Float32", "Float8", "E4M3"), dial=("Float32", "E4M3")
    )

    def build(self, points: NDArray[np.float32]) -> None:
        import voyager

        self.index = voyager.Index(
            getattr(voyager.Space, self.distances[self.setting.distance]),
            points.shape[1],
            M=self.M,
            ef_construction=self.ef_construction,
            random_seed=self.setting.seed,
            max_elements=len(points),
            storage_data_type=getattr(voyager.StorageDataType, self.storage),
        )
        points = np.require(points, requirements="W")  # it refuses read-only arrays
        rows = range(len(points))  # otherwise threads number points in order of arrival
        self.index.add_items(points, rows, num_threads=self.setting.threads)

    def query(self, points: NDArray[np.float32], k: int) -> NDArray[np.integer[Any]]:
        points = np.require(points, requirements="W")
        found, _ = self.index.query(
            points, k, num_threads=self.setting.threads, query_ef=max(self.ef, k)
        )
        return found.view(np.int64)
