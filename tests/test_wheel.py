"""The wheel, alone in an empty environment: what people get from an index of packages."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
UV = Path(sys.prefix) / "bin" / "uv"
MOST_BYTES = 10 * 2**20

pytestmark = pytest.mark.slow


def run(*command, **options):
    done = subprocess.run(
        list(map(str, command)), capture_output=True, text=True, check=False, **options
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Build it from a copy of what git tracks, so that nothing else can be in it."""
    root = tmp_path_factory.mktemp("wheel")
    names = run(
        "git",
        "ls-files",
        "-z",
        "src",
        "adapters",
        "datasets",
        "*.toml",
        "*.md",
        "LICENSE",
        cwd=ROOT,
    )
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes((ROOT / name).read_bytes())
    run(
        UV,
        "build",
        "--wheel",
        "--no-build-isolation",
        "--python",
        sys.executable,
        "--out-dir",
        root / "dist",
        root,
    )
    (built,) = (root / "dist").glob("*.whl")
    return built


def test_it_is_small(wheel):
    assert wheel.stat().st_size <= MOST_BYTES


def test_it_claims_no_name_but_nearhit(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"nearhit"}


def test_it_evaluates_the_bundled_event_in_an_empty_environment(wheel, tmp_path):
    venv = tmp_path / "venv"
    run(UV, "venv", "--quiet", "--python", sys.executable, venv)
    python = venv / "bin" / "python"
    locked = ("--constraint", ROOT / "requirements.lock")
    run(UV, "pip", "install", "--quiet", "--python", python, *locked, wheel)
    clean = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    alone = {"cwd": tmp_path, "env": clean | {"NEARHIT_CACHE": str(tmp_path / "cache")}}
    cell = ("--index", "scipy-kdtree", "--queries", "500", "--repeats", "1")
    row = json.loads(run(python, "-m", "nearhit", "evaluate", "bundled", *cell, "--json", **alone))
    assert (row["status"], row["n_hits"], row["recall"]) == ("ok", 103_012, 1.0)
    assert "scipy-kdtree" in run(venv / "bin" / "nearhit", "libraries", **alone)
    for name in ("adapters", "datasets"):
        absent = (
            f"import importlib.util, sys; sys.exit(importlib.util.find_spec({name!r}) is not None)"
        )
        run(python, "-c", absent, **alone)
