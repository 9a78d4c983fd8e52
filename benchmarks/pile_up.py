"""Events of few to many collisions × library; where they can be simulated."""

from importlib.util import find_spec

from .figures import GATED, skip_unless_measured, tracked
from .measured import TIMEOUT, axes, measure

if find_spec("acts") and find_spec("pythia8mc"):  # the extra 'simulate'

    @tracked(GATED)
    class PileUp:
        """Events of few to many collisions × library."""

        params, param_names = axes("pile-up")
        timeout = TIMEOUT

        def setup_cache(self):
            return measure("pile-up")

        setup_cache.timeout = TIMEOUT

        def setup(self, rows, *combination):
            skip_unless_measured(rows, combination)
