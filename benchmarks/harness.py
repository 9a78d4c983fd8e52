"""What nearhit itself costs: around a library's batch call, and for the quality of its buckets."""

from statistics import median
from time import perf_counter

from nearhit.datasets.open_event import open_event

from nearhit.buckets import Buckets, choose_queries
from nearhit.hardware import cores
from nearhit.index import Index
from nearhit.metrics import metric_named
from nearhit.quality import FIGURES, Trackable, count_buckets, label_hits
from nearhit.registry import adapters, installed_version
from nearhit.spec import IndexSpec

from .measured import EVENT, PROFILE

FASTEST = {"quick": ["pykdtree"], "full": ["pynanoflann", "pykdtree", "scipy-kdtree"]}
ROUNDS = {"quick": 3, "full": 11}
BUCKET_SIZE = 50


class Harness:
    """Ratios of medians within one run, both sides in turn; the targets are 0.02 and 0.1."""

    params = FASTEST[PROFILE]
    param_names = ("index",)
    timeout = 600

    def setup(self, name):
        if installed_version(adapters()[name]) is None:
            raise NotImplementedError(f"{name} is not installed")
        self.event = open_event(EVENT)
        self.metric = metric_named("angular")
        self.points = self.metric.project(self.event)
        self.index = self._built(name)
        self.buckets = Buckets(
            choose_queries(len(self.event), None, 0), self.index.query(self.points, BUCKET_SIZE)
        )
        self.labels = label_hits(self.event, Trackable())
        self._figures()

    def _built(self, name):
        distance = self.metric.distance_in(adapters()[name])
        return Index(IndexSpec.parse(name), distance, cores()).build(self.points)

    def track_added_to_batch_call(self, name):
        """What nearhit does around a batch, with a library that answers at once, over the batch."""
        adapter = self.index._adapter  # noqa: SLF001 - the seam itself is measured
        at_once = Index(IndexSpec.parse(name), "euclidean").build(self.points)
        at_once._adapter = AtOnce(self.buckets.members)  # noqa: SLF001
        added, own = _in_turn(
            lambda: at_once.answer(self.points, BUCKET_SIZE),
            lambda: adapter.query(self.points, BUCKET_SIZE),
        )
        return added / own

    def track_quality_to_bucketing(self, name):
        """All quality figures over project, build and query of the event."""
        quality, bucketing = _in_turn(self._figures, lambda: self._bucket(name))
        return quality / bucketing

    def _bucket(self, name):
        self._built(name).answer(self.metric.project(self.event), BUCKET_SIZE)

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
