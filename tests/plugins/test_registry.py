import numpy as np
import pytest

from nearhit.errors import BadInputError
from nearhit.plugins.registry import (
    adapters,
    bucket_selections,
    how_to_install,
    installed_version,
    metric_named,
    metrics,
)
from nearhit.plugins.spec import SelectionSpec

CARD = {
    "annoy", "faiss-flat", "faiss-ivf", "faiss-hnsw", "hnswlib", "pynndescent", "scann",
    "scann-brute", "scipy-kdtree", "pykdtree", "pynanoflann",
}  # fmt: skip

BROUGHT = """
    from nearhit.adapter import Setting, adapter
    @adapter
    class Brought:
        name = {name!r}
        package = "brought"
        extra = None
        licence = "MIT"
        distances = {{}}
        exact = True
        repeatable = "always"
        threaded = "nothing"
        setting: Setting
        def build(self, points): ...
        def query(self, points, k): ...
"""

BROUGHT_METRICS = """
    import numpy as np
    from nearhit.metrics import Metric
    def transverse(hits):
        return np.column_stack((hits.x, hits.y))
    ONE = Metric({name!r}, ("euclidean",), "(x, y) in mm", transverse)
    TWO = Metric("brought-too", ("manhattan",), "(x, y) in mm", transverse)
    BOTH = (ONE, TWO)
"""

BROUGHT_SELECTION = """
    from dataclasses import dataclass
    from nearhit.bucket_selection import AllBuckets, parameter
    @dataclass(frozen=True)
    class Forward(AllBuckets):
        name = {name!r}
        z_min: float = parameter(1000.0, "least z, mm", at_least=0)
        def select_queries(self, event, rows):
            return rows[event.hits.z[rows] >= self.z_min]
"""


def test_the_adapters_of_the_house_are_found():
    assert set(adapters()) >= CARD


def test_an_adapter_that_another_package_brings_is_found(install):
    install("brought", BROUGHT.format(name="brought"))
    assert installed_version(adapters()["brought"]) == "1.0"
    assert how_to_install(adapters()["brought"]) == "pip install 'brought'"


def test_two_adapters_of_one_name_are_refused(install):
    install("brought", BROUGHT.format(name="annoy"))
    with pytest.raises(BadInputError, match="Two adapters are called 'annoy'"):
        adapters()


def test_an_adapter_that_does_not_say_all_is_named(install):
    install("brought", BROUGHT.format(name="brought").replace("licence", "license"))
    with pytest.raises(BadInputError, match=r"'brought' in brought\S* does not declare licence"):
        adapters()


def test_an_adapter_that_cannot_be_loaded_is_named(install, tmp_path):
    install("brought", BROUGHT.format(name="brought"))
    (tmp_path / "site" / "brought" / "__init__.py").write_text("import no_such_module")
    with pytest.raises(BadInputError, match=r"'brought' .* cannot be loaded .*ModuleNotFoundError"):
        adapters()


@pytest.mark.parametrize(
    ("entry", "names"), [("ONE", {"brought"}), ("BOTH", {"brought", "brought-too"})]
)
def test_metrics_that_another_package_brings_are_found(install, toy_event, entry, names):
    own = set(metrics())
    value = f"brought.adapter:{entry}"
    install("brought", BROUGHT_METRICS.format(name="brought"), "nearhit.metrics", value)
    assert set(metrics()) == own | names
    points = metric_named("brought").project(toy_event)
    assert points.tolist() == toy_event.hits.positions[:, :2].tolist()


def test_two_metrics_of_one_name_are_refused(install):
    source = BROUGHT_METRICS.format(name="angular")
    install("brought", source, "nearhit.metrics", "brought.adapter:ONE")
    with pytest.raises(BadInputError, match="Two metrics are called 'angular'"):
        metrics()


def test_a_metric_that_is_none_is_named(install):
    install("brought", "ONE = 3", "nearhit.metrics", "brought.adapter:ONE")
    with pytest.raises(BadInputError, match=r"metric 3 in builtins .* name, distances"):
        metrics()


def test_a_bucket_selection_that_another_package_brings_is_found(install, toy_event):
    own = set(bucket_selections())
    install("brought", BROUGHT_SELECTION.format(name="brought"), "nearhit.bucket_selections")
    assert set(bucket_selections()) == own | {"brought"}
    selection = SelectionSpec.parse("brought(z_min=300)").selection()
    rows = selection.select_queries(toy_event, np.arange(len(toy_event), dtype=np.int32))
    assert rows.tolist() == np.flatnonzero(toy_event.hits.z >= 300).tolist()
    assert len(rows)


def test_two_bucket_selections_of_one_name_are_refused(install):
    install("brought", BROUGHT_SELECTION.format(name="cover"), "nearhit.bucket_selections")
    with pytest.raises(BadInputError, match="Two bucket selections are called 'cover'"):
        bucket_selections()


def test_every_adapter_file_is_short_and_loads_nothing():
    """A beginner reads one in a minute; a library is loaded where it is measured alone."""
    import subprocess
    import sys
    from inspect import getsourcefile
    from pathlib import Path

    for adapter in adapters().values():
        assert len(Path(getsourcefile(adapter)).read_text().splitlines()) <= 60, adapter.name
    loaded = (
        "import sys; from nearhit.plugins.registry import adapters; adapters(); print(*sys.modules)"
    )
    modules = subprocess.run(
        [sys.executable, "-c", loaded], capture_output=True, text=True, check=True
    ).stdout.split()
    libraries = {"annoy", "faiss", "hnswlib", "pykdtree", "pynanoflann", "pynndescent", "scann"}
    assert not libraries & set(modules)
