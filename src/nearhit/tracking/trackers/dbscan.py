"""dbscan: density clustering of each bucket, scikit-learn; a proxy of tracking."""

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from nearhit.data.buckets import Buckets
from nearhit.data.event import Event
from nearhit.data.tracks import Tracks
from nearhit.parameter import parameter
from nearhit.tracker import Takes, TrackerSetting, tracker
from nearhit.tracking.clustering import cluster_buckets


@tracker
class Dbscan:
    """A track is a set of hits that are connected through dense places."""

    name: ClassVar[str] = "dbscan"
    package: ClassVar[str] = "scikit-learn"
    extra: ClassVar[str | None] = "sklearn"
    takes: ClassVar[Takes] = "both"
    one_thread: ClassVar[bool] = True

    setting: TrackerSetting
    metric: str = parameter("phi-eta", "where hits are near, see `nearhit metrics`")
    eps: float = parameter(0.01, "how near two hits of a track are", at_least=1e-9)
    min_samples: int = parameter(3, "hits that make a place dense", at_least=1)

    def find(self, event: Event, buckets: Buckets) -> Tracks:
        from sklearn.cluster import DBSCAN

        def labels(points: NDArray[np.float32]) -> NDArray[np.integer[Any]]:
            return DBSCAN(eps=self.eps, min_samples=self.min_samples).fit_predict(points)

        return cluster_buckets(event, buckets, self.metric, labels, self.setting)
