"""Library × metric × bucket size."""

from .figures import GATED, SHOWN, skip_unless_measured, tracked
from .measured import TIMEOUT, axes, measure


@tracked(GATED | SHOWN)
class Bucketing:
    """Library × metric × bucket size."""

    params, param_names = axes("bucketing")
    timeout = TIMEOUT

    def setup_cache(self):
        return measure("bucketing")

    setup_cache.timeout = TIMEOUT

    def setup(self, rows, *combination):
        skip_unless_measured(rows, combination)
