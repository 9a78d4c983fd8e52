"""pynear: exact vantage-point tree, https://github.com/pablocael/pynear."""

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from nearhit.adapter import Distance, Repeatable, Setting, Threaded, adapter


@adapter
class Pynear:
    """Vantage-point tree: points are split by their distance to a vantage point."""

    name: ClassVar[str] = "pynear"
    package: ClassVar[str] = "pynear"
    extra: ClassVar[str | None] = "pynear"
    licence: ClassVar[str] = "MIT"
    needs: ClassVar[str] = "Python 3.12 at most"
    distances: ClassVar[dict[Distance, Any]] = {
        "euclidean": "VPTreeL2Index",
        "manhattan": "VPTreeL1Index",
    }
    exact: ClassVar[bool] = True
    repeatable: ClassVar[Repeatable] = "always"
    threaded: ClassVar[Threaded] = "query"

    setting: Setting

    def build(self, points: NDArray[np.float32]) -> None:
        import pynear

        self.tree = getattr(pynear, self.distances[self.setting.distance])()
        self.tree.set(points)

    def query(self, points: NDArray[np.float32], k: int) -> NDArray[np.integer[Any]]:
        return self.tree.searchKNN_arrays(points, k)[0]
