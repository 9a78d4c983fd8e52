"""Overhead of nearhit itself: around a library's batch call, and for the quality of its buckets."""

from statistics import median
from time import perf_counter

import numpy as np
from nearhit.datasets.open_event import open_event

from nearhit.data.buckets import Buckets, choose_queries
from nearhit.index.run import find_buckets, index_for
from nearhit.machine.hardware import cores
from nearhit.plugins.registry import adapters, installed_version, metric_named
from nearhit.plugins.spec import IndexSpec
from nearhit.quality import FIGURES, Trackable, count_buckets, label_hits

from .measured import EVENT, PROFILE

ON_CPU = [name for name, adapter in adapters().items() if "cpu" in adapter.devices]
LIBRARIES = {"quick": ["pykdtree"], "full": ON_CPU}
EXHAUSTIVE_QUERIES = 2_000
ROUNDS = {"quick": 3, "full": 11}
BUCKET_SIZE = 50


class Harness:
    """Ratios of medians within one run, both sides in turn; the targets are 0.02 and 0.1."""

    params = LIBRARIES[PROFILE]
    param_names = ("index",)
    timeout = 600

    def setup(self, name):
        if installed_version(adapters()[name]) is None:
            raise NotImplementedError(f"{name} is not installed")
        self.event = open_event(EVENT)
        self.metric = metric_named("angular")
        asked = EXHAUSTIVE_QUERIES if adapters()[name].exhaustive else None
        self.rows = choose_queries(len(self.event), asked, 0)
        self.found = self._find_buckets(name)
        self.queries = np.ascontiguousarray(self.found.points[self.rows])
        self.buckets = Buckets(self.rows, self.found.members)
        self.labels = label_hits(self.event, Trackable())
        self._figures()

    def _find_buckets(self, name):
        index = index_for(self.metric, IndexSpec.parse(name), cores())
        return find_buckets(self.event, self.metric, index, BUCKET_SIZE, self.rows)

    def track_added_to_batch_call(self, name):
        """Return the seconds that nearhit adds to a batch, over those of the library."""
        adapter = self.found.index._adapter  # noqa: SLF001 - the seam itself is measured
        at_once = index_for(self.metric, IndexSpec.parse(name)).build(self.found.points)
        at_once._adapter = AtOnce(self.buckets.members)  # noqa: SLF001
        added, own = _in_turn(
            lambda: at_once.answer(self.queries, BUCKET_SIZE),
            lambda: adapter.query(self.queries, BUCKET_SIZE),
        )
        return added / own

    def track_quality_to_bucketing(self, name):
        """All quality figures over project, build and query of the event."""
        quality, bucketing = _in_turn(self._figures, lambda: self._find_buckets(name))
        return quality / bucketing

    def _figures(self):
        counts = count_buckets(self.buckets, self.labels)
        return [figure.value(counts, Trackable()) for figure in FIGURES.values()]

    track_added_to_batch_call.unit = track_quality_to_bucketing.unit = "ratio"
    track_added_to_batch_call.version = track_quality_to_bucketing.version = "1"


class AtOnce:
    """An adapter that has its answer."""

    def __init__(self, members):
        self.members = members

    def query(self, _points, _k):
        return self.members


def _in_turn(first, second):
    """Return the median seconds of two calls made in turn, A B B A and so on."""
    seconds = {first: [], second: []}
    for turn in range(ROUNDS[PROFILE]):
        for call in (first, second) if turn % 2 else (second, first):
            start = perf_counter()
            call()
            seconds[call].append(perf_counter() - start)
    return median(seconds[first]), median(seconds[second])
