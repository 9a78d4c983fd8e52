"""The power of a comparison: what share of whole comparisons finds what is known to be there.

One long series is measured of a side, the same side again, and sides that are known to be slower.
Comparisons of few rounds are then drawn from it, and each is judged as the command judges.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import comb

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest

from .figures import COMPARED
from .series import Arm, Series, Taken, pairs_of
from .thresholds import Thresholds
from .verdict import Pair, Row, Seen, judge

A, AGAIN, SLOWER, SLOWEST = range(4)
"""The sides of the series: one, the same, slower by 5 %, slower by 10 %."""

LOST_EFFICIENCY = 0.002


@dataclass(frozen=True)
class Scenario:
    """What is changed in a comparison.

    Attributes:
        name: in words.
        side: of the series, that one library is taken from; the others are the same side again.
        lost: share that is added to the inefficiency of that library.
        target: share of comparisons that must find something worse, at least; at most for none.
    """

    name: str
    side: int
    lost: float = 0.0
    target: float = 1.0


SCENARIOS = (
    Scenario("no change", AGAIN, target=0.01),
    Scenario("one library 5 % slower", SLOWER, target=0.95),
    Scenario("one library 10 % slower", SLOWEST),
    Scenario("one efficiency 0.2 points lower", AGAIN, lost=LOST_EFFICIENCY),
)


@dataclass(frozen=True)
class Power:
    """How often a scenario was found.

    Attributes:
        scenario: which.
        library: whose cells were changed: the first of them; empty where none was.
        rounds: of each comparison.
        minutes: that so many rounds of two sides took.
        found: comparisons that called the changed cells worse; any cell, where none was changed.
        of: comparisons that were drawn.
        unclear: comparisons that found nothing worse and could not tell.
        low, high: 95 % interval of the share, after Clopper and Pearson, as if comparisons shared
            no rounds; they do, so that it is too narrow where many are drawn from few.
        distinct: different comparisons that can be drawn, at most.
    """

    scenario: Scenario
    library: str
    rounds: int
    minutes: float
    found: int
    of: int
    unclear: int
    low: float
    high: float
    distinct: int

    @property
    def share(self) -> float:
        """Of comparisons that found it."""
        return self.found / self.of


def power(  # noqa: PLR0913, PLR0917 - what is drawn, and from where
    series: Series,
    scenario: Scenario,
    changed: Sequence[str],
    rounds: int,
    thresholds: Thresholds,
    comparisons: int = 1000,
    seed: int = 0,
) -> Power:
    """Draw comparisons of so many rounds and return how many find a scenario.

    Args:
        series: of the four sides.
        scenario: what is changed.
        changed: the cells of the library that is changed, as they were written.
        rounds: of each comparison.
        thresholds: as the command's.
        comparisons: how many are drawn.
        seed: of the draw.
    """
    random = np.random.default_rng(seed)
    verdicts = []
    for _ in range(comparisons):
        places = np.sort(random.choice(_n_rounds(series), rounds, replace=False))
        rows = judge(_pairs(series, scenario, changed, places), thresholds)
        verdicts.append(_verdict(rows, [] if scenario == SCENARIOS[0] else changed))
    found, unclear = verdicts.count("worse"), verdicts.count("unclear")
    interval = binomtest(found, comparisons).proportion_ci(method="exact")
    return Power(
        scenario=scenario,
        library=changed[0] if scenario != SCENARIOS[0] else "",
        rounds=rounds,
        minutes=rounds * _seconds_a_round(series) / 60,
        found=found,
        of=comparisons,
        unclear=unclear,
        low=float(interval.low),
        high=float(interval.high),
        distinct=comb(_n_rounds(series), rounds),
    )


def longest(series: Series) -> int:
    """Return the most rounds of a comparison that leave a choice: half of those there are."""
    return _n_rounds(series) // 2


def _verdict(rows: Sequence[Row], changed: Sequence[str]) -> str:
    asked = [row.verdict for row in rows if not changed or row.cell in changed]
    return next((one for one in ("worse", "unclear") if one in asked), "same")


def _pairs(
    series: Series, scenario: Scenario, changed: Sequence[str], places: NDArray[np.int64]
) -> list[Pair]:
    """Return two sides: one, and the same again but for the cells that are changed."""
    return [
        _lost(pair, scenario.lost) if one.cell in changed else pair
        for one in series.cells
        for pair in pairs_of(
            (_drawn(one, scenario.side if one.cell in changed else AGAIN, places),)
        )
    ]


def _drawn(one: Taken, side: int, places: NDArray[np.int64]) -> Taken:
    def rounds_of(arm: Arm) -> Arm:
        return replace(arm, turns=tuple(arm.turns[place] for place in places))

    return Taken(one.cell, (rounds_of(one.arms[A]), rounds_of(one.arms[side])))


def _lost(pair: Pair, lost: float) -> Pair:
    """Return a pair whose inefficiency, of buckets or of tracks, has grown on the second side."""
    if not lost or pair.b is None:
        return pair
    values = {
        name: tuple(value + lost for value in given) if "inefficiency" in name else given
        for name, given in pair.b.values.items()
    }
    return replace(pair, b=Seen(pair.b.status, values, pair.b.about))


def _n_rounds(series: Series) -> int:
    return min(len(arm.turns) for one in series.cells for arm in one.arms)


def _seconds_a_round(series: Series) -> float:
    """Return the mean time of a round of two sides."""
    turns = [arm.turns for one in series.cells for arm in one.arms[: AGAIN + 1]]
    return sum(turn.spent_seconds for arm in turns for turn in arm) / _n_rounds(series)


def scatter(series: Series) -> dict[tuple[str, str], tuple[float, float]]:
    """Return by cell and figure how far neighbours scatter: of one side, and median of the slower.

    The first is 1.4826 times the median absolute deviation of the logarithm of the ratio of the
    same side again over the side; the second the median ratio of the slower side, less 1.
    """
    found = {}
    for one in series.cells:
        for figure in (name for name, row in COMPARED.items() if row.kind == "timed"):
            a, again, slower = (np.log(arm.timed(figure)) for arm in one.arms[:3])
            noise = again - a
            spread = 1.4826 * float(np.median(np.abs(noise - np.median(noise))))
            found[one.cell, figure] = spread, float(np.expm1(np.median(slower - a)))
    return found
