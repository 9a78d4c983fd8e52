"""The command `nearhit compare`."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from sample_records import a_record

from nearhit.records.store import Store

ROOT = Path(__file__).parents[2]


def compare(*arguments, cwd=ROOT):
    command = [sys.executable, "-m", "nearhit", "compare", *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=cwd,
        env=os.environ | {"UV_OFFLINE": "1"},
    )  # fmt: skip


@pytest.fixture
def results(tmp_path):
    for name, recall in (("before", 0.75), ("after", 0.7)):
        record = a_record(quality=replace(a_record().quality, recall=recall))
        Store(tmp_path / name / "records").add(record)
    return tmp_path


QUALITY = ("--figure", "recall_loss", "--figure", "impurity")


def test_records_that_are_worse(results, strict_json):
    done = compare(results / "before", results / "after", *QUALITY, "--json")
    assert done.returncode == 1, done.stderr
    content = strict_json(done.stdout)
    assert content["exit_code"] == 1
    assert [row["verdict"] for row in content["rows"]] == ["worse", "same"]
    assert content["rows"][0]["change"] == pytest.approx(0.05)


def test_records_that_are_the_same_and_that_are_better(results):
    assert compare(results / "before", results / "before", *QUALITY).returncode == 0
    done = compare(results / "after", results / "before", *QUALITY)
    assert done.returncode == 0
    assert done.stdout.index("better") < done.stdout.index("Unchanged")
    assert done.stdout.rstrip().endswith("Nothing is worse: 1 better, 1 same.")


def test_records_that_do_not_tell(results):
    done = compare(results / "before", results / "before")
    assert done.returncode == 2
    assert "too few for a test" in done.stdout
    assert done.stderr == ""


def test_markdown_is_a_comment(results):
    done = compare(results / "before", results / "after", *QUALITY, "--markdown")
    assert done.stdout.startswith("### nearhit compare\n")
    assert "| worse |" in done.stdout.split("<details>")[0]


def test_thresholds_of_the_folder_one_is_in(results):
    pyproject = results / "pyproject.toml"
    pyproject.write_text("[tool.nearhit.compare]\nrecall_loss = 0.06\n")
    assert compare("before", "after", *QUALITY, cwd=results).returncode == 0
    pyproject.write_text("[tool.nearhit.compare]\nrecall = 0.06\n")
    done = compare("before", "after", *QUALITY, cwd=results)
    assert done.returncode == 2
    assert "[tool.nearhit.compare] has no 'recall' (did you mean recall_loss?)" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        ((), "Name two commits, two folders of records, or two versions with --library"),
        (("HEAD", "no-such-commit"), "'no-such-commit' is neither a commit of"),
        (("HEAD", "HEAD", "--figure", "speed"), "There is no figure 'speed'; write one of seconds"),
        (("HEAD", "HEAD", "--profile", "slow"), "There is no profile 'slow'; write one of quick"),
        (("HEAD", "HEAD", "--cell", "9 of anoy"), "there is no index 'anoy'"),
        (("HEAD", "HEAD", "--event", "no/event"), "There is no file no/event"),
        (("--library", "annoy", "annoy==1.17.3"), "--library takes annoy==1.17.3, say"),
        (
            ("--library", "annoy==0.0.1", "annoy==1.17.3"),
            "No environment can be built for A: annoy",
        ),
        (("--library", "requests==1", "requests==2"), "No index is of requests"),
    ],
)
def test_what_cannot_be_compared_is_one_sentence(arguments, answer):
    done = compare(*arguments)
    assert done.returncode == 2
    assert answer in done.stderr.splitlines()[-1]
    assert done.stdout == ""


def test_the_example_of_the_page_has_only_figures_that_there_are():
    import tomllib

    from nearhit.compare import COMPARED

    page = (ROOT / "docs" / "compare.md").read_text()
    (example,) = (part.split("```")[0] for part in page.split("```toml\n")[1:])
    table = tomllib.loads(example)["tool"]["nearhit"]["compare"]
    assert set(table) <= {"false_alarms", "unclear_beyond", *COMPARED}
    assert all(f"`{name}`" in page for name in COMPARED), "every figure has its row"
    assert json.dumps(table)
