"""The workflow that maintainers of libraries copy, run for a small library of its own."""

import subprocess

import pytest
from github import ACTIONS, checkout_of, pull_request
from job import Run, load, run_job
from scratch_clone import ROOT

pytestmark = pytest.mark.slow

TO_COPY = ROOT / "docs" / "gate-a-library.yml"

LIBRARY = '''
"""A k-d tree in the clothes of pynear, as slow and as good as it is told."""

import numpy as np
from scipy.spatial import cKDTree

FORGETS = {forgets}


class VPTreeL2Index:
    def set(self, points):
        self.tree = cKDTree(points)

    def searchKNN_arrays(self, points, k):
        found = self.tree.query(points, k)[1].reshape(len(points), k).astype(np.int64)
        found[:, k - FORGETS :] = -1
        return found, None
'''


@pytest.fixture
def library(tmp_path):
    """A repository of a library, with a commit and one after it that makes it worse."""
    folder = tmp_path / "library"
    folder.mkdir()
    about = (
        '[project]\nname = "pynear"\nversion = "99"\n[tool.setuptools]\npy-modules = ["pynear"]\n'
    )
    (folder / "pyproject.toml").write_text(about)

    def git(*words):
        who = ["-c", "user.name=Nobody", "-c", "user.email=nobody@example.org"]
        done = subprocess.run(["git", "-C", folder, *who, *words], check=True, capture_output=True)
        return done.stdout.decode().strip()

    git("init", "--quiet")
    commits = {}
    for name, source in (
        ("base", LIBRARY.format(forgets=0)),
        ("worse", LIBRARY.format(forgets=3)),
    ):
        (folder / "pynear.py").write_text(source)
        git("add", "--all")
        git("commit", "--quiet", "--message", name)
        commits[name] = git("rev-parse", "HEAD")
    return folder, commits


def test_a_library_gates_its_own_commits(clone, library, tmp_path):
    """The workflow to copy, with its blanks filled in as its users fill them."""
    folder, commits = library
    (tmp_path / "workspace").mkdir()
    (tmp_path / "workspace" / "nearhit").symlink_to(clone.folder)
    workflow = load(TO_COPY)
    workflow["env"] |= {"PACKAGE": "pynear", "OPTIONS": "--index pynear --figure recall_loss"}
    run = Run(
        tmp_path / "workspace",
        pull_request(commits["base"], commits["worse"]) | {"env": workflow["env"]},
        dict(clone.environment),
    )
    here = {"actions/checkout": checkout_of({"": folder, "OWNER/nearhit": None})}
    run_job(workflow, "compare", run, ACTIONS | here)
    assert run.ended["Compare"] == 0, run.said
    assert run.ended["Verdict"] == 1, run.said + run.summary
    worse = [line for line in run.summary.splitlines() if "worse" in line and "recall_loss" in line]
    assert worse, run.summary
    assert "wheels/before" in run.summary
    assert "wheels/after" in run.summary
