"""acts: ACTS' seeding and combinatorial Kalman filter, https://acts.readthedocs.io."""

from typing import ClassVar

from nearhit.data.buckets import Buckets
from nearhit.data.event import Event
from nearhit.data.tracks import Tracks
from nearhit.parameter import parameter
from nearhit.tracker import Takes, TrackerSetting, tracker


@tracker
class Acts:
    """The standard chain in the whole event, or in each bucket, one after the other."""

    name: ClassVar[str] = "acts"
    package: ClassVar[str] = "pyacts"
    extra: ClassVar[str | None] = "simulate"
    takes: ClassVar[Takes] = "both"
    one_thread: ClassVar[bool] = True

    setting: TrackerSetting
    seed_pt: float = parameter(0.4, "GeV that seeds have at least", at_least=0.05)
    min_hits: int = parameter(6, "hits that a track has at least", at_least=3, always_shown=True)

    def find(self, event: Event, buckets: Buckets) -> Tracks:
        from nearhit.tracking.acts_chain import FOLLOW, RESOLVE, SEED, ActsChain
        from nearhit.tracking.ambiguity_resolution import Candidates, Resolver

        with self.setting.stage("select"):
            chain = ActsChain(event, self.seed_pt, self.min_hits)
        tracks = []
        for members in buckets.members:
            with self.setting.stage("select"):
                hits = members[members >= 0]
                if chain.in_pixels[hits].sum() < 3:  # noqa: PLR2004 - a seed has three
                    continue
                board = chain.board(chain.measurement[hits].tolist())
            with self.setting.stage("seed"):
                chain.run(board, *SEED)
            self.setting.count("seeds", len(chain.seeds(board)))
            with self.setting.stage("follow"):
                chain.run(board, *FOLLOW)
            self.setting.count("candidates", chain.n_candidates(board))
            with self.setting.stage("resolve"):
                chain.run(board, *RESOLVE)
                tracks += chain.tracks(board)
        with self.setting.stage("resolve"):
            return Resolver(len(event)).resolve(Candidates.of(tracks), 3, 0.5)
