"""Events of few to many collisions × roads to tracks; where they can be simulated."""

from importlib.util import find_spec

from .figures import GATED_TRACKS, skip_unless_measured, tracked
from .measured import TIMEOUT, axes, measure

if find_spec("acts") and find_spec("pythia8mc"):  # the extra 'simulate'

    @tracked(GATED_TRACKS)
    class TracksByPileUp:
        """Events of few to many collisions × roads from hits to tracks."""

        params, param_names = axes("tracks-by-pile-up")
        timeout = TIMEOUT

        def setup_cache(self):
            return measure("tracks-by-pile-up")

        setup_cache.timeout = TIMEOUT

        def setup(self, rows, *combination):
            skip_unless_measured(rows, combination, "trackml_score")
