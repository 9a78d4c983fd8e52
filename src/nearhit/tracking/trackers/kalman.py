"""kalman: doublets of inner hits that point at the beam line, followed by a Kalman filter."""

from typing import ClassVar

import numpy as np

from nearhit.data.buckets import Buckets
from nearhit.data.event import Event
from nearhit.data.tracks import NO_TRACK, Tracks
from nearhit.parameter import parameter
from nearhit.tracker import Takes, TrackerSetting, tracker


@tracker
class Kalman:
    """Three passes: straight tracks from the beam line, curved ones, the rest.

    With buckets, the first doublet of a track is looked for in the bucket around its inner hit; the
    track is still followed through the whole event.
    """

    name: ClassVar[str] = "kalman"
    takes: ClassVar[Takes] = "both"

    setting: TrackerSetting
    passes: int = parameter(3, "passes, each with looser cuts", at_least=1, at_most=3)
    min_hits: int = parameter(
        4, "shorter tracks are dropped: most of them are fakes", at_least=1, always_shown=True
    )

    def find(self, event: Event, buckets: Buckets) -> Tracks:
        import numba

        from nearhit.tracking.kalman_filter import PASSES, Search

        numba.set_num_threads(self.setting.threads)
        with self.setting.stage("select"):
            search = Search(event, None if buckets.hold_everything else buckets)
        for cuts in PASSES[: self.passes]:
            with self.setting.stage("follow"):
                candidates = search.candidates(cuts)
            self.setting.count("candidates", len(candidates.lengths))
            with self.setting.stage("resolve"):
                search.resolve(candidates, cuts)
        with self.setting.stage("resolve"):
            of_hit = search.track_of_hit()
            length = np.bincount(of_hit + 1)[of_hit + 1]
            return Tracks(np.where(length < self.min_hits, NO_TRACK, of_hit).astype(np.int32))
