"""helix: in each bucket the helix from the beam line that passes most layers; nearhit's own."""

from typing import ClassVar

from nearhit.data.buckets import Buckets
from nearhit.data.event import Event
from nearhit.data.tracks import Tracks
from nearhit.parameter import parameter
from nearhit.tracker import TrackerSetting, tracker


@tracker
class Helix:
    """Doublets of the queried hit, the helix through both hits, a fit, the hits along it."""

    name: ClassVar[str] = "helix"

    setting: TrackerSetting
    min_layers: int = parameter(4, "layers that a track has hits in", at_least=3)
    deviations: float = parameter(3.0, "of a hit from the helix, at most", at_least=0.1)
    across: float = parameter(0.3, "mm that 100 mm of path scatter it sideways", at_least=0.0)
    along: float = parameter(1.0, "the same, along the beam", at_least=0.0)
    free: float = parameter(
        0.7, "share of its hits that no better track has", at_least=0.0, at_most=1.0
    )

    def find(self, event: Event, buckets: Buckets) -> Tracks:
        import numba

        from nearhit.tracking.ambiguity_resolution import Resolver
        from nearhit.tracking.helix_search import HelixCuts, best_helices, helix_hits

        numba.set_num_threads(self.setting.threads)
        cuts = HelixCuts(self.deviations, self.across, self.along, self.min_layers)
        with self.setting.stage("select"):
            hits = helix_hits(event)
        with self.setting.stage("follow"):
            candidates = best_helices(hits, cuts, buckets)
        self.setting.count("candidates", len(candidates.lengths))
        with self.setting.stage("resolve"):
            return Resolver(len(event)).resolve(candidates, self.min_layers, self.free)
