"""What docs/ and the README tell people to do works, as it is written there."""

import os
import re
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path

import pytest
import typer
import yaml
from blocks import blocks_of
from markdown_it import MarkdownIt
from nearhit.datasets.bundled import bundled_event
from nearhit.datasets.trackml_writer import write_event
from scratch_clone import ROOT, clone_into, sliced

from nearhit.cells.cell import Cell
from nearhit.cli.app import app
from nearhit.records.record import Record
from nearhit.report.markdown import definitions

DOCS = sorted((ROOT / "docs").glob("*.md"))
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *DOCS]

SMALLER = {"ttbar-mu200(": "muons(gun_particles=50,", "ttbar-mu200": "muons(gun_particles=50)"}
"""What takes long to simulate, and what is simulated in its place."""

NEARHIT = typer.main.get_command(app)


@pytest.fixture(scope="session")
def clone(tmp_path_factory):
    """A clone with a small bundled event, and genuine ones' place taken by that event."""
    if not (ROOT / ".git").exists():
        pytest.skip("what pages say is run in a clone of the repository, and this is none")
    made = clone_into(tmp_path_factory.mktemp("docs") / "nearhit")
    events = tmp_path_factory.mktemp("genuine")
    write_event(replace(sliced(bundled_event())), events / "event000021000")
    cache = str(tmp_path_factory.mktemp("cache"))
    return replace(
        made, environment=made.environment | {"NEARHIT_CACHE": cache, "DIR": str(events)}
    )


@pytest.fixture
def fresh(clone):
    """The clone without what a page before left in it."""
    clone.run("git", "reset", "--quiet", "--hard")
    clone.run("git", "clean", "--quiet", "-d", "--force")
    yield clone
    brought = clone.run("pip", "list", "--editable", "--exclude", "nearhit", "--format", "freeze")
    for line in brought.split():
        clone.run("pip", "uninstall", "--quiet", "--yes", line.partition("==")[0])


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_what_a_page_tells_to_do_works_from_top_to_bottom(page, fresh):
    for block in blocks_of(page):
        if block.file:
            file = fresh.folder / block.file
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.text)
        elif not block.not_run and block.language != "text":
            done = DO[block.language](block.text, fresh)
            assert done.returncode == 0, f"{block}\n{block.text}\n{done.stdout}\n{done.stderr}"


def _shell(text, clone):
    for long, short in SMALLER.items():
        text = text.replace(long, short)
    text = text.replace("muons(gun_particles=50) ", "'muons(gun_particles=50)' ")
    return _do(["bash", "-eo", "pipefail", "-c", text.replace("DIR/", "$DIR/")], clone)


def _python(text, clone):
    return _do(["python", "-c", text], clone)


def _diff(text, clone):
    return _do(["git", "apply", "-C1", "--recount", "-"], clone, given=text)


def _do(command, clone, given=None):
    return subprocess.run(
        command, cwd=clone.folder, env=clone.environment, input=given,
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def _toml(text, clone):
    """Read what belongs into a file that the page does not show as a whole."""
    read = "import sys, tomllib; tomllib.load(sys.stdin.buffer)"
    return _do(["python", "-c", read], clone, given=text)


DO = {"sh": _shell, "python": _python, "diff": _diff, "toml": _toml}


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_every_block_says_what_it_is(page):
    for block in blocks_of(page):
        known = {*DO, "text"} if not block.file else {*DO, "yaml"}
        assert block.language in known, f"{block} is {block.language or 'of no language'}"
        assert not (block.not_run and block.file), f"{block} is shown, not run"


def _inline(page):
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(page.read_text(encoding="utf-8"))
    for token in tokens:
        yield from (one.content for one in token.children or () if one.type == "code_inline")


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_commands_within_sentences_are_commands_with_these_options(page):
    for text in _inline(page):
        words = text.split()
        if (
            words[:1] == ["nearhit"]
            and len(words) > 1
            and words[1].isalpha()
            and words[1].islower()
        ):
            command = NEARHIT.get_command(typer.Context(NEARHIT), words[1])
            if words[1] == "data":
                command = command.commands[words[2]]
            known = {option for one in command.params for option in one.opts}
            named = {word for word in words if word.startswith("--")} - {"--help"}
            assert named <= known, f"{page.name}: {text}"
        elif words[:1] == ["make"]:
            targets = [word for word in words[1:] if "=" not in word]
            makefile = (ROOT / "Makefile").read_text().replace("$(VENV)", ".venv")
            assert all(f"\n{one}:" in makefile for one in targets), text


def test_pages_are_built_and_every_link_in_them_leads_somewhere(tmp_path):
    built = _build(ROOT, tmp_path / "built")
    assert built.returncode == 0, built.stderr
    for page in DOCS:
        html = (tmp_path / "built" / f"{page.stem}.html").read_text()
        assert not re.search(r'(?:src|href)="(?:https?:)?//[^"]*\.(?:js|css|woff2?)', html), (
            page.name
        )
        for link in re.findall(r'href="file://([^"#]+)', html):
            assert Path(link).exists(), f"{page.name}: {link}"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("[nowhere](nowhere.md)", "nowhere.md"),
        ("[no part](start.md#nothing)", "#nothing"),
        ("[no file](../src/nearhit/nothing.py)", "nothing.py, which does not exist"),
    ],
)
def test_a_link_that_leads_nowhere_fails_the_building(tmp_path, wrong, said):
    own = {"docs", "mkdocs.yml"}
    for name in own:
        subprocess.run(["cp", "-r", ROOT / name, tmp_path / name], check=True)
    for place in ROOT.iterdir():
        if place.name not in own:
            (tmp_path / place.name).symlink_to(place)
    (tmp_path / "docs" / "index.md").write_text(f"# Wrong\n\n{wrong}\n")
    built = _build(tmp_path, tmp_path / "built")
    assert built.returncode != 0
    assert said in built.stderr


def _build(root, folder):
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", folder],
        cwd=root, capture_output=True, text=True, check=False,
        env=os.environ | {"NEARHIT_REPOSITORY": ""},
    )  # fmt: skip


def test_links_to_code_lead_to_the_repository_where_its_address_is_known(tmp_path):
    address = "https://example.org/owner/nearhit"
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", tmp_path],
        cwd=ROOT, check=True, env=os.environ | {"NEARHIT_REPOSITORY": address},
    )  # fmt: skip
    page = (tmp_path / "add-a-library.html").read_text()
    assert f"{address}/blob/HEAD/adapters/scipy_kdtree.py" in page
    assert f"{address}/tree/HEAD/adapters" in page
    assert "file://" not in page


def test_every_page_is_in_the_list_of_pages():
    text = (ROOT / "mkdocs.yml").read_text().replace("!ENV", "")
    listed = set(re.findall(r"[\w-]+\.md", str(yaml.safe_load(text)["nav"])))
    assert listed == {page.name for page in DOCS}


def test_the_page_of_raw_numbers_names_every_field():
    page = (ROOT / "docs" / "raw-numbers.md").read_text()
    for holder in (Record, Cell):
        for field in fields(holder):
            assert f"`{field.name}`" in page, f"{holder.__name__}.{field.name}"


def test_the_page_of_tables_says_of_every_column_what_the_page_of_results_says():
    page = (ROOT / "docs" / "tables.md").read_text()
    for tables in ("headline", "buckets", "tracks"):
        assert f"<!-- columns of {tables}: begin -->\n{definitions(tables)}\n<!--" in page
