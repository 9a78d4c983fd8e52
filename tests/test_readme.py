"""Statements of the README and of docs/ hold."""

import os
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

    shown = without_age(README)
    assert any(table and without_age(table) in shown for table in map(of, found))


def without_age(page):
    """Return a page without the marks of stale rows: they grow with every change of the code."""
    return re.sub(r"^\* ‡ Stale: .*\n|‡", "", page, flags=re.MULTILINE)


def test_its_picture_is_of_its_table():
    """After a new measurement both are put in anew."""
    section, title = re.search(r"^(\S+ on \S+ at \w+): (.+?); ", README, re.MULTILINE).groups()
    (picture,) = re.findall(r"!\[[^]]+\]\(([^)]+)\)", README)
    drawn = (ROOT / picture).read_text()
    assert f"{section}: {title}<" in drawn


LINKS = sorted(
    (page, link)
    for page in (*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "results" / "README.md")
    for link in set(re.findall(r"\]\((?!http)([^)#]+)(?:#[^)]*)?\)", page.read_text()))
)


@pytest.mark.parametrize(("page", "link"), LINKS, ids=[link for _, link in LINKS])
def test_links_lead_somewhere(page, link):
    assert (page.parent / link).exists()


def test_links_lead_to_what_is_committed():
    if not (ROOT / ".git").exists():
        pytest.skip("git knows what is ignored, and this is no repository")
    targets = {os.path.relpath(page.parent / link, ROOT) for page, link in LINKS}
    ignored = subprocess.run(
        ["git", "check-ignore", *sorted(targets)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (ignored.returncode, ignored.stdout) == (1, "")


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


def test_the_page_of_results_is_short_and_begins_with_the_table_of_the_readme():
    page = (ROOT / "results" / "README.md").read_text()
    assert len(page.splitlines()) <= 300
    table = README.partition("<!-- headline: begin -->")[2].partition("<!-- headline: end -->")[0]
    assert table.strip() in page.partition("## Tables")[0]


def test_git_holds_at_most_five_figures_all_of_them_shown():
    figures = {*(ROOT / "docs" / "figures").iterdir(), ROOT / "results" / "power" / "power.svg"}
    shown = {(page.parent / link).resolve() for page, link in LINKS if link.endswith(".svg")}
    assert figures == shown
    assert len(figures) <= 5


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
