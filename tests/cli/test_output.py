"""What is printed: nothing is cut unmarked, eaten by markup, or an order to the terminal."""

import io
import re
from dataclasses import replace

import pytest
from in_process import run_in_process
from rich.console import Console
from sample_records import a_record

from nearhit.cells.status import Status
from nearhit.cli.app import COMMANDS, _loaded
from nearhit.errors import LONGEST_VALUE, BadInputError, printable
from nearhit.report import sections, summary_table
from nearhit.report.terminal import TerminalTable

WIDTHS = (40, 60, 80, 200)


def printed(renderable, width):
    console = Console(width=width, file=io.StringIO())
    console.print(renderable)
    return console.file.getvalue()


def parts(text):
    return "".join(re.findall(r"\w", text))


@pytest.mark.parametrize("width", WIDTHS)
def test_a_table_shows_every_column_or_names_it_with_a_mark(width):
    heads = ["index", *(f"number {i}" for i in range(9)), "status"]
    rows = [["usearch(connectivity=8,expansion=64)", *["63,961.0"] * 9, "failed: a reason"]]
    table = TerminalTable("Title", heads, rows, [False, *[True] * 9, False], ["status"])
    text = printed(table, width)
    assert all(len(line) <= width for line in text.splitlines())
    table_part, mark, left_out = text.partition("… not shown")
    shown = [head for head in heads if head not in " ".join(left_out.split())]
    assert {"index", "status"} <= set(shown)
    assert bool(mark) == (len(shown) < len(heads))
    assert table_part.count("63,961.0") == len(shown) - 2
    assert mark or width >= 80


@pytest.mark.parametrize("width", WIDTHS)
def test_index_status_and_reason_are_whole_at_any_width(width):
    status = Status("failed", "because of [red]this[/red] and [that")
    record = replace(a_record(status=status), timing=None, quality=None)
    text = printed(summary_table(sections([record])[0]), width)
    assert parts("because of [red]this[/red] and [that") in parts(text).replace("0", "") or (
        "[red]" in text and "[that" in text
    )
    assert str(record.cell.index).split("(")[0] in text.replace("\n", "")


def test_titles_with_brackets_are_whole():
    record = a_record()
    record = replace(record, cell=replace(record.cell, event="ttbar-mu20[8,13]"))
    assert "ttbar-mu20[8,13]" in printed(summary_table(sections([record])[0]), 120)
    assert "e[8]" in printed(TerminalTable("e[8]", ["[b]"], [["[/x]"]]), 60)


def commands():
    for name in COMMANDS:
        command = _loaded(name)
        for sub, one in getattr(command, "commands", {"": command}).items():
            yield f"{name} {sub}".split(), one


@pytest.mark.parametrize(("words", "command"), list(commands()), ids=lambda one: str(one)[:30])
def test_markup_eats_no_word_of_a_help_text(words, command, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "200")
    assert run_in_process([*words, "--help"], monkeypatch) == 0
    shown = parts(capsys.readouterr().out)
    texts = [command.help, *(getattr(one, "help", "") for one in command.params)]
    for text in filter(None, texts):
        plain = re.sub(r"\[/?bold\]", "", text).replace("\\", "")
        for paragraph in plain.split("\n\n"):
            assert parts(paragraph)[:60] in shown, paragraph


@pytest.mark.parametrize(
    "text",
    [
        "a\x1b[31mred\x07",
        "two\nlines\r\x00",
        "line \u2028 separator, \u202e right to left, \ud800 surrogate",
        "x" * 1_000_000,
        "a b " * 300_000,
        "hits.csv line 3: x must be a number, not '" + "7 " * 500_000 + "'.",
        "'" * 100_000,
    ],
)
def test_what_a_file_holds_never_reaches_the_terminal_raw_or_at_length(text):
    sentence = str(BadInputError(text))
    assert sentence.isprintable()
    assert len(sentence) <= 1_000
    assert max(map(len, sentence.split(" "))) <= LONGEST_VALUE
    assert printable(sentence) == sentence
    reason = Status("failed", text).reason
    assert reason.isprintable()
    assert len(reason) <= 1_000


def test_a_value_is_cut_and_the_remedy_after_it_stays():
    value = "7 " * 5_000
    sentence = str(BadInputError(f"hits.csv line 3: x is {value!r}: write the file again."))
    assert sentence.endswith("': write the file again.")
    assert "…" in sentence
    assert len(sentence) < LONGEST_VALUE + 60
    kept = "The library's own 'a' and the user's \"b\" stay as they are, however long it gets. " * 3
    assert str(BadInputError(kept)) == kept.strip()
