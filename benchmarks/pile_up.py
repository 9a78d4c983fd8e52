"""Events of few to many collisions × library."""

from .figures import GATED, skip_unless_measured, tracked
from .measured import TIMEOUT, axes, measure


@tracked(GATED)
class PileUp:
    """Events of few to many collisions × library; skipped where they cannot be simulated."""

    params, param_names = axes("pile-up")
    timeout = TIMEOUT

    def setup_cache(self):
        return measure("pile-up")

    setup_cache.timeout = TIMEOUT

    def setup(self, rows, *combination):
        skip_unless_measured(rows, combination)
