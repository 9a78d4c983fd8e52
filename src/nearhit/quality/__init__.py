"""Quality of buckets, judged by the truth."""

from .counts import BucketCounts, count_buckets
from .defects import defect_of
from .figures import FIGURES, Figure, leading_size_histogram, leading_sizes_with_noise, noise_share
from .labels import Labels, Trackable, label_hits
from .recall import recall
from .reference import kth_neighbours, nearest_neighbours

__all__ = [
    "FIGURES",
    "BucketCounts",
    "Figure",
    "Labels",
    "Trackable",
    "count_buckets",
    "defect_of",
    "kth_neighbours",
    "label_hits",
    "leading_size_histogram",
    "leading_sizes_with_noise",
    "nearest_neighbours",
    "noise_share",
    "recall",
]
