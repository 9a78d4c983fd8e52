"""What "near" means: how hits become points, and the distance between the points."""

from .metric import Metric
from .table import METRICS, metric_named

__all__ = ["METRICS", "Metric", "metric_named"]
