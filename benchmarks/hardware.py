"""Every library on one thread and on all of them."""

from .figures import GATED, skip_unless_measured, tracked
from .measured import TIMEOUT, axes, measure


@tracked(GATED)
class Hardware:
    """Every library on one thread and on all of them."""

    params, param_names = axes("hardware")
    timeout = TIMEOUT

    def setup_cache(self):
        return measure("hardware")

    setup_cache.timeout = TIMEOUT

    def setup(self, rows, *combination):
        skip_unless_measured(rows, combination)
