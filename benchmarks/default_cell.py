"""The default cell of each library, timed by asv itself, which tests its samples."""

import numpy as np
from nearhit.datasets.open_event import open_event

from nearhit.cells.profiles import PROFILES
from nearhit.errors import SkippedError
from nearhit.index.run import find_buckets, index_for
from nearhit.machine.hardware import cores
from nearhit.plugins.registry import adapters, metric_named
from nearhit.plugins.spec import IndexSpec

from .measured import EVENT, PROFILE

_REPEAT = {"quick": (1, 1, 0.5), "full": (2, 10, 20)}  # least, most, seconds
_WARM_UP_HITS = 2_000
_ROUNDS = {"quick": 1, "full": 2}
_LIBRARIES = [
    name
    for name, adapter in adapters().items()
    if not adapter.exhaustive and (PROFILES[PROFILE].thorough or not adapter.compiles)
]


class DefaultCell:
    """Project, build and query all hits: angular, buckets of 50, all threads."""

    params = _LIBRARIES
    param_names = ("index",)
    number = 1
    repeat = _REPEAT[PROFILE]
    rounds = _ROUNDS[PROFILE]
    warmup_time = 0  # setup has paid for imports and compilation
    timeout = 600

    def setup(self, name):
        self.event = open_event(EVENT)
        self.metric = metric_named("angular")
        self.spec = IndexSpec.parse(name)
        try:
            self._find_buckets(self.event.select(np.arange(len(self.event)) < _WARM_UP_HITS))
        except SkippedError as reason:
            raise NotImplementedError(str(reason)) from reason

    def _find_buckets(self, event):
        find_buckets(event, self.metric, index_for(self.metric, self.spec, cores()), 50)

    def time_event(self, _name):
        self._find_buckets(self.event)

    time_event.version = "1"
