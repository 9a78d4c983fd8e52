"""Every road from hits to tracks: tracker × where it looks."""

from .figures import GATED_TRACKS, skip_unless_measured, tracked
from .measured import TIMEOUT, axes, measure


@tracked(GATED_TRACKS)
class Tracking:
    """Every road from hits to tracks: tracker × where it looks."""

    params, param_names = axes("tracking")
    timeout = TIMEOUT

    def setup_cache(self):
        return measure("tracking")

    setup_cache.timeout = TIMEOUT

    def setup(self, rows, *combination):
        skip_unless_measured(rows, combination, "trackml_score")
