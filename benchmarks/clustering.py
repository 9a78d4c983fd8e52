"""Small events × the proxies of tracking; where they can be simulated."""

from importlib.util import find_spec

from .figures import GATED_TRACKS, skip_unless_measured, tracked
from .measured import TIMEOUT, axes, measure

if find_spec("acts") and find_spec("pythia8mc"):  # the extra 'simulate'

    @tracked(GATED_TRACKS)
    class Clustering:
        """Small events × the proxies of tracking, in the whole event and in buckets."""

        params, param_names = axes("clustering")
        timeout = TIMEOUT

        def setup_cache(self):
            return measure("clustering")

        setup_cache.timeout = TIMEOUT

        def setup(self, rows, *combination):
            skip_unless_measured(rows, combination, "trackml_score")
