"""Guards of the structure of src/nearhit, adapters and datasets."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HOUSE = ROOT / "src" / "nearhit"
FOLDERS = {
    "nearhit": HOUSE,
    "nearhit.adapters": ROOT / "adapters",
    "nearhit.datasets": ROOT / "datasets",
}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
GROUPS = set(PROJECT["project"]["entry-points"])
MODULES = {
    ".".join((package, *file.relative_to(folder).with_suffix("").parts)).removesuffix(
        ".__init__"
    ): file
    for package, folder in FOLDERS.items()
    for file in sorted(folder.rglob("*.py"))
}
PACKAGES = sorted(name for name, file in MODULES.items() if file.name == "__init__.py")
ASKING = re.compile(r"(What|Whether|How|Which|Where|Who|Whose) ")


def docstring(name):
    return ast.get_docstring(ast.parse(MODULES[name].read_text())) or ""


def bound_names(file):
    """Return the public names that the top level of a file binds."""
    for node in ast.parse(file.read_text()).body:
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.Assign(targets=targets):
                yield from (one.id for one in targets if isinstance(one, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name
            case ast.ImportFrom(names=names) | ast.Import(names=names):
                yield from (one.asname or one.name for one in names)


def names_of(package):
    """Return what a docstring of a package may name: its modules and their public names."""
    folder = MODULES[package].parent
    modules = {file.stem for file in folder.glob("*.py")}
    packages = {file.parent.name for file in folder.glob("*/__init__.py")}
    public = {name for file in folder.glob("*.py") for name in bound_names(file)}
    return modules | packages | public


def test_only_what_outside_packages_import_stands_beside_the_rooms():
    files = {file.stem for file in HOUSE.glob("*.py")}
    assert files == {"__init__", "__main__", "adapter", "errors", "parameter", "tracker"}


def test_every_folder_of_modules_is_a_package():
    folders = {file.parent for file in MODULES.values()}
    assert all((folder / "__init__.py").is_file() for folder in folders)


def test_the_wheel_holds_every_package_under_one_name():
    setuptools = PROJECT["tool"]["setuptools"]
    assert setuptools["packages"] == PACKAGES
    assert {name.partition(".")[0] for name in setuptools["packages"]} == {"nearhit"}


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_says_what_it_is_and_names_only_what_it_has(package):
    said = docstring(package)
    assert said
    quoted = set(re.findall(r"`([^`]+)`", said))
    known = names_of(package) | MODULES.keys() | GROUPS
    assert {name for name in quoted if re.fullmatch(r"[\w.]+", name)} <= known


def test_no_module_describes_itself_by_a_question():
    assert [name for name in MODULES if ASKING.match(docstring(name))] == []
