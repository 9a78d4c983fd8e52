"""The comment under a pull request, on a GitHub that a file stands in for."""

import json
import os
import shutil

import pytest
from github import ACTIONS, with_gh
from job import Run, load, run_job
from scratch_clone import ROOT


@pytest.fixture
def comment(tmp_path):
    """Run comment.yml for a commit on a stand-in of GitHub; return what GitHub then has."""
    state = {
        "next": 100,
        "pulls": [
            {"number": 7, "head": {"sha": "a" * 40}},
            {"number": 8, "head": {"sha": "b" * 40}},
        ],
        "comments": {
            "7": [{"id": 1, "user": {"login": "somebody"}, "body": "<!-- nearhit gate -->"}]
        },
    }
    environment = with_gh({"PATH": os.environ["PATH"]}, tmp_path, state)

    def run(sha, text, kind="pull_request", conclusion="failure"):
        kept = tmp_path / "artifacts" / "comparison"
        kept.mkdir(parents=True, exist_ok=True)
        (kept / "comparison.md").write_text(text)
        shutil.rmtree(tmp_path / "workspace", ignore_errors=True)
        (tmp_path / "workspace").mkdir()
        about = {
            "event": kind,
            "conclusion": conclusion,
            "head_sha": sha,
            "id": 5,
            "html_url": "URL",
        }
        values = {"github": {"token": "secret", "event": {"workflow_run": about}}}
        told = environment | {"GITHUB_REPOSITORY": "owner/nearhit"}
        workflow = load(ROOT / ".github" / "workflows" / "comment.yml")
        done = run_job(workflow, "comment", Run(tmp_path / "workspace", values, told), ACTIONS)
        assert not done.failed, done.said
        return json.loads((tmp_path / "github.json").read_text())["comments"]

    return run


def test_the_comment_is_one_and_is_kept_up_to_date(comment):
    first = comment("a" * 40, "### nearhit compare\n\nsomething is worse\n")
    assert [one["user"]["login"] for one in first["7"]] == ["somebody", "github-actions[bot]"]
    assert first["7"][1]["body"].startswith("<!-- nearhit gate -->\n### nearhit compare\n")
    assert "[This run](URL), commit aaaaaaaaaaaa." in first["7"][1]["body"]
    second = comment("a" * 40, "nothing is worse\n", conclusion="success")
    assert len(second["7"]) == 2
    assert "nothing is worse" in second["7"][1]["body"]
    assert second["7"][0] == first["7"][0], "somebody's own comment is left alone"
    assert "8" not in second


def test_a_comment_names_nobody_and_is_not_longer_than_github_takes(comment):
    body = comment("b" * 40, "@everybody " + "é" * 70_000)["8"][0]["body"]
    assert "@everybody" not in body
    assert "@\u200beverybody" in body
    assert len(body) < 65_536
    assert body.endswith("commit bbbbbbbbbbbb.\n")


@pytest.mark.parametrize(
    "run",
    [
        {"sha": "c" * 40},
        {"sha": "b" * 40, "kind": "push"},
        {"sha": "b" * 40, "conclusion": "cancelled"},
    ],
)
def test_there_is_no_comment_where_there_is_nothing_to_comment_on(comment, run):
    assert set(comment(text="worse", **run)) == {"7"}
