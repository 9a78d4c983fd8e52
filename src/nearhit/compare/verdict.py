"""Verdicts on every figure of every cell, with the error rate bounded over the whole table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import expm1, isfinite, log1p
from statistics import median
from typing import Literal

import numpy as np

from nearhit.cells.status import OK, Status

from .shift import Shift, holm, paired, unpaired
from .thresholds import COMPARED, ComparedFigure, Thresholds

Verdict = Literal["worse", "failed", "unclear", "better", "new", "same", "skipped"]


@dataclass(frozen=True)
class SideValues:
    """Figures of a cell on one side.

    Attributes:
        status: how it ended; the figures count only where it is `ok`.
        values: by figure; one per round if timed, one or several if counted.
    """

    status: Status = OK
    values: Mapping[str, tuple[float, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class CellPair:
    """A cell on both sides.

    Attributes:
        cell: what was measured, as people write it.
        a, b: before and after; None where a side has no such cell.
        paired: whether values of the same place were measured together.
        incomparable: why times cannot be compared; empty if they can.
    """

    cell: str
    a: SideValues | None
    b: SideValues | None
    paired: bool = True
    incomparable: str = ""


@dataclass(frozen=True)
class Finding:
    """One figure of one cell, judged.

    Attributes:
        cell: as in `CellPair`.
        figure: by name; empty where there is none to compare.
        verdict: in a word.
        a, b: medians; None where not measured.
        change: from A to B, on the figure's scale; None where unknown.
        low, high: simultaneous bounds of the change, see `judge`.
        p: p-value of a growth beyond the threshold, after Holm's correction.
        n: values on each side.
        reason: of a verdict that needs one.
    """

    cell: str
    figure: str
    verdict: Verdict
    a: float | None = None
    b: float | None = None
    change: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    n: tuple[int, int] = (0, 0)
    reason: str = ""


def judge(pairs: Sequence[CellPair], thresholds: Thresholds) -> list[Finding]:
    """Judge every figure of every cell.

    A timed figure is worse where an exact rank test rejects that it has grown by no more than its
    threshold. Holm's correction bounds the family-wise error rate over all timed figures at
    `false_alarms`; better is tested likewise. The confidence bounds hold simultaneously, with the
    same error rate on each side (Bonferroni). A counted figure is worse where every value of B
    exceeds every value of A by more than its threshold.
    """
    findings: list[Finding] = []
    shifts: dict[int, Shift] = {}  # of the timed figures, by place in the findings
    for pair in pairs:
        if (ended := _ended(pair)) is not None:
            findings.append(ended)
            continue
        for figure in COMPARED.values():
            if (finding := _untested(pair, figure, thresholds)) is None:
                continue
            if figure.kind == "timed" and not finding.reason:
                shifts[len(findings)] = _shift(pair, figure)
            findings.append(finding)
    tested = _tested([(findings[place], shift) for place, shift in shifts.items()], thresholds)
    for place, finding in zip(shifts, tested, strict=True):
        findings[place] = finding
    return findings


def _ended(pair: CellPair) -> Finding | None:
    """Return the only finding of a cell of which one side has no figures."""
    if pair.a is None or pair.b is None:
        side = "A" if pair.b is None else "B"
        return Finding(pair.cell, "", "unclear" if side == "A" else "new", reason=f"only in {side}")
    ends = {"A": pair.a.status, "B": pair.b.status}
    ended = "; ".join(f"{side}: {status}" for side, status in ends.items() if status != OK)
    if not ended:
        return None
    outcomes = {status.outcome for status in ends.values()}
    if not pair.paired and "ok" not in outcomes:  # an old failure, on record
        return Finding(pair.cell, "", "skipped", reason=ended)
    if outcomes & {"failed", "timeout"}:
        return Finding(pair.cell, "", "failed", reason=ended)
    return Finding(pair.cell, "", "skipped" if outcomes == {"skipped"} else "unclear", reason=ended)


def _untested(pair: CellPair, figure: ComparedFigure, thresholds: Thresholds) -> Finding | None:
    """Return a finding before any test; None where neither side has the figure."""
    a, b = (side.values.get(figure.name, ()) if side else () for side in (pair.a, pair.b))
    if not a and not b:
        return None
    finding = Finding(pair.cell, figure.name, "unclear", n=(len(a), len(b)))
    if not a or not b:
        return replace(finding, reason=f"only {'A' if a else 'B'} has it")
    finding = replace(
        finding, a=median(a), b=median(b), change=_change(median(a), median(b), figure)
    )
    if figure.kind == "counted":
        return replace(finding, verdict=_counted(a, b, figure, thresholds.of[figure.name]))
    return replace(finding, reason=pair.incomparable)


def _change(a: float, b: float, figure: ComparedFigure) -> float | None:
    if figure.scale == "difference":
        return b - a
    return b / a - 1 if a else None


def _counted(
    a: Sequence[float], b: Sequence[float], figure: ComparedFigure, threshold: float
) -> Verdict:
    if _exceeds(min(b), max(a), figure, threshold):
        return "worse"
    return "better" if _exceeds(min(a), max(b), figure, threshold) else "same"


def _exceeds(value: float, other: float, figure: ComparedFigure, threshold: float) -> bool:
    allowed = abs(other) * threshold if figure.scale == "relative" else threshold
    return value > other + allowed


def _shift(pair: CellPair, figure: ComparedFigure) -> Shift:
    assert pair.a is not None  # noqa: S101 - `_ended` has checked both
    assert pair.b is not None  # noqa: S101 - as above
    logarithms = (np.log(side.values[figure.name]) for side in (pair.a, pair.b))
    return (paired if pair.paired else unpaired)(*logarithms)


def _tested(findings: Sequence[tuple[Finding, Shift]], thresholds: Thresholds) -> list[Finding]:
    bounds = [log1p(thresholds.of[finding.figure]) for finding, _ in findings]
    shifts = [shift for _, shift in findings]
    above = holm([shift.p_above(bound) for shift, bound in zip(shifts, bounds, strict=True)])
    below = holm([shift.p_below(-bound) for shift, bound in zip(shifts, bounds, strict=True)])
    level = thresholds.false_alarms / max(len(findings), 1)
    return [
        _decided(finding, shift, (worse, better), level, thresholds)
        for (finding, shift), worse, better in zip(findings, above, below, strict=True)
    ]


def _decided(
    finding: Finding,
    shift: Shift,
    adjusted: tuple[float, float],
    level: float,
    thresholds: Thresholds,
) -> Finding:
    low, high = shift.interval(level)
    finding = replace(
        finding,
        change=expm1(shift.estimate),
        low=expm1(low) if isfinite(low) else None,
        high=expm1(high) if isfinite(high) else None,
        p=adjusted[0],
    )
    if adjusted[0] <= thresholds.false_alarms:
        return replace(finding, verdict="worse")
    if adjusted[1] <= thresholds.false_alarms:
        return replace(finding, verdict="better")
    if reason := _unclear(high, shift, level, thresholds):
        return replace(finding, verdict="unclear", reason=reason)
    return replace(finding, verdict="same")


def _unclear(high: float, shift: Shift, level: float, thresholds: Thresholds) -> str:
    """Return why a figure without a detected change is not called the same; empty if it is."""
    if shift.tail[-1] > level:
        return f"too few for a test: {shift.fewest(level)} a side are needed"
    if high > log1p(thresholds.unclear_beyond):
        return f"too noisy: it may have grown by {expm1(high):.1%}"
    return ""
