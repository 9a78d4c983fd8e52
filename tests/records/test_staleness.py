"""Records are stale where what made their numbers has changed, and nowhere else."""

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from sample_records import a_record

from nearhit.plugins.spec import WHOLE_EVENT, TrackerSpec
from nearhit.records import staleness
from nearhit.records.record import Provenance
from nearhit.records.staleness import Here, files_behind, here

ROOT = Path(__file__).parents[2]


class Repository:
    """A checkout of nearhit's sources with a history of its own."""

    def __init__(self, root):
        self.root = root
        for name in ("src/nearhit", "adapters"):
            shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        self.git("init", "--quiet")
        self.first = self.commit()

    def git(self, *arguments):
        settings = ("-c", "user.name=n", "-c", "user.email=e", "-c", "gc.auto=0")
        command = ["git", "-C", str(self.root), *settings, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    def commit(self):
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "m")
        return self.git("rev-parse", "HEAD")[:12]

    def append(self, name, text):
        with (self.root / name).open("a", encoding="utf-8") as file:
            file.write(text)

    def reasons(self, record):
        """Why a record is stale on what is checked out now."""
        for one in vars(staleness).values():
            if getattr(one, "__module__", "") == staleness.__name__ and hasattr(one, "cache_clear"):
                one.cache_clear()
        head = self.git("rev-parse", "HEAD")[:12]
        return Here(self.root, head, {"annoy": "1.0"}).reasons(record)


@pytest.fixture
def repository(tmp_path):
    return Repository(tmp_path)


@pytest.fixture
def record_of(repository):
    def make(index="annoy", tracker=None, commit=None):
        record = a_record(index)
        cell = replace(record.cell, tracker=tracker and TrackerSpec.parse(tracker))
        provenance = replace(record.provenance, commit=commit or repository.first)
        return replace(record, cell=cell, provenance=provenance)

    return make


CODE = "\nVALUE = 1\n"


@pytest.mark.parametrize(
    ("changed", "stale"),
    [
        ("adapters/annoy.py", {"annoy", "kalman in annoy"}),
        ("src/nearhit/measure/measure.py", {"annoy", "hnswlib", "kalman in annoy"}),
        ("src/nearhit/quality/figures.py", {"annoy", "hnswlib", "kalman in annoy"}),
        ("src/nearhit/tracking/trackers/kalman.py", {"kalman in annoy"}),
        ("src/nearhit/tracking/kalman_filter/follow.py", {"kalman in annoy"}),
        ("src/nearhit/tracking/trackers/dbscan.py", set()),
        ("src/nearhit/report/plots.py", set()),
        ("src/nearhit/cli/run.py", set()),
        ("README.md", set()),
    ],
)
@pytest.mark.parametrize("committed", [True, False], ids=["committed", "not committed"])
def test_what_a_cell_depends_on_makes_it_stale(repository, record_of, changed, stale, committed):
    records = {
        "annoy": record_of("annoy"),
        "hnswlib": record_of("hnswlib"),
        "kalman in annoy": record_of("annoy", "kalman"),
    }
    repository.append(changed, CODE)
    if committed:
        repository.commit()
    else:  # as `nearhit.machine.provenance.commit` then has it, HEAD is not what is here
        repository.git("commit", "--quiet", "--allow-empty", "--message", "m")
    found = {name: repository.reasons(record) for name, record in records.items()}
    assert {name for name, reasons in found.items() if reasons} == stale
    for name in stale:
        assert found[name] == (f"its code has changed since {repository.first}: {changed}",)


def test_of_many_files_that_have_changed_some_are_named(repository, record_of):
    for name in ("index/index", "index/batching", "quality/figures", "quality/labels", "errors"):
        repository.append(f"src/nearhit/{name}.py", CODE)
    repository.commit()
    (reason,) = repository.reasons(record_of())
    named = "src/nearhit/errors.py src/nearhit/index/batching.py src/nearhit/index/index.py"
    assert reason.endswith(f": {named} and 2 more")


def test_words_alone_make_nothing_stale(repository, record_of):
    repository.append("src/nearhit/measure/measure.py", "\n# a comment\n\n\n")
    adapter = repository.root / "adapters" / "annoy.py"
    adapter.write_text('"""Another docstring."""\n' + adapter.read_text().partition("\n")[2])
    repository.commit()
    assert repository.reasons(record_of()) == ()


