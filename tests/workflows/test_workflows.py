"""The workflows are free of what a linter finds, and ask for little."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from job import load
from scratch_clone import ROOT

OURS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
TO_COPY = ROOT / "docs" / "gate-a-library.yml"
EVERY = pytest.mark.parametrize("file", [*OURS, TO_COPY], ids=lambda file: file.name)


def test_all_workflows_are_there():
    assert [file.stem for file in OURS] == ["comment", "gate", "nightly", "tests"]


def lint(file):
    """Read scripts with shellcheck, and all else with a fork of actionlint."""
    linter, shellcheck = (Path(sys.prefix) / "bin" / name for name in ("jactionlint", "shellcheck"))
    command = [linter, f"--shellcheck={shellcheck}", file]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)


@EVERY
def test_a_linter_finds_nothing(file):
    done = lint(file)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ('"$BASE" "$HEAD")', '"${{ github.event.pull_request.title }}")', "untrusted"),
        ('"$BASE" "$HEAD")', "$BASE $HEAD)", "SC2086"),
        ("timeout-minutes", "timeout", "timeout"),
        ("contents: read", "contents: reed", "reed"),
    ],
)
def test_the_linter_finds_what_is_wrong(tmp_path, right, wrong, said):
    text = (ROOT / ".github" / "workflows" / "gate.yml").read_text()
    assert right in text
    file = tmp_path / "wrong.yml"
    file.write_text(text.replace(right, wrong))
    done = lint(file)
    assert done.returncode != 0
    assert said in done.stdout


@EVERY
def test_a_workflow_asks_for_little(file):
    workflow, text = load(file), file.read_text()
    assert "pull_request_target" not in text
    assert set((workflow["permissions"] or {}).values()) <= {"read"}
    for action, version in re.findall(r"uses: (\S+)(.*)", text):
        assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", action), action
        assert re.fullmatch(r" # v\d+\.\d+\.\d+", version), action
    for job in workflow["jobs"].values():
        assert 0 < job["timeout-minutes"] <= 360
        may_write = "write" in job.get("permissions", {}).values()
        checks_out = any("checkout" in step.get("uses", "") for step in job["steps"])
        assert not (may_write and checks_out), "who may write runs nothing of a pull request"
