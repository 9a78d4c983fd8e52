"""sphere-grid: nearhit's own exact search among directions, the reference for libraries."""

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from nearhit.adapter import Distance, Repeatable, Setting, Threaded, adapter
from nearhit.errors import SkippedError


@adapter
class SphereGrid:
    """Directions are sorted into a grid of azimuth and pseudorapidity and queried bin by bin."""

    name: ClassVar[str] = "sphere-grid"
    package: ClassVar[str] = "nearhit"
    extra: ClassVar[str | None] = None
    licence: ClassVar[str] = "MIT"
    distances: ClassVar[dict[Distance, Any]] = {"angular": "squared chord"}
    exact: ClassVar[bool] = True
    compiles: ClassVar[bool] = False  # once per machine: numba caches compiled code
    repeatable: ClassVar[Repeatable] = "always"
    threaded: ClassVar[Threaded] = "build and query"

    setting: Setting

    def build(self, points: NDArray[np.float32]) -> None:
        import numba

        from nearhit.index.sphere_grid import build

        if points.shape[1] != 3:  # noqa: PLR2004 - dimensions of space
            raise SkippedError(f"sphere-grid holds directions, not {points.shape[1]} dimensions")
        numba.set_num_threads(self.setting.threads)
        self.grid = build(points)

    def query(self, points: NDArray[np.float32], k: int) -> NDArray[np.integer[Any]]:
        from nearhit.index.sphere_grid import query

        return query(self.grid, points, k)
