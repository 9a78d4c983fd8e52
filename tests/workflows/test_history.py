"""The branch `history` holds the records of all nights, and each night begins with them."""

import os
import shutil
import subprocess

import pytest
from github import ACTIONS
from job import Run, load, run_job
from scratch_clone import ROOT

FOLDER = "results/records/box/abc"


def git(folder, *arguments):
    """Return what git prints in a folder."""
    command = ["git", "-C", folder, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def repository(tmp_path):
    bare = tmp_path / "owner" / "nearhit"
    subprocess.run(["git", "init", "--quiet", "--bare", bare], check=True)
    return bare


@pytest.fixture
def run_steps(tmp_path):
    """Run the job of the nightly workflow, or one step of it, in a folder."""

    def begin(job, folder, step=None):
        workflow = load(ROOT / ".github" / "workflows" / "nightly.yml")
        if step:
            steps = workflow["jobs"][job]["steps"]
            workflow["jobs"][job]["steps"] = [one for one in steps if one.get("name") == step]
            workflow["jobs"][job]["env"] = {}
        github = {"server_url": f"file://{tmp_path}", "repository": "owner/nearhit", "token": "t"}
        environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
        run = run_job(workflow, job, Run(folder, {"github": github}, environment), ACTIONS)
        assert not run.failed, run.said
        return run

    return begin


@pytest.fixture
def keep(tmp_path, repository, run_steps):
    """Hand records over, have them kept, and return what the branch then holds."""

    def after(**records):
        work, handed_over = tmp_path / "work", tmp_path / "artifacts" / "records"
        for folder in (work, handed_over):
            shutil.rmtree(folder, ignore_errors=True)
        (handed_over / "box" / "abc").mkdir(parents=True)
        work.mkdir()
        for name, text in records.items():
            (handed_over / "box" / "abc" / name).write_text(text)
        run_steps("keep", work)
        names = git(repository, "ls-tree", "-r", "--name-only", "history").splitlines()
        return {name: git(repository, "show", f"history:{name}") for name in names}

    return after


def test_every_night_adds_to_the_branch_and_takes_nothing_away(keep, repository):
    assert keep(**{"one": "1", "two": "2", "x.part": "half"}) == {
        f"{FOLDER}/one": "1",
        f"{FOLDER}/two": "2",
    }
    both = {f"{FOLDER}/one": "1, again", f"{FOLDER}/two": "2", f"{FOLDER}/three": "3"}
    assert keep(one="1, again", three="3") == both
    assert keep(one="1, again", three="3") == both
    assert git(repository, "rev-list", "--count", "history").strip() == "2"


def test_a_night_begins_with_the_records_of_those_before(keep, repository, run_steps, tmp_path):
    """Those of the branch win, as they are pushed back: none may be lost."""
    keep(one="of history", two="2")
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", "--no-checkout", repository, clone], check=True)
    (clone / FOLDER).mkdir(parents=True)
    for name in ("one", "three"):
        (clone / FOLDER / name).write_text("of the commit")
    run_steps("measure", clone, "Add the records of the nights before")
    found = {file.name: file.read_text() for file in (clone / FOLDER).iterdir()}
    assert found == {"one": "of history", "two": "2", "three": "of the commit"}


def test_the_first_night_begins_without(run_steps, tmp_path):
    subprocess.run(["git", "init", "--quiet", tmp_path / "clone"], check=True)
    run = run_steps("measure", tmp_path / "clone", "Add the records of the nights before")
    assert list(run.ended.values()) == [0]
