"""scipy-kdtree: exact k-d tree of SciPy, https://docs.scipy.org/doc/scipy/."""

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from nearhit.adapter import Distance, Repeatable, Setting, Threaded, adapter, parameter


@adapter
class ScipyKdtree:
    """Balanced k-d tree, searched in float64."""

    name: ClassVar[str] = "scipy-kdtree"
    package: ClassVar[str] = "scipy"
    extra: ClassVar[str | None] = None
    licence: ClassVar[str] = "BSD-3-Clause"
    distances: ClassVar[dict[Distance, Any]] = {"euclidean": 2, "manhattan": 1}
    exact: ClassVar[bool] = True
    repeatable: ClassVar[Repeatable] = "always"
    threaded: ClassVar[Threaded] = "query"

    setting: Setting
    leafsize: int = parameter(
        16,
        "points at which a leaf is searched one by one",
        at_least=1,
        dial=(8, 16, 32),
        build=(2, 128),
    )

    def build(self, points: NDArray[np.float32]) -> None:
        from scipy.spatial import cKDTree

        self.tree = cKDTree(points, leafsize=self.leafsize)

    def query(self, points: NDArray[np.float32], k: int) -> NDArray[np.integer[Any]]:
        power = self.distances[self.setting.distance]
        _, found = self.tree.query(points, k, p=power, workers=self.setting.threads)
        return found.reshape(len(points), k)  # SciPy drops the second axis if k = 1
