"""agglomerative: hierarchical clustering of each bucket, scikit-learn; a proxy of tracking."""

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
class Agglomerative:
    """Merge the two nearest clusters until none are near."""

    name: ClassVar[str] = "agglomerative"
    package: ClassVar[str] = "scikit-learn"
    extra: ClassVar[str | None] = "sklearn"
    takes: ClassVar[Takes] = "both"
    one_thread: ClassVar[bool] = True

    setting: TrackerSetting
    metric: str = parameter("phi-eta", "where hits are near, see `nearhit metrics`")
    distance: float = parameter(0.03, "between clusters that become one, at most", at_least=1e-9)
    linkage: str = parameter(
        "average", "between which hits it is measured", choices=("average", "single", "complete")
    )

    def find(self, event: Event, buckets: Buckets) -> Tracks:
        from sklearn.cluster import AgglomerativeClustering

        def labels(points: NDArray[np.float32]) -> NDArray[np.integer[Any]]:
            clustering = AgglomerativeClustering(
                n_clusters=None, distance_threshold=self.distance, linkage=self.linkage
            )
            return clustering.fit_predict(points)

        return cluster_buckets(event, buckets, self.metric, labels, self.setting)
