"""Each library's dial between speed and recall, such as annoy's number of trees."""

from .figures import GATED, skip_unless_measured, tracked
from .measured import TIMEOUT, axes, measure


@tracked(GATED)
class Dials:
    """Each library's dial between speed and recall, such as annoy's number of trees."""

    params, param_names = axes("dials")
    timeout = TIMEOUT

    def setup_cache(self):
        return measure("dials")

    setup_cache.timeout = TIMEOUT

    def setup(self, rows, *combination):
        skip_unless_measured(rows, combination)
