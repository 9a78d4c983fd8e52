"""Comparisons as text, Markdown and JSON, with changes first."""

import pytest

from nearhit.compare.page import HEADS, as_markdown, conclusion, line, reasons, to_json
from nearhit.compare.verdict import Finding

WORSE = Finding("50 of a", "seconds", "worse", 1.0, 1.1, 0.1, 0.08, 0.12, 0.0004, (16, 16))
SAME = Finding("50 of b", "impurity", "same", 0.5, 0.5, 0.0, n=(1, 1))
UNCLEAR = Finding("50 of c", "seconds", "unclear", 1.0, 1.0, 0.0, n=(2, 2), p=1.0, reason="too few")
FAILED = Finding("50 of d|e", "", "failed", reason="B: failed: it fell")


def test_a_line_has_all_columns():
    assert line(WORSE) == (
        "worse", "50 of a", "seconds", "1", "1.1", "+10.0%", "+8.0% … +12.0%", "0.0004", "16",
    )  # fmt: skip
    assert len(line(FAILED)) == len(HEADS)
    assert line(FAILED)[2] == "B: failed: it fell"
    assert line(SAME)[5:7] == ("+0.0000", "–")


def test_what_changed_comes_first(strict_json):
    import json

    content = to_json(("A: x", "B: y"), [SAME, UNCLEAR, WORSE, FAILED], notes=["so"])
    assert [row["verdict"] for row in content["rows"]] == ["failed", "worse", "unclear", "same"]
    assert (content["exit_code"], content["notes"]) == (1, ["so"])
    assert strict_json(json.dumps(content)) == json.loads(json.dumps(content))


def test_a_comment_folds_what_is_unchanged():
    page = as_markdown(("A: x", "B: y"), [SAME, WORSE, UNCLEAR, FAILED], ["On a machine."])
    changed, rest = page.split("<details>")
    assert "| worse | 50 of a | seconds |" in changed
    assert "50 of d\\|e" in changed
    assert "* 50 of c, seconds: too few" in changed
    assert "50 of b" not in changed
    assert "| same | 50 of b |" in rest
    assert "<sub>On a machine.</sub>" in rest
    assert all(row.count(" | ") == len(HEADS) - 1 for row in page.split("\n") if row[:3] == "| w")


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([WORSE, SAME], "Something is worse: 1 worse, 1 same."),
        ([SAME], "Nothing is worse: 1 same."),
        ([FAILED], "Inconclusive: 1 failed."),
        ([], "Inconclusive: nothing to compare."),
    ],
)
def test_one_sentence_says_how_it_ended(rows, sentence):
    assert conclusion(rows) == sentence


def test_reasons_are_told_once():
    assert list(reasons([WORSE, UNCLEAR, FAILED])) == ["50 of c, seconds: too few"]
