import re

import numpy as np
import pytest

from nearhit.errors import BadInputError
from nearhit.plugins.registry import (
    ADAPTERS,
    BUCKET_SELECTIONS,
    METRICS,
    TRACKERS,
    adapters,
    bucket_selections,
    found,
    how_to_install,
    installed_version,
    metric_named,
    metrics,
    named,
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


def broken(kind):
    return {one.name: one.reason for one in found(kind).broken}


def test_an_adapter_that_takes_the_name_of_one_of_the_house_is_broken(install):
    own = adapters()["annoy"]
    install("brought", BROUGHT.format(name="annoy"))
    assert adapters()["annoy"] is own
    assert "several are called so, in" in broken(ADAPTERS)["annoy"]


def test_adapters_of_one_name_are_both_broken(install):
    for name in ("brought", "broughttoo"):
        install(name, BROUGHT.format(name="twice"))
    assert len([one for one in found(ADAPTERS).broken if one.name == "twice"]) == 2
    with pytest.raises(BadInputError, match=r"Index twice in .* in brought.* and in .*rename one"):
        named(ADAPTERS, "twice")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("licence", "license"), "does not declare licence"),
        (("name = 'brought'", ""), "does not declare name"),
        (("    @adapter\n", ""), "does not declare"),
        (("name = 'brought'", "name = 3"), "a name that is text"),
        (("class Brought:", "class Brought"), r"cannot be loaded \(SyntaxError"),
        (("exact = True", "import no_such_module"), r"cannot be loaded \(ModuleNotFoundError"),
        (("exact = True", "raise SystemExit(0)"), r"cannot be loaded \(SystemExit: 0"),
        (("exact = True", "raise GeneratorExit"), r"cannot be loaded \(GeneratorExit"),
    ],
)
def test_a_broken_adapter_is_listed_with_its_reason_and_stops_no_other(install, change, reason):
    source = BROUGHT.format(name="brought")
    assert change[0] in source
    install("brought", source.replace(*change))
    assert set(adapters()) >= CARD
    ((_, told),) = broken(ADAPTERS).items()
    assert re.search(reason, told)
    with pytest.raises(BadInputError, match=r"[bB]roken"):
        named(ADAPTERS, "brought")


def test_a_package_that_cannot_be_loaded_is_named(install, tmp_path):
    install("brought", BROUGHT.format(name="brought"))
    (tmp_path / "site" / "brought" / "__init__.py").write_text("raise RuntimeError('\x1b[31m')")
    assert set(adapters()) >= CARD
    with pytest.raises(BadInputError, match=r"Index brought in brought is broken: .*RuntimeError"):
        named(ADAPTERS, "brought")
    assert "\\x1b[31m" in broken(ADAPTERS)["brought"]


@pytest.mark.parametrize("kind", [TRACKERS, METRICS, BUCKET_SELECTIONS])
def test_a_broken_plug_in_of_any_kind_stops_no_other(install, kind):
    own = set(found(kind).usable)
    install("brought", "import no_such_module", kind.group)
    assert set(found(kind).usable) == own
    assert list(broken(kind)) == ["adapter"]
    assert "no_such_module" in broken(kind)["adapter"]


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


def test_a_metric_that_takes_the_name_of_one_of_the_house_is_broken(install):
    source = BROUGHT_METRICS.format(name="angular")
    own = metric_named("angular")
    install("brought", source, "nearhit.metrics", "brought.adapter:ONE")
    assert metric_named("angular") is own
    assert list(broken(METRICS)) == ["angular"]


def test_a_metric_that_is_none_is_named(install):
    install("brought", "ONE = 3", "nearhit.metrics", "brought.adapter:ONE")
    (one,) = found(METRICS).broken
    assert (one.name, one.place) == ("3", "builtins")
    assert "name, distances" in one.reason


def test_a_bucket_selection_that_another_package_brings_is_found(install, toy_event):
    own = set(bucket_selections())
    install("brought", BROUGHT_SELECTION.format(name="brought"), "nearhit.bucket_selections")
    assert set(bucket_selections()) == own | {"brought"}
    selection = SelectionSpec.parse("brought(z_min=300)").selection()
    rows = selection.select_queries(toy_event, np.arange(len(toy_event), dtype=np.int32))
    assert rows.tolist() == np.flatnonzero(toy_event.hits.z >= 300).tolist()
    assert len(rows)


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
