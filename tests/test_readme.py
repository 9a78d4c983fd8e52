"""Statements of the README and of docs/ hold."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from nearhit.contract.certificate import Certificate
from nearhit.errors import BadInputError
from nearhit.records.store import Store
from nearhit.report import sections
from nearhit.report.blocks import headline
from nearhit.report.certificates import broken_by_library, newest_certificates

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()


def test_its_table_is_one_that_the_records_give():
    certificates = newest_certificates(Store(ROOT / "results" / "certificates", Certificate))
    found = sections(Store(ROOT / "results" / "records"), broken_by_library(certificates))
    assert found, "results/records holds no record"

    def of(section):
        try:
            return headline(section)
        except BadInputError:  # a section without the default question has no headline
            return None

    assert any(table and table in README for table in map(of, found))


def test_its_picture_is_the_front_of_its_table():
    """After a new measurement both are put in anew."""
    machine, commit, title = re.search(
        r"^\S+ on (\S+) at (\w+): (.+?); ", README, re.MULTILINE
    ).groups()
    (picture,) = re.findall(r"!\[[^]]+\]\(([^)]+)\)", README)
    assert (ROOT / picture).is_file()
    assert picture.startswith(f"results/plots/{machine}/")
    slug = re.sub(r"\W+", "-", title)
    assert picture.endswith(f"/{commit}/front-{slug}.png")


LINKS = sorted(
    (page, link)
    for page in (*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"))
    for link in set(re.findall(r"\]\((?!http)([^)#]+)(?:#[^)]*)?\)", page.read_text()))
)


@pytest.mark.parametrize(("page", "link"), LINKS, ids=[link for _, link in LINKS])
def test_links_lead_somewhere(page, link):
    assert (page.parent / link).exists()


def test_the_page_of_events_names_every_recipe():
    from nearhit.datasets.catalogue import recipes

    page = (ROOT / "docs" / "events.md").read_text()
    for name in recipes():
        assert f"`{name}`" in page or f"`-{name.removeprefix('ttbar-')}`" in page, name


def test_its_commands_are_targets_of_make():
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE)
    commands = re.findall(r"^make (\w+)$", README, flags=re.MULTILINE)
    assert commands == ["bench", "test"]
    assert set(commands) <= set(targets)


def test_its_lines_of_python_run_as_they_are(tmp_path):
    (program,) = re.findall(r"^```python\n(.*?)^```$", README, flags=re.MULTILINE | re.DOTALL)
    assert len(list(filter(None, program.splitlines()))) <= 10
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("ok ")
    (file,) = tmp_path.glob("mine/records/*/*.jsonl")
    assert done.stdout.count("pykdtree") == len(file.read_text().splitlines()) == 2


def test_the_page_of_results_shows_files_that_are_there():
    page = (ROOT / "results" / "README.md").read_text()
    plots = re.findall(r"!\[[^]]*\]\(([^)]+)\)", page)
    assert plots
    assert all((ROOT / "results" / plot).is_file() for plot in plots)


def test_the_citation_names_this_version():
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert {"cff-version", "message", "title", "authors"} <= cited.keys()
    assert (
        cited["version"]
        == tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    )


@pytest.mark.parametrize("form", ["bug", "plug-in"])
def test_a_form_for_issues_asks_something(form):
    asked = yaml.safe_load((ROOT / ".github" / "ISSUE_TEMPLATE" / f"{form}.yml").read_text())
    assert asked.keys() == {"name", "description", "labels", "body"}
    assert any(field.get("validations") == {"required": True} for field in asked["body"])
    assert all(field["attributes"]["label"] for field in asked["body"])
