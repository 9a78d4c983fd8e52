"""A comparison as text, Markdown or JSON, with changes first."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from nearhit.cells.markdown import table_line, without_html

from .thresholds import COMPARED
from .verdict import Finding, Verdict

HEADS = ("verdict", "cell", "figure", "A", "B", "change", "interval", "p", "n")

CHANGED: tuple[Verdict, ...] = ("failed", "worse", "better", "unclear", "new")
"""Verdicts shown first, in this order."""

SAME: tuple[Verdict, ...] = ("same", "skipped")

_WORSE, _UNKNOWN = 1, 2


def exit_code(findings: Sequence[Finding]) -> int:
    """Return 1 if anything is worse; 2 if anything failed or is unclear, or all is skipped."""
    verdicts = {finding.verdict for finding in findings}
    if "worse" in verdicts:
        return _WORSE
    judged = bool(verdicts - {"skipped"})
    return _UNKNOWN if verdicts & {"failed", "unclear"} or not judged else 0


def conclusion(findings: Sequence[Finding]) -> str:
    """Summarize a comparison in one sentence."""
    counts = {
        verdict: sum(finding.verdict == verdict for finding in findings)
        for verdict in (*CHANGED, *SAME)
    }
    parts = ", ".join(f"{count} {verdict}" for verdict, count in counts.items() if count)
    ends = {0: "Nothing is worse", _WORSE: "Something is worse", _UNKNOWN: "Inconclusive"}
    return f"{ends[exit_code(findings)]}: {parts or 'nothing to compare'}."


def in_order(findings: Sequence[Finding], verdicts: Sequence[Verdict]) -> list[Finding]:
    """Return the findings of some verdicts, sorted by verdict."""
    return [finding for verdict in verdicts for finding in findings if finding.verdict == verdict]


def line(finding: Finding) -> tuple[str, ...]:
    """Return a finding as text, column by column as `HEADS`."""
    number = "/".join(map(str, dict.fromkeys(finding.n))) if any(finding.n) else "–"
    values = (_value(finding.a), _value(finding.b), _change(finding), _interval(finding))
    p = "–" if finding.p is None else f"{finding.p:.2g}"
    return (finding.verdict, finding.cell, finding.figure or finding.reason, *values, p, number)


def reasons(findings: Sequence[Finding]) -> Iterator[str]:
    """Yield the reasons of unclear figures."""
    for finding in findings:
        if finding.reason and finding.figure:
            yield f"{finding.cell}, {finding.figure}: {finding.reason}"


def as_markdown(
    sides: Sequence[str], findings: Sequence[Finding], notes: Sequence[str] = ()
) -> str:
    """Return a comment for a pull request: changes, and the rest folded below."""
    changed, rest = in_order(findings, CHANGED), in_order(findings, SAME)
    parts = ["### nearhit compare", "", *(f"* {side}" for side in sides), ""]
    parts += [f"**{conclusion(findings)}**", ""]
    parts += _table(changed) if changed else []
    parts += [f"* {reason}" for reason in reasons(changed)] + [""]
    parts = [without_html(part) for part in parts]
    if rest:
        table = map(without_html, _table(rest))
        parts += ["<details><summary>Unchanged</summary>", "", *table, "", "</details>", ""]
    footer = [f"<sub>{without_html(' '.join(notes))}</sub>"] if notes else []
    return "\n".join([*parts, *footer]).rstrip() + "\n"


def to_json(sides: Sequence[str], findings: Sequence[Finding], **more: Any) -> dict[str, Any]:
    """Return a comparison as JSON data, in the order of the text."""
    return {
        "sides": list(sides),
        "exit_code": exit_code(findings),
        "conclusion": conclusion(findings),
        **more,
        "rows": [asdict(finding) for finding in in_order(findings, (*CHANGED, *SAME))],
    }


def _table(findings: Sequence[Finding]) -> list[str]:
    rule = "|---|---|---|---:|---:|---:|---:|---:|---:|"
    return [table_line(HEADS), rule, *(table_line(line(finding)) for finding in findings)]


def _value(value: float | None) -> str:
    return "–" if value is None else f"{value:.4g}"


def _change(finding: Finding) -> str:
    if finding.change is None:
        return "–"
    relative = COMPARED[finding.figure].scale == "relative"
    return f"{finding.change:+.1%}" if relative else f"{finding.change:+.4f}"


def _interval(finding: Finding) -> str:
    if finding.low is None and finding.high is None:
        return "–"
    low, high = ("∞" if end is None else f"{end:+.1%}" for end in (finding.low, finding.high))
    return f"{'−' if finding.low is None else ''}{low} … {high}"
