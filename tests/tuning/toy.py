"""A library whose seconds and quality are known functions of its parameters, and its bench."""

from math import exp, log2

from nearhit.plugins.spec import IndexSpec
from nearhit.tuning.goal import Answer
from nearhit.tuning.probe import TrialError
from nearhit.tuning.space import Space

SPACE = Space(
    IndexSpec("toy", (("trees", 5), ("width", 30), ("storage", "fine"), ("probes", 8))),
    {"trees": (1, 64), "width": (4, 400), "storage": ("fine", "coarse")},
    "probes",
    tuple(range(1, 101)),
    {
        "trees": frozenset({64}),
        "width": frozenset({4, 400}),
        "storage": frozenset(),
        "probes": frozenset({100}),
    },
)


def build_seconds(values):
    return 0.2 + 0.01 * values["trees"] + 0.1 * abs(log2(values["width"] / 60))


def query_seconds(values, probes):
    return probes * (0.02 if values["storage"] == "fine" else 0.015)


def share(values, probes):
    most = 1.0 if values["storage"] == "fine" else 0.99
    return most * (1 - exp(-probes * values["trees"] / 20))


class ToyBench:
    """Answers at once, and counts the seconds that it would have taken."""

    def __init__(self, fails=lambda _values: False):
        self.fails, self.clock, self.builds, self.asked = fails, 0.0, [], []

    def build(self, values):
        if self.fails(values):
            self.clock += 0.2
            raise TrialError("failed: its process was killed by SIGSEGV")
        self.values = dict(values)
        self.builds.append(self.values)
        self.clock += build_seconds(values)
        return build_seconds(values)

    def sample(self, value):
        return self._ask(value, 0.05)

    def whole(self, value):
        self.asked.append((self.values, value))
        return self._ask(value, 1.0)

    def _ask(self, value, part):
        seconds = query_seconds(self.values, value)
        self.clock += part * seconds
        return Answer(seconds, share(self.values, value))


def best_seconds(least):
    """Return the least seconds of all settings that reach a share."""
    grid = (
        {"trees": trees, "width": 60, "storage": storage}
        for trees in range(1, 65)
        for storage in ("fine", "coarse")
    )
    return min(
        build_seconds(values) + query_seconds(values, probes)
        for values in grid
        for probes in range(1, 101)
        if share(values, probes) >= least
    )
