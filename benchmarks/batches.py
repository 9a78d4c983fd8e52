"""Every library asked for hits one by one, in batches, and at once; in the full profile."""

from .figures import GATED, skip_unless_measured, tracked
from .measured import PROFILE, TIMEOUT, axes, measure

if PROFILE == "full":

    @tracked(GATED)
    class Batches:
        """Every library asked for hits one by one, in batches, and at once."""

        params, param_names = axes("batches")
        timeout = TIMEOUT

        def setup_cache(self):
            return measure("batches")

        setup_cache.timeout = TIMEOUT

        def setup(self, rows, *combination):
            skip_unless_measured(rows, combination)
