"""acts-seeds: ACTS' seeds found in buckets, followed by its Kalman filter through the event."""

from typing import ClassVar

from nearhit.data.buckets import Buckets
from nearhit.data.event import Event
from nearhit.data.tracks import Tracks
from nearhit.parameter import parameter
from nearhit.tracker import TrackerSetting, tracker


@tracker
class ActsSeeds:
    """The distinct seeds of all buckets, then the standard chain."""

    name: ClassVar[str] = "acts-seeds"
    package: ClassVar[str] = "pyacts"
    extra: ClassVar[str | None] = "simulate"
    one_thread: ClassVar[bool] = True

    setting: TrackerSetting
    seed_pt: float = parameter(0.4, "GeV that seeds have at least", at_least=0.05)
    min_hits: int = parameter(6, "hits that a track has at least", at_least=3, always_shown=True)

    def find(self, event: Event, buckets: Buckets) -> Tracks:
        from nearhit.tracking.acts_chain import FOLLOW, RESOLVE, SEED, ActsChain
        from nearhit.tracking.ambiguity_resolution import Candidates, Resolver

        with self.setting.stage("select"):
            chain = ActsChain(event, self.seed_pt, self.min_hits)
        seeds: dict[tuple[int, ...], None] = {}
        for members in buckets.members:
            with self.setting.stage("select"):
                hits = members[members >= 0]
                hits = hits[chain.in_pixels[hits]]
                if len(hits) < 3:  # noqa: PLR2004 - a seed has three
                    continue
                board = chain.board(chain.measurement[hits].tolist())
            with self.setting.stage("seed"):
                chain.run(board, *SEED)
                seeds |= dict.fromkeys(chain.seeds(board))
        self.setting.count("seeds", len(seeds))
        with self.setting.stage("select"):
            board = chain.board()
            chain.run(board, "points")
            chain.put_seeds(board, seeds)
        with self.setting.stage("follow"):
            chain.run(board, *FOLLOW)
        self.setting.count("candidates", chain.n_candidates(board))
        with self.setting.stage("resolve"):
            chain.run(board, *RESOLVE)
            return Resolver(len(event)).resolve(Candidates.of(chain.tracks(board)), 3, 0.5)
