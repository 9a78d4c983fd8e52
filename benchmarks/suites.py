"""The suites that look up what nearhit's runner measured, as one table of asv benchmarks."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec

from nearhit.cells.suites import SUITES

from .figures import GATED, GATED_TRACKS, SHOWN, skip_unless_measured, tracking
from .measured import PROFILE, TIMEOUT, axes, measure


@dataclass(frozen=True)
class Row:
    """One suite as asv shows it.

    Attributes:
        suite: by name, see `nearhit.cells.suites`.
        figures: what is tracked of each cell.
        setup_cache: measures it; asv tells caches apart by the line on which this is written.
        needed: the figure without which a cell is skipped.
        simulated: whether its events are simulated, with the extra `simulate`.
        profiles: in which it is measured.
    """

    suite: str
    figures: dict
    setup_cache: Callable
    needed: str = "particle_efficiency"
    simulated: bool = False
    profiles: tuple = ("quick", "full")

    @property
    def available(self):
        """Whether it can be measured here in the profile that was chosen."""
        simulates = bool(find_spec("acts") and find_spec("pythia8mc"))
        return PROFILE in self.profiles and (simulates or not self.simulated)


ROWS = (
    Row("bucketing", GATED | SHOWN, lambda _: measure("bucketing")),
    Row("tuned", GATED | SHOWN, lambda _: measure("tuned")),
    Row("grids", GATED, lambda _: measure("grids")),
    Row("hardware", GATED, lambda _: measure("hardware")),
    Row("batches", GATED, lambda _: measure("batches"), profiles=("full",)),
    Row("dimensions", GATED, lambda _: measure("dimensions"), simulated=True, profiles=("full",)),
    Row("pile-up", GATED, lambda _: measure("pile-up"), simulated=True),
    Row("tracking", GATED_TRACKS, lambda _: measure("tracking"), "trackml_score"),
    Row("noise", GATED_TRACKS, lambda _: measure("noise"), "trackml_score", simulated=True),
    Row(
        "tracks-by-pile-up",
        GATED_TRACKS,
        lambda _: measure("tracks-by-pile-up"),
        "trackml_score",
        simulated=True,
    ),
    Row(
        "clustering", GATED_TRACKS, lambda _: measure("clustering"), "trackml_score", simulated=True
    ),
)


def _benchmark(row):
    """Return the class of benchmarks of a suite."""

    def setup(_self, rows, *combination):
        skip_unless_measured(rows, combination, row.needed)

    row.setup_cache.timeout = TIMEOUT
    values, names = axes(row.suite)
    name = row.suite.title().replace("-", "")
    content = {
        "__doc__": SUITES[row.suite].about,
        "__module__": __name__,
        "params": values,
        "param_names": names,
        "timeout": TIMEOUT,
        "setup_cache": row.setup_cache,
        "setup": setup,
    }
    return type(name, (), content | tracking(row.figures))


for _row in ROWS:
    if _row.available:
        _class = _benchmark(_row)
        globals()[_class.__name__] = _class
del _class
