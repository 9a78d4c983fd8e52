"""GitHub's own part of a run: stand-ins for its actions, and a `gh` that answers from a file."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from job import Run, StandIn

GH = Path(__file__).with_name("gh_stand_in.py")


def checkout_of(repositories: dict[str, Path | None]) -> StandIn:
    """Return what checks out the repositories that a workflow names, each from a folder.

    None stands for one that the test has put into the workspace.
    """

    def checkout(run: Run, given: Mapping[str, str]) -> None:
        assert given["persist-credentials"] == "false", "scripts would find the token in .git"
        source = repositories[given.get("repository", "")]
        if source is None:
            return
        target = run.folder / given.get("path", ".")
        _git("clone", "--quiet", source, target / ".cloned")
        shutil.copytree(target / ".cloned", target, dirs_exist_ok=True, symlinks=True)
        shutil.rmtree(target / ".cloned")
        if "ref" in given:
            _git("-C", target, "checkout", "--quiet", "--detach", given["ref"])

    return checkout


def already_there(run: Run, given: Mapping[str, str]) -> None:
    """Check out nothing: the test made the workspace, at the commit that is asked for."""
    assert given["persist-credentials"] == "false", "scripts would find the token in .git"
    if "ref" in given:
        _git("-C", run.folder, "checkout", "--quiet", "--detach", given["ref"])


def nothing(_run: Run, _given: Mapping[str, str]) -> None:
    """Do nothing: a cache that is empty, a Python that is there."""


def upload(run: Run, given: Mapping[str, str]) -> None:
    """Keep what is handed over, beside the workspace; what is not there is a failure."""
    kept = _kept(run, given.get("name", "github-pages"))
    source = run.folder / given["path"]
    assert source.exists(), f"{given['path']} is to be handed over and is not there"
    if source.is_dir():
        shutil.copytree(source, kept)
    else:
        kept.mkdir(parents=True)
        shutil.copy2(source, kept)


def download(run: Run, given: Mapping[str, str]) -> None:
    """Bring into the workspace what a run kept."""
    if "run-id" in given:
        assert given["github-token"], "another run's files are fetched with a token"
    target = run.folder / given.get("path", ".")
    shutil.copytree(_kept(run, given["name"]), target, dirs_exist_ok=True)


def _kept(run: Run, name: str) -> Path:
    return run.folder.parent / "artifacts" / name


ACTIONS: dict[str, StandIn] = {
    "actions/checkout": already_there,
    "actions/setup-python": nothing,
    "actions/cache": nothing,
    "actions/upload-artifact": upload,
    "actions/download-artifact": download,
    "actions/upload-pages-artifact": upload,
    "actions/deploy-pages": nothing,
}


def with_gh(environment: dict[str, str], folder: Path, state: object) -> dict[str, str]:
    """Return an environment in which `gh` answers from a state and changes it, as GitHub would."""
    commands = folder / "commands"
    commands.mkdir(parents=True)
    (commands / "gh").write_text(f'#!/bin/sh\nexec "{sys.executable}" "{GH}" "$@"\n')
    (commands / "gh").chmod(0o755)
    (folder / "github.json").write_text(json.dumps(state))
    path = f"{commands}{os.pathsep}{environment['PATH']}"
    return environment | {"PATH": path, "GITHUB_STATE": str(folder / "github.json")}


def _git(*arguments: object) -> None:
    subprocess.run(["git", *map(str, arguments)], check=True, capture_output=True)


def pull_request(base: str, head: str) -> dict[str, Any]:
    """Return what expressions may name in a run for a pull request."""
    return {
        "github": {
            "event": {"pull_request": {"number": 7, "base": {"sha": base}, "head": {"sha": head}}}
        }
    }
