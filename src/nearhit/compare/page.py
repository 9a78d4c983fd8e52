"""A comparison as text, as Markdown for a pull request, and for programs: what changed first."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from .figures import COMPARED
from .verdict import Row, Verdict

HEADS = ("verdict", "cell", "figure", "A", "B", "change", "interval", "p", "n")

CHANGED: tuple[Verdict, ...] = ("failed", "worse", "better", "unclear", "new")
"""What is shown first, in this order."""

SAME: tuple[Verdict, ...] = ("same", "skipped")

_WORSE, _UNKNOWN = 1, 2


def exit_code(rows: Sequence[Row]) -> int:
    """Return 1 where anything is worse; 2 where something failed, is unclear, or all is skipped."""
    verdicts = {row.verdict for row in rows}
    if "worse" in verdicts:
        return _WORSE
    told = bool(verdicts - {"skipped"})
    return _UNKNOWN if verdicts & {"failed", "unclear"} or not told else 0


def conclusion(rows: Sequence[Row]) -> str:
    """Return in one sentence how a comparison ended."""
    counts = {verdict: sum(row.verdict == verdict for row in rows) for verdict in (*CHANGED, *SAME)}
    parts = ", ".join(f"{count} {verdict}" for verdict, count in counts.items() if count)
    ends = {0: "Nothing is worse", _WORSE: "Something is worse", _UNKNOWN: "It cannot be told"}
    return f"{ends[exit_code(rows)]}: {parts or 'nothing to compare'}."


def in_order(rows: Sequence[Row], verdicts: Sequence[Verdict]) -> list[Row]:
    """Return the rows of these verdicts, in their order."""
    return [row for verdict in verdicts for row in rows if row.verdict == verdict]


def line(row: Row) -> tuple[str, ...]:
    """Return a row as text, column by column as `HEADS`."""
    number = "/".join(map(str, dict.fromkeys(row.n))) if any(row.n) else "–"
    values = (_value(row.a), _value(row.b), _change(row, row.change), _interval(row))
    p = "–" if row.p is None else f"{row.p:.2g}"
    return (row.verdict, row.cell, row.figure or row.reason, *values, p, number)


def reasons(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the reasons of what is not clear, for people."""
    for row in rows:
        if row.reason and row.figure:
            yield f"{row.cell}, {row.figure}: {row.reason}"


def as_markdown(sides: Sequence[str], rows: Sequence[Row], notes: Sequence[str] = ()) -> str:
    """Return a comment for a pull request: what changed, and folded below it the rest."""
    changed, rest = in_order(rows, CHANGED), in_order(rows, SAME)
    parts = ["### nearhit compare", "", *(f"* {side}" for side in sides), ""]
    parts += [f"**{conclusion(rows)}**", ""]
    parts += _table(changed) if changed else []
    parts += [f"* {reason}" for reason in reasons(changed)] + [""]
    if rest:
        parts += ["<details><summary>Unchanged</summary>", "", *_table(rest), "", "</details>", ""]
    told = [f"<sub>{' '.join(notes)}</sub>"] if notes else []
    return "\n".join([*parts, *told]).rstrip() + "\n"


def to_json(sides: Sequence[str], rows: Sequence[Row], **more: Any) -> dict[str, Any]:
    """Return a comparison for programs, in the order in which people see it."""
    return {
        "sides": list(sides),
        "exit_code": exit_code(rows),
        "conclusion": conclusion(rows),
        **more,
        "rows": [asdict(row) for row in in_order(rows, (*CHANGED, *SAME))],
    }


def _table(rows: Sequence[Row]) -> list[str]:
    lines = (line(row) for row in rows)
    cells = ([part.replace("|", "\\|") for part in one] for one in lines)
    return [
        f"| {' | '.join(HEADS)} |",
        "|---|---|---|---:|---:|---:|---:|---:|---:|",
        *(f"| {' | '.join(one)} |" for one in cells),
    ]


def _value(value: float | None) -> str:
    return "–" if value is None else f"{value:.4g}"


def _change(row: Row, change: float | None) -> str:
    if change is None:
        return "–"
    relative = COMPARED[row.figure].scale == "relative"
    return f"{change:+.1%}" if relative else f"{change:+.4f}"


def _interval(row: Row) -> str:
    if row.low is None and row.high is None:
        return "–"
    low, high = ("∞" if end is None else f"{end:+.1%}" for end in (row.low, row.high))
    return f"{'−' if row.low is None else ''}{low} … {high}"
