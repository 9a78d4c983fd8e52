"""pynanoflann: exact k-d tree of nanoflann, https://github.com/u1234x1234/pynanoflann."""

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from nearhit.adapter import Distance, Repeatable, Setting, Threaded, adapter, parameter


@adapter
class Pynanoflann:
    """k-d tree in header-only C++."""

    name: ClassVar[str] = "pynanoflann"
    package: ClassVar[str] = "pynanoflann"
    extra: ClassVar[str | None] = "pynanoflann"
    licence: ClassVar[str] = "BSD-2-Clause"
    needs: ClassVar[str] = "Python 3.12 at most"
    distances: ClassVar[dict[Distance, Any]] = {"euclidean": "L2", "manhattan": "L1"}
    exact: ClassVar[bool] = True
    repeatable: ClassVar[Repeatable] = "always"
    threaded: ClassVar[Threaded] = "query"

    setting: Setting
    leaf_size: int = parameter(
        10,
        "points at which a leaf is searched one by one",
        at_least=1,
        dial=(5, 10, 20, 40),
        build=(2, 128),
    )

    def build(self, points: NDArray[np.float32]) -> None:
        from pynanoflann import KDTree

        metric = self.distances[self.setting.distance]
        self.tree = KDTree(metric=metric, leaf_size=self.leaf_size)
        self.tree.fit(points)

    def query(self, points: NDArray[np.float32], k: int) -> NDArray[np.integer[Any]]:
        _, found = self.tree.kneighbors(points, k, n_jobs=self.setting.threads)
        return found
