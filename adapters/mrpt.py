"""mrpt: multiple random projection trees, https://github.com/vioshyvo/mrpt."""

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from nearhit.adapter import Distance, Repeatable, Setting, Threaded, adapter, parameter

_LEAF = 64  # points per leaf


@adapter
class Mrpt:
    """Random projections split the points; those in enough leaves of the query are compared."""

    name: ClassVar[str] = "mrpt"
    package: ClassVar[str] = "mrpt"
    extra: ClassVar[str | None] = "mrpt"
    licence: ClassVar[str] = "MIT"
    needs: ClassVar[str] = "a C++ compiler"
    distances: ClassVar[dict[Distance, Any]] = {"euclidean": "squared"}
    exact: ClassVar[bool] = False
    repeatable: ClassVar[Repeatable] = "never"
    threaded: ClassVar[Threaded] = "build and query"

    setting: Setting
    depth: int = parameter(
        10, "levels of a tree; at least 64 points a leaf", at_least=1, dial=(8, 10), build=(4, 12)
    )
    trees: int = parameter(10, "trees", at_least=1, dial=(2, 5, 10, 20), build=(1, 50))
    votes: int = parameter(1, "leaves that a candidate must be in", at_least=1)

    def build(self, points: NDArray[np.float32]) -> None:
        import mrpt

        self.index = mrpt.MRPTIndex(points)  # stores a pointer to the points
        # Smaller leaves leave buckets half empty; fewer points than two leaves are not split.
        self.levels = min(self.depth, (len(points) // _LEAF).bit_length() - 1)
        if self.levels > 0:
            self.index.build(self.levels, self.trees, projection_sparsity=None)

    def query(self, points: NDArray[np.float32], k: int) -> NDArray[np.integer[Any]]:
        if self.levels > 0:
            return self.index.ann(points, k, votes_required=self.votes)
        return self.index.exact_search(points, k)
