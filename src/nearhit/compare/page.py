"""A comparison as text, Markdown or JSON, with changes first."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from .thresholds import COMPARED
from .verdict import Finding, Verdict

HEADS = ("verdict", "cell", "figure", "A", "B", "change", "interval", "p", "n")

CHANGED: tuple[Verdict, ...] = ("failed", "worse", "better", "unclear", "new")
"""Verdicts shown first, in this order."""

SAME: tuple[Verdict, ...] = ("same", "skipped")

_WORSE, _UNKNOWN = 1, 2


def exit_code(rows: Sequence[Finding]) -> int:
    """Return 1 if anything is worse; 2 if anything failed or is unclear, or all is skipped."""
    verdicts = {row.verdict for row in rows}
    if "worse" in verdicts:
        return _WORSE
    told = bool(verdicts - {"skipped"})
    return _UNKNOWN if verdicts & {"failed", "unclear"} or not told else 0


def conclusion(rows: Sequence[Finding]) -> str:
    """Summarize a comparison in one sentence."""
    counts = {verdict: sum(row.verdict == verdict for row in rows) for verdict in (*CHANGED, *SAME)}
    parts = ", ".join(f"{count} {verdict}" for verdict, count in counts.items() if count)
    ends = {0: "Nothing is worse", _WORSE: "Something is worse", _UNKNOWN: "It cannot be told"}
    return f"{ends[exit_code(rows)]}: {parts or 'nothing to compare'}."


def in_order(rows: Sequence[Finding], verdicts: Sequence[Verdict]) -> list[Finding]:
    """Return the findings of some verdicts, sorted by verdict."""
    return [row for verdict in verdicts for row in rows if row.verdict == verdict]


def line(row: Finding) -> tuple[str, ...]:
    """Return a finding as text, column by column as `HEADS`."""
    number = "/".join(map(str, dict.fromkeys(row.n))) if any(row.n) else "–"
    values = (_value(row.a), _value(row.b), _change(row, row.change), _interval(row))
    p = "–" if row.p is None else f"{row.p:.2g}"
    return (row.verdict, row.cell, row.figure or row.reason, *values, p, number)


def reasons(rows: Sequence[Finding]) -> Iterator[str]:
    """Yield the reasons of unclear figures."""
    for row in rows:
        if row.reason and row.figure:
            yield f"{row.cell}, {row.figure}: {row.reason}"


def as_markdown(sides: Sequence[str], rows: Sequence[Finding], notes: Sequence[str] = ()) -> str:
    """Return a comment for a pull request: changes, and the rest folded below."""
    changed, rest = in_order(rows, CHANGED), in_order(rows, SAME)
    parts = ["### nearhit compare", "", *(f"* {side}" for side in sides), ""]
    parts += [f"**{conclusion(rows)}**", ""]
    parts += _table(changed) if changed else []
    parts += [f"* {reason}" for reason in reasons(changed)] + [""]
    if rest:
        parts += ["<details><summary>Unchanged</summary>", "", *_table(rest), "", "</details>", ""]
    told = [f"<sub>{' '.join(notes)}</sub>"] if notes else []
    return "\n".join([*parts, *told]).rstrip() + "\n"


def to_json(sides: Sequence[str], rows: Sequence[Finding], **more: Any) -> dict[str, Any]:
    """Return a comparison as JSON data, in the order of the text."""
    return {
        "sides": list(sides),
        "exit_code": exit_code(rows),
        "conclusion": conclusion(rows),
        **more,
        "rows": [asdict(row) for row in in_order(rows, (*CHANGED, *SAME))],
    }


def _table(rows: Sequence[Finding]) -> list[str]:
    lines = (line(row) for row in rows)
    cells = ([part.replace("|", "\\|") for part in one] for one in lines)
    return [
        f"| {' | '.join(HEADS)} |",
        "|---|---|---|---:|---:|---:|---:|---:|---:|",
        *(f"| {' | '.join(one)} |" for one in cells),
    ]


def _value(value: float | None) -> str:
    return "–" if value is None else f"{value:.4g}"


def _change(row: Finding, change: float | None) -> str:
    if change is None:
        return "–"
    relative = COMPARED[row.figure].scale == "relative"
    return f"{change:+.1%}" if relative else f"{change:+.4f}"


def _interval(row: Finding) -> str:
    if row.low is None and row.high is None:
        return "–"
    low, high = ("∞" if end is None else f"{end:+.1%}" for end in (row.low, row.high))
    return f"{'−' if row.low is None else ''}{low} … {high}"
