"""The workflows are free of what a linter finds, ask for little, and their steps do what they say."""

import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from github import ACTIONS, with_gh
from job import Run, evaluate, holds, load, run_job
from scratch_clone import ROOT, clone_into

OURS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
TO_COPY = ROOT / "docs" / "gate-a-library.yml"
EVERY = [*OURS, TO_COPY]
IDS = [file.name for file in EVERY]


def test_all_workflows_are_there():
    assert [file.stem for file in OURS] == ["comment", "gate", "nightly", "tests"]


@pytest.mark.parametrize("file", EVERY, ids=IDS)
def test_a_linter_finds_nothing(file):
    """Scripts are read by shellcheck; unknown keys, expressions, injections and pins by the other."""
    assert shutil.which("shellcheck")
    linter = Path(sys.executable).with_name("jactionlint")
    done = subprocess.run([linter, file], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_linter_would_find_what_is_wrong(tmp_path):
    text = (ROOT / ".github" / "workflows" / "gate.yml").read_text()
    wrong = tmp_path / "wrong.yml"
    wrong.write_text(text.replace("$BASE", "${{ github.event.pull_request.title }}", 1))
    linter = Path(sys.executable).with_name("jactionlint")
    done = subprocess.run([linter, wrong], capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "injection" in done.stdout


@pytest.mark.parametrize("file", EVERY, ids=IDS)
def test_a_workflow_asks_for_little(file):
    workflow = load(file)
    text = file.read_text()
    assert "pull_request_target" not in text
    assert set((workflow["permissions"] or {}).values()) <= {"read"}
    for uses in re.findall(r"uses: (\S+)(.*)", text):
        assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", uses[0]), uses
        assert re.fullmatch(r" # v\d+\.\d+\.\d+", uses[1]), uses
    for job in workflow["jobs"].values():
        assert 0 < job["timeout-minutes"] <= 360
        writes = [right for right, kind in job.get("permissions", {}).items() if kind == "write"]
        runs_their_code = any("uses" in step and "checkout" in step["uses"] for step in job["steps"])
        assert not (writes and runs_their_code), "who may write runs nothing of a pull request"


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    if not (ROOT / ".git").exists():
        pytest.skip("steps are run in a clone of the repository, and this is none")
    return clone_into(tmp_path_factory.mktemp("workflows") / "nearhit")


@pytest.fixture
def start(clone):
    """Begin a run in the clone."""

    def begin(workflow, job, values=None, **environment):
        github = {"server_url": "https://example.org", "repository": "owner/nearhit", "token": "t"}
        github |= (values or {}).pop("github", {})
        told = {"GITHUB_REPOSITORY": "owner/nearhit", "CI": "true", "TERM": "dumb"}
        shutil.rmtree(clone.folder.parent / "artifacts", ignore_errors=True)
        run = Run(
            clone.folder,
            {"github": {**github, "ref": "r", "run_id": "1"}, "inputs": {}, "vars": {}}
            | (values or {}),
            dict(clone.environment) | told | environment,
        )
        return run_job(load(ROOT / ".github" / "workflows" / workflow), job, run, ACTIONS)

    yield begin
    clone.run("git", "checkout", "--quiet", "--force", "master" if _is_master(clone) else "main")


def _is_master(clone):
    return "master" in clone.run("git", "branch", "--list", "master")


def test_the_tests_are_run(start):
    """One file of tests; and linters and types of all, which are what takes time."""
    some = "tests/test_kernels.py tests/test_spec.py"
    run = start("tests.yml", "tests", {"matrix": {"python": "3.11"}}, PYTEST_ADDOPTS=some)
    assert not run.failed, run.said
    assert list(run.ended)[3:] == [
        "Install",
        "Lint and check types",
        "Test",
        "Build the pages of docs",
        "Leave out of the cache what the index has ready",
    ]
    assert re.search(r"\d+ passed", run.said)
    assert (run.folder / "build" / "docs" / "index.html").is_file()


def test_a_test_that_fails_fails_the_run(start, clone):
    (clone.folder / "tests" / "test_wrong.py").write_text("def test_wrong():\n    assert False\n")
    try:
        run = start(
            "tests.yml", "tests", {"matrix": {"python": "3.11"}}, MAKEFLAGS="--assume-old=lint",
            PYTEST_ADDOPTS="tests/test_wrong.py",
        )  # fmt: skip
    finally:
        (clone.folder / "tests" / "test_wrong.py").unlink()
    assert run.failed


def test_every_night_all_is_measured_and_the_pages_are_made(start):
    measure = "bundled --index sphere-grid --index no-such -k 20".replace(" --index no-such", "")
    run = start("nightly.yml", "measure", {"inputs": {"measure": measure, "hours": ""}})
    assert not run.failed, run.said
    pages = run.folder.parent / "artifacts" / "github-pages"
    assert (pages / "index.html").is_file()
    assert (pages / "docs" / "index.html").is_file()


def test_a_night_that_is_too_short_publishes_what_it_has(start):
    inputs = {"measure": "bundled --index annoy -k 20", "hours": "0.0000001"}
    run = start("nightly.yml", "measure", {"inputs": inputs})
    assert "Time is up" in run.said
    assert run.ended["Measure"] == 0
