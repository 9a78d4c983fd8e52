"""The index, metric, bucket size and tracker to use, from records."""

from .demands import Demands
from .recommend import Recommendation, in_json, recommend
from .words import in_words

__all__ = ["Demands", "Recommendation", "in_json", "in_words", "recommend"]
