"""The steps of the workflows do what they say: tests, the gate, the night."""

import re

import pytest
from github import ACTIONS, pull_request
from job import Run, load, run_job
from scratch_clone import ROOT

pytestmark = pytest.mark.slow

FEW = "tests/plugins/test_spec.py tests/machine/test_kernels.py"


def test_the_tests_are_run_and_the_pages_built(start, tmp_path):
    """Of the tests two files, of few lines; the cache that is made smaller is an empty one."""
    run = start(
        "tests.yml", "tests", {"matrix": {"python": "3.11"}},
        PYTEST_ADDOPTS=f"--cov-fail-under=0 {FEW}",
        UV_CACHE_DIR=str(tmp_path),
        MYPY_CACHE_DIR=str(ROOT / ".mypy_cache"),
    )  # fmt: skip
    assert not run.failed, run.said
    assert [name for name in run.ended if "/" not in name and name != "Keep what was compiled"] == [
        "Install",
        "Lint and check types",
        "Test",
        "Build the pages of docs",
        "Leave out of the cache what the index has ready",
    ]
    assert re.search(r"\d+ passed", run.said)
    assert (run.folder / "build" / "docs" / "index.html").is_file()


def test_a_failing_test_fails_the_run_and_ends_it(clone):
    (clone.folder / "tests" / "test_wrong.py").write_text("def test_wrong():\n    assert 1 == 2\n")
    workflow = load(ROOT / ".github" / "workflows" / "tests.yml")
    steps = workflow["jobs"]["tests"]["steps"]
    test = [step for step in steps if step.get("name") in {"Test", "Build the pages of docs"}]
    workflow["jobs"]["tests"]["steps"] = test
    environment = dict(clone.environment) | {"PYTEST_ADDOPTS": "tests/test_wrong.py"}
    run = run_job(workflow, "tests", Run(clone.folder, {}, environment), ACTIONS)
    (clone.folder / "tests" / "test_wrong.py").unlink()
    assert list(run.ended) == ["Test"]
    assert run.failed


GATED = "--index scipy-kdtree --figure recall_loss --figure inefficiency"


@pytest.fixture(scope="module")
def commits(clone):
    """A commit, one after it that changes no figure, and one whose index forgets a neighbour."""
    base = clone.run("git", "rev-parse", "HEAD").strip()
    (clone.folder / "NOTES").write_text("nothing that is measured\n")
    same = clone.commit("Notes")
    adapter = clone.folder / "adapters" / "scipy_kdtree.py"
    text = adapter.read_text()
    changed = text.replace(
        "_, found =", "found = np.full((len(points), k), -1)\n        _, found[:, :-1] ="
    )
    changed = changed.replace("self.tree.query(points, k,", "self.tree.query(points, range(1, k),")
    assert changed != text
    adapter.write_text(changed)
    worse = clone.commit("Forget one neighbour")
    clone.run("git", "checkout", "--quiet", "--force", "--detach", base)
    return {"base": base, "same": same, "worse": worse}


@pytest.mark.parametrize(
    ("head", "code", "said"), [("same", 0, "Nothing is worse"), ("worse", 1, "title=Worse")]
)
def test_the_gate_lets_pass_what_is_not_worse_and_nothing_else(start, commits, head, code, said):
    values = pull_request(commits["base"], commits[head]) | {"vars": {"NEARHIT_GATE": GATED}}
    run = start("gate.yml", "compare", values)
    assert run.ended["Compare"] == 0, run.said
    assert run.ended["Verdict"] == code, run.said
    assert said in run.said
    assert "### nearhit compare" in run.summary
    kept = run.folder.parent / "artifacts" / "comparison" / "comparison.md"
    assert kept.read_text() == run.summary
    assert ("recall_loss" in run.summary) or code == 0


def test_a_gate_that_cannot_compare_says_so_and_fails(start, commits):
    values = pull_request(commits["base"], commits["same"]) | {
        "vars": {"NEARHIT_GATE": "--figure no"}
    }
    run = start("gate.yml", "compare", values)
    assert run.ended["Verdict"] == 2
    assert "There is no figure 'no'" in run.said
    assert "ended with 2" in run.summary


@pytest.mark.parametrize(("hours", "said"), [("", "recall"), ("0.00001", "Time is up")])
def test_every_night_pages_are_made_of_what_was_measured(start, hours, said):
    """Also of what was measured before; the second night is over before it begins."""
    inputs = {"measure": "bundled --index sphere-grid\n-k 20", "hours": hours}
    run = start("nightly.yml", "measure", {"inputs": inputs})
    assert not run.failed, run.said
    assert said in run.said
    pages = run.folder.parent / "artifacts" / "github-pages"
    assert (pages / "index.html").is_file()
    assert (pages / "docs" / "start.html").is_file()
    assert list((run.folder.parent / "artifacts" / "records").rglob("*.*"))
