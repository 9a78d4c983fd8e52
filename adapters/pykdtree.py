"""pykdtree: exact k-d tree in C with OpenMP, https://github.com/storpipfugl/pykdtree."""

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from nearhit.adapter import Distance, Repeatable, Setting, Threaded, adapter, parameter


@adapter
class Pykdtree:
    """k-d tree; OMP_NUM_THREADS, which the worker sets beforehand, determines its threads."""

    name: ClassVar[str] = "pykdtree"
    package: ClassVar[str] = "pykdtree"
    extra: ClassVar[str | None] = "pykdtree"
    licence: ClassVar[str] = "LGPL-3.0-or-later"
    distances: ClassVar[dict[Distance, Any]] = {"euclidean": 2}
    exact: ClassVar[bool] = True
    repeatable: ClassVar[Repeatable] = "always"
    threaded: ClassVar[Threaded] = "query"

    setting: Setting
    leafsize: int = parameter(
        8,
        "points at which a leaf is searched one by one",
        at_least=1,
        dial=(4, 8, 16, 32),
        build=(2, 128),
    )

    def build(self, points: NDArray[np.float32]) -> None:
        from pykdtree.kdtree import KDTree

        self.tree = KDTree(points, leafsize=self.leafsize)

    def query(self, points: NDArray[np.float32], k: int) -> NDArray[np.integer[Any]]:
        _, found = self.tree.query(points, k)
        return found.reshape(len(points), k).view(np.int32)  # uint32, with one axis if k = 1