def test_a_file_that_only_moves_makes_nothing_stale(repository, record_of):
    moved = "src/nearhit/measure/search.py"
    repository.git("mv", "src/nearhit/index/index.py", moved)
    measure = repository.root / "src/nearhit/measure/measure.py"
    text = measure.read_text().replace(
        "nearhit.index.index import", "nearhit.measure.search import"
    )
    measure.write_text(text)
    assert "nearhit.measure.search" in text
    repository.commit()
    assert repository.reasons(record_of()) == ()
    repository.append(moved, CODE)
    repository.commit()
    assert repository.reasons(record_of()) == (
        f"its code has changed since {repository.first}: {moved}",
    )


@pytest.mark.parametrize(
    ("changed", "stale"),
    [
        ('    licence: ClassVar[str] = "', False),
        ('    repeatable: ClassVar[Repeatable] = "', False),
        ('        "angular": "', True),
        ("    ntrees: int = parameter(\n        ", True),
    ],
)
def test_what_an_adapter_only_says_makes_nothing_stale(repository, record_of, changed, stale):
    adapter = repository.root / "adapters" / "annoy.py"
    before, _, after = adapter.read_text().partition(changed)
    assert after
    adapter.write_text(f"{before}{changed}1{after}")
    repository.commit()
    assert bool(repository.reasons(record_of())) == stale


def test_a_record_of_what_is_checked_out_is_not_stale(repository, record_of):
    assert repository.reasons(record_of()) == ()


def test_a_record_of_newer_code_is_not_stale(repository, record_of):
    repository.append("adapters/annoy.py", CODE)
    newer = record_of(commit=repository.commit())
    repository.git("checkout", "--quiet", "HEAD~1")
    assert repository.reasons(newer) == ()
    assert repository.reasons(record_of()) == ()


def test_changes_that_were_never_committed_and_commits_that_are_not_here(repository, record_of):
    dirty = repository.first + "+01234567"
    assert repository.reasons(record_of(commit=dirty)) == (
        f"its code, {dirty}, was never committed",
    )
    assert repository.reasons(record_of(commit="f" * 12)) == (
        "its commit, ffffffffffff, is not in this checkout",
    )


def test_without_a_checkout_only_libraries_are_compared(record_of):
    assert Here(None, "unknown", {"annoy": "1.0"}).reasons(record_of()) == ()
    assert Here(None, "unknown", {"annoy": "1.1"}).reasons(record_of()) != ()


@pytest.mark.parametrize(
    ("measured", "installed", "stale"),
    [
        ("1.0", "1.0", False),
        ("1.9", "1.10", True),
        ("1.10", "1.9", False),
        ("2.8.0.post1", "2.8.0.post2", True),
        ("1.0", "not installed", False),
        ("not installed", "1.0", True),
        ("not installed", "not installed", False),
        ("odd", "odder", True),
        ("odd", "odd", False),
    ],
)
def test_a_library_that_is_newer_makes_a_record_stale(record_of, measured, installed, stale):
    record = record_of()
    provenance = replace(record.provenance, versions={"annoy": measured})
    reasons = Here(None, "", {"annoy": installed}).reasons(replace(record, provenance=provenance))
    told = (f"annoy {installed} is installed, and it has {measured}",)
    assert reasons == (told if stale else ())


def test_files_behind_a_cell_are_files_of_this_checkout():
    files = files_behind(ROOT, a_record().cell)
    assert {
        "adapters/annoy.py",
        "src/nearhit/measure/measure.py",
        "src/nearhit/index/index.py",
    } <= files
    assert not any("/cli/" in file or "/report/" in file for file in files)
    whole = replace(a_record().cell, index=WHOLE_EVENT, tracker=TrackerSpec.parse("kalman"))
    assert "src/nearhit/tracking/trackers/kalman.py" in files_behind(ROOT, whole)
    assert all((ROOT / file).is_file() for file in files)


def test_what_is_here_is_asked_of_what_records_name():
    provenance = a_record().provenance
    record = a_record(provenance=replace(provenance, versions={"numpy": "0.1", "no-such": "1"}))
    found = here([record])
    assert found.installed["no-such"] == "not installed"
    assert any("and it has 0.1" in reason for reason in found.reasons(record))


def test_a_commit_with_changes_says_that_it_is_dirty():
    provenance: Provenance = a_record().provenance
    assert not provenance.dirty
    assert replace(provenance, commit="abc+01234567").dirty
