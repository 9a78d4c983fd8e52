"""Points of few to many dimensions × library; in the full profile, where events can be made."""

from importlib.util import find_spec

from .figures import GATED, skip_unless_measured, tracked
from .measured import PROFILE, TIMEOUT, axes, measure

if PROFILE == "full" and find_spec("acts") and find_spec("pythia8mc"):

    @tracked(GATED)
    class Dimensions:
        """Points of few to many dimensions × library."""

        params, param_names = axes("dimensions")
        timeout = TIMEOUT

        def setup_cache(self):
            return measure("dimensions")

        setup_cache.timeout = TIMEOUT

        def setup(self, rows, *combination):
            skip_unless_measured(rows, combination)
