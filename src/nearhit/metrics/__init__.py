"""Metrics: projections of hits to points (`coordinates`), and one row per metric (`table`).

Other packages bring metrics through the entry point group `nearhit.metrics`.
"""

from nearhit.plugins.metric import Metric
from nearhit.plugins.registry import metric_named

__all__ = ["Metric", "metric_named"]
