import pytest

from nearhit.errors import BadInputError
from nearhit.plugins.registry import adapters, how_to_install, installed_version

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
    with pytest.raises(BadInputError, match=r"'brought' in brought\S* does not say its licence"):
        adapters()


def test_an_adapter_that_cannot_be_loaded_is_named(install, tmp_path):
    install("brought", BROUGHT.format(name="brought"))
    (tmp_path / "site" / "brought" / "__init__.py").write_text("import no_such_module")
    with pytest.raises(BadInputError, match=r"'brought' .* cannot be loaded .*ModuleNotFoundError"):
        adapters()


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
