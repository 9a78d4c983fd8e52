"""Environments hold the requested commit and library, and are built once."""

import subprocess
import sys
from dataclasses import replace

import pytest

from nearhit.compare.environment import (
    EnvironmentSpec,
    checkout_of,
    commit_named,
    commits,
    libraries,
    library_named,
    python_of,
)
from nearhit.errors import BadInputError

# It makes a wheel of one package, without anything from elsewhere.
BACKEND = """
import zipfile
from pathlib import Path

NAME, PLACE, VERSION = {name!r}, {place!r}, {version!r}

def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    file = f"{{NAME}}-{{VERSION}}-py3-none-any.whl"
    about = f"{{NAME}}-{{VERSION}}.dist-info"
    with zipfile.ZipFile(Path(wheel_directory) / file, "w") as wheel:
        for source in Path(PLACE).glob("*.py"):
            wheel.write(source, f"{{NAME}}/{{source.name}}")
        said = f"Metadata-Version: 2.1\\nName: {{NAME}}\\nVersion: {{VERSION}}\\n"
        wheel.writestr(f"{{about}}/METADATA", said)
        said = "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"
        wheel.writestr(f"{{about}}/WHEEL", said)
        wheel.writestr(f"{{about}}/RECORD", "")
    return file
"""
PROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "{name}"
version = "{version}"
"""


def write_project(folder, name, place, version, content):
    package = folder / place
    package.mkdir(parents=True, exist_ok=True)
    (package / "__init__.py").write_text(content)
    (folder / "backend.py").write_text(BACKEND.format(name=name, place=place, version=version))
    (folder / "pyproject.toml").write_text(PROJECT.format(name=name, version=version))
    return folder


def git(folder, *arguments):
    command = ["git", "-C", folder, "-c", "user.name=n", "-c", "user.email=e@x", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    monkeypatch.setenv("NEARHIT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("UV_OFFLINE", "1")
    folder = tmp_path / "checkout"
    for number in (1, 2):
        write_project(folder, "nearhit", "src/nearhit", "0.1", f"number = {number}")
        (folder / "requirements.lock").write_text("tub==1.0\n")
        git(folder, "init", "-q") if number == 1 else None
        git(folder, "add", "-A")
        git(folder, "commit", "-qm", f"number {number}")
    return folder


def says(python, code):
    command = [python, "-I", "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_each_commit_has_an_environment_that_is_made_once(checkout):
    a, b = commits("HEAD~1", "HEAD", checkout / "src")
    assert a.label.startswith("A: HEAD~1 (")
    pythons = python_of(a), python_of(b)
    assert [says(one, "import nearhit; print(nearhit.number)") for one in pythons] == ["1", "2"]
    made = (pythons[0].parents[1] / "complete").stat().st_mtime_ns
    assert python_of(a) == pythons[0]
    assert (pythons[0].parents[1] / "complete").stat().st_mtime_ns == made
    assert says(pythons[0], "import sys; print(sys.version)") == sys.version


def test_a_library_takes_the_place_of_what_is_locked(checkout, tmp_path):
    library = write_project(tmp_path / "tub", "tub", "tub", "2.0", "number = 7")
    _, head = commits("HEAD~1", "HEAD", checkout)
    spec = replace(head, library=f"tub @ {library.as_uri()}")
    code = "import nearhit, tub; print(nearhit.number, tub.number)"
    assert says(python_of(spec), code) == "2 7"
    write_project(library, "tub", "tub", "2.1", "number = 8")
    assert says(python_of(spec), code) == "2 8"  # what lies in a folder may change: made anew


def test_a_version_that_does_not_exist_is_one_sentence(checkout):
    _, head = commits("HEAD~1", "HEAD", checkout)
    with pytest.raises(BadInputError, match="No environment can be built for B: HEAD") as refused:
        python_of(replace(head, library="tub==0.0.1"))
    assert "tub" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_half_an_environment_is_made_anew(checkout):
    a, _ = commits("HEAD~1", "HEAD", checkout)
    python = python_of(a)
    (python.parents[1] / "complete").unlink()
    python.unlink()
    assert says(python_of(a), "import nearhit; print(nearhit.number)") == "1"


def test_what_is_no_commit_is_refused(checkout, tmp_path):
    with pytest.raises(BadInputError, match=r"'nope' is neither a commit of .* nor a file"):
        commits("HEAD", "nope", checkout)
    with pytest.raises(BadInputError, match="Name two commits"):
        commits("HEAD", "", checkout)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with pytest.raises(BadInputError, match="lies in no checkout of nearhit"):
        checkout_of(elsewhere)
    assert commit_named(checkout, "--help") == ""


@pytest.mark.parametrize("text", ["annoy", "annoy=1", "", "annoy=="])
def test_a_library_needs_a_version(text):
    with pytest.raises(BadInputError, match=r"--library takes annoy==1\.17\.3, say"):
        library_named(text)


def test_two_libraries_are_no_comparison():
    with pytest.raises(BadInputError, match="two versions of one library, not annoy and hnswlib"):
        libraries("annoy==1.17.2", "hnswlib==0.8.0")


def test_what_is_kept_is_what_lasts(tmp_path):
    spec = EnvironmentSpec("x", tmp_path, "0" * 40)
    assert spec.reusable
    assert replace(spec, library="annoy==1.17.2").reusable
    assert not replace(spec, library="annoy>=1.17").reusable
    assert not replace(spec, library="annoy @ file:///here").reusable
    assert replace(spec, library="annoy==1.17.2").key != spec.key
