"""A clone in which steps are run, and pull requests to run them for."""

import shutil

import pytest
from github import ACTIONS
from job import Run, load, run_job
from scratch_clone import ROOT, clone_into


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    if not (ROOT / ".git").exists():
        pytest.skip("steps are run in a clone of the repository, and this is none")
    return clone_into(tmp_path_factory.mktemp("workflows") / "nearhit")


@pytest.fixture
def start(clone):
    """Run a job in the clone and return the run."""
    before = clone.run("git", "rev-parse", "HEAD").strip()

    def begin(workflow, job, values, **environment):
        github = {"server_url": "https://example.org", "repository": "owner/nearhit", "run_id": 1}
        github |= values.get("github", {})
        told = {"GITHUB_REPOSITORY": "owner/nearhit", "CI": "true"}
        everything = {"inputs": {"measure": "", "hours": ""}, "vars": {"NEARHIT_GATE": ""}}
        shutil.rmtree(clone.folder.parent / "artifacts", ignore_errors=True)
        run = Run(
            clone.folder,
            everything | values | {"github": github},
            dict(clone.environment) | told | environment,
        )
        return run_job(load(ROOT / ".github" / "workflows" / workflow), job, run, ACTIONS)

    yield begin
    clone.run("git", "checkout", "--quiet", "--force", "--detach", before)
    clone.run("git", "clean", "--quiet", "-d", "--force")
