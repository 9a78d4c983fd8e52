"""Which buckets a tracker is given: around which hits, joined, covering the event, promising."""

from .apply import buckets_kept, rows_asked
from .choice import BucketChoice
from .cover import Cover
from .joined import Joined
from .pointing import Pointing
from .start import Layers, StartLayer

__all__ = ["CHOICES", "BucketChoice", "buckets_kept", "rows_asked"]

CHOICES: dict[str, type[BucketChoice]] = {
    choice.name: choice for choice in (Layers, StartLayer, Joined, Cover, Pointing)
}
"""Every choice by the name that users write; several are applied one after the other."""
