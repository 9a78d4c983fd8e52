"""A report is made again where anything that it depends on has changed, and only there."""

import pytest

from nearhit.errors import BadInputError
from nearhit.report import unchanged
from nearhit.report.unchanged import Made, source_of


@pytest.fixture
def inputs(tmp_path):
    folder = tmp_path / "records"
    folder.mkdir()
    (folder / "a.jsonl").write_text("1\n")
    return folder


@pytest.fixture
def made(tmp_path):
    """A report of two files in a folder, with its mark."""
    folder = tmp_path / "report"
    (folder / "plots").mkdir(parents=True)
    (folder / "page.html").write_text("page")
    (folder / "plots" / "one.svg").write_text("plot")
    report = Made(folder / ".mark", "source", (folder,))
    assert not report.up_to_date
    report.keep()
    assert report.up_to_date
    return report


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "page.html").write_text("pagE"),
        lambda folder: (folder / "page.html").unlink(),
        lambda folder: (folder / "plots" / "two.svg").write_text("plot"),
        lambda folder: (folder / "plots" / "one.svg").rename(folder / "plots" / "three.svg"),
        lambda folder: (folder / ".mark").unlink(),
        lambda folder: (folder / ".mark").write_text(""),
    ],
    ids=["edited", "deleted", "added", "renamed", "mark deleted", "mark emptied"],
)
def test_a_report_that_was_changed_is_not_up_to_date(made, change):
    change(made.mark.parent)
    assert not made.up_to_date


def test_a_report_of_another_source_or_with_other_files_is_not_up_to_date(made, tmp_path):
    assert not Made(made.mark, "other", made.outputs).up_to_date
    beside = tmp_path / "README.md"
    beside.write_text("text")
    assert not Made(made.mark, made.source, (*made.outputs, beside)).up_to_date


def test_a_mark_that_cannot_be_written_is_told_in_a_sentence(tmp_path):
    with pytest.raises(BadInputError, match="cannot be written"):
        Made(tmp_path / "nowhere" / ".mark", "source", ()).keep()


def test_the_source_is_the_content_of_files_and_the_words(inputs):
    first = source_of([inputs], ["option", ()])
    assert source_of([inputs], ["option", ()]) == first
    assert source_of([inputs], ["option", ("stale",)]) != first
    (inputs / "a.jsonl").write_text("2\n")
    second = source_of([inputs], ["option", ()])
    assert second != first
    (inputs / "b.jsonl").touch()
    assert source_of([inputs], ["option", ()]) not in {first, second}


def test_the_source_has_the_code_and_what_is_installed(inputs, tmp_path, monkeypatch):
    first = source_of([inputs], [])
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "new.py").write_text("VALUE = 1\n")
    with monkeypatch.context() as other:
        other.setattr(unchanged.adapters, "__path__", [str(tmp_path / "code")])
        changed = source_of([inputs], [])
        (tmp_path / "code" / "new.py").write_text("VALUE = 2\n")
        assert len({first, changed, source_of([inputs], [])}) == 3
    assert source_of([inputs], []) == first
    (inputs / "__pycache__").mkdir()
    (inputs / "__pycache__" / "kernel.nbi").write_text("compiled")
    assert source_of([inputs], []) == first
    monkeypatch.setattr(unchanged, "distributions", lambda: iter(()))
    assert source_of([inputs], []) != first
