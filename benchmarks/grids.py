"""Each library's grid between speed and recall, such as annoy's trees × points inspected."""

from .figures import GATED, skip_unless_measured, tracked
from .measured import TIMEOUT, axes, measure


@tracked(GATED)
class Grids:
    """Each library's grid between speed and recall, such as annoy's trees × points inspected."""

    params, param_names = axes("grids")
    timeout = TIMEOUT

    def setup_cache(self):
        return measure("grids")

    setup_cache.timeout = TIMEOUT

    def setup(self, rows, *combination):
        skip_unless_measured(rows, combination)
