"""A clone of the repository: everything as it is here, but smaller where size takes time.

Its bundled event is a slice, and of its records a few are left, so that commands that take minutes
take seconds; they are run as they are written. nearhit is installed from the clone, in an
environment of its own that stands on the one that runs the tests.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from nearhit.datasets.bundled import bundled_event
from nearhit.datasets.trackml_writer import write_event

from nearhit.data.event import Event

ROOT = Path(__file__).parents[2]

_SLICE = 0.12
"""Half of the slice's opening in azimuth, in radians: about four thousand hits."""

_RECORDS = 40


@dataclass(frozen=True)
class Clone:
    """A clone and what processes in it are told of the world.

    Attributes:
        folder: its root.
        environment: variables of processes.
    """

    folder: Path
    environment: Mapping[str, str]

    def run(self, *command: str | Path) -> str:
        """Return what a command prints; it must succeed."""
        done = subprocess.run(
            list(map(str, command)), cwd=self.folder, env=dict(self.environment),
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{command} ended with {done.returncode}:\n{done.stderr}"
        return done.stdout

    def commit(self, message: str) -> str:
        """Commit all changes and return the commit."""
        self.run("git", "add", "--all")
        self.run("git", "commit", "--quiet", "--message", message)
        return self.run("git", "rev-parse", "HEAD").strip()


def clone_into(folder: Path) -> Clone:
    """Make a clone of the work tree as it is, with an environment that has the clone's nearhit."""
    subprocess.run(["git", "clone", "--quiet", ROOT, folder], check=True, capture_output=True)
    _copy_work_tree(folder)
    clone = Clone(folder, _environment(folder))
    write_event(sliced(bundled_event()), folder / "datasets" / "bundled" / "event000000003")
    first, *others = sorted((folder / "results" / "records").rglob("*.jsonl"))
    first.write_text("".join(first.read_text().splitlines(keepends=True)[:_RECORDS]))
    for file in others:
        file.unlink()
    _make_environment(clone)
    clone.commit("A slice of the bundled event, and some of the records")
    return clone


def sliced(event: Event) -> Event:
    """Return the hits near one azimuth, as everything of an event: a narrow event of its own."""
    azimuth = np.arctan2(event.hits.y, event.hits.x)
    return event.select(np.abs(azimuth) < _SLICE)


def _copy_work_tree(folder: Path) -> None:
    """Copy what is not committed too, and what was compiled, which is good by times of files."""
    listed = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others"]
    names = subprocess.run(
        [*listed, "--exclude-standard"], capture_output=True, text=True, check=True
    ).stdout.split("\0")
    for name in filter(None, names):
        source, target = ROOT / name, folder / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
        else:
            target.unlink(missing_ok=True)
    for compiled in (ROOT / "src").rglob("__pycache__"):
        shutil.copytree(compiled, folder / compiled.relative_to(ROOT), dirs_exist_ok=True)


def _environment(folder: Path) -> dict[str, str]:
    """Return what processes in the clone are told."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "GH_"))}
    who = {"NAME": "Nobody", "EMAIL": "nobody@example.org"}
    git = {f"GIT_{role}_{key}": who[key] for role in ("AUTHOR", "COMMITTER") for key in who}
    places = {
        "PATH": f"{folder / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "VIRTUAL_ENV": str(folder / ".venv"),
        "PIP_NO_BUILD_ISOLATION": "0",  # pip's way to say yes: build with what is installed
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }
    return kept | git | places


def _make_environment(clone: Clone) -> None:
    """Make `.venv` in the clone, as `make` does it; libraries are those of the running tests."""
    venv, here = clone.folder / ".venv", Path(sys.prefix)
    quiet: Sequence[str] = ("--quiet", "--no-download", "--no-periodic-update")
    clone.run(sys.executable, "-m", "virtualenv", *quiet, venv)
    (site,) = venv.glob("lib/python*/site-packages")
    (libraries,) = here.glob("lib/python*/site-packages")
    (site / "libraries.pth").write_text(f"{libraries}\n")
    install = ("-m", "pip", "install", "--quiet", "--no-deps", "--editable", ".")
    clone.run(venv / "bin" / "python", *install)
    for script in (here / "bin").iterdir():
        _bring(script, venv / "bin")
    for stamp in ("bench", "docs", "test"):
        (venv / stamp).touch()


def _bring(script: Path, folder: Path) -> None:
    """Bring a command into another environment, whose Python then runs it."""
    if (folder / script.name).exists() or script.name.startswith(("activate", "python")):
        return
    content = script.read_bytes()
    own = f"#!{script.parent / 'python'}".encode()
    if content.startswith(own):
        (folder / script.name).write_bytes(
            f"#!{folder / 'python'}".encode() + content.partition(b"\n")[2].join([b"\n", b""])
        )
        (folder / script.name).chmod(0o755)
    else:
        (folder / script.name).symlink_to(script)
