"""Power of a comparison: the share of drawn comparisons that find a known change.

The series has four sides: one, the same again, and two that are known to be slower. Comparisons of
a few rounds are drawn from it and judged as the command judges.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.stats import binomtest

from nearhit.compare import COMPARED, Thresholds, judge
from nearhit.compare.comparison import measured_pair
from nearhit.compare.series import CellSeries

A, AGAIN, SLOWER, SLOWEST = range(4)
"""Sides of the series: one, the same again, slower by 5 %, slower by 10 %."""

LOST_EFFICIENCY = 0.002


@dataclass(frozen=True)
class Scenario:
    """A change to one library of a comparison.

    Attributes:
        name: in words.
        side: of the series that the library is taken from; the others are the same side again.
        lost: added to the inefficiency of that library.
        target: least share of comparisons that must find it; the most where nothing is changed.
    """

    name: str
    side: int
    lost: float = 0.0
    target: float = 1.0


NO_CHANGE = Scenario("no change", AGAIN, target=0.01)
SCENARIOS = (
    NO_CHANGE,
    Scenario("one library 5 % slower", SLOWER, target=0.95),
    Scenario("one library 10 % slower", SLOWEST),
    Scenario("one efficiency 0.2 points lower", AGAIN, lost=LOST_EFFICIENCY),
)


@dataclass(frozen=True)
class Power:
    """Detection rate of one scenario at one number of rounds.

    Attributes:
        scenario: what was changed.
        library: first of the changed cells; empty where none was changed.
        rounds: of each comparison.
        minutes: that these rounds of two sides took.
        found: comparisons that called a changed cell worse; any cell, where none was changed.
        of: comparisons drawn.
        unclear: comparisons that found nothing worse and were inconclusive.
    """

    scenario: Scenario
    library: str
    rounds: int
    minutes: float
    found: int
    of: int
    unclear: int

    @property
    def share(self):
        return self.found / self.of

    @property
    def interval(self):
        """95 % interval of the share after Clopper and Pearson.

        It takes comparisons as independent although they share rounds: it is too narrow where
        many are drawn from few.
        """
        return binomtest(self.found, self.of).proportion_ci(method="exact")


def power(series, scenario, changed, rounds, comparisons=1000):
    """Draw comparisons of a number of rounds and count those that find a scenario.

    Args:
        series: of the four sides.
        scenario: what is changed.
        changed: cells of the changed library, as written; none for no change.
        rounds: of each comparison.
        comparisons: number drawn.
    """
    random = np.random.default_rng(0)
    found = []
    for _ in range(comparisons):
        places = np.sort(random.choice(n_rounds(series), rounds, replace=False))
        rows = judge(_pairs(series, scenario, changed, places), Thresholds())
        verdicts = {row.verdict for row in rows if not changed or row.cell in changed}
        found.append(next((one for one in ("worse", "unclear") if one in verdicts), "same"))
    return Power(
        scenario=scenario,
        library=changed[0] if changed else "",
        rounds=rounds,
        minutes=rounds * _seconds_per_round(series) / 60,
        found=found.count("worse"),
        of=comparisons,
        unclear=found.count("unclear"),
    )


def n_rounds(series):
    return min(len(arm.turns) for one in series.cells for arm in one.arms)


def longest(series):
    """Return the most rounds that leave a choice: half of those there are."""
    return n_rounds(series) // 2


def _pairs(series, scenario, changed, places):
    """Return two sides: one, and the same again except for the changed cells."""
    return [
        _with_loss(measured_pair(_drawn(one, scenario.side, places)), scenario.lost)
        if one.cell in changed
        else measured_pair(_drawn(one, AGAIN, places))
        for one in series.cells
    ]


def _drawn(one, side, places):
    arms = (
        replace(arm, turns=tuple(arm.turns[place] for place in places))
        for arm in (one.arms[A], one.arms[side])
    )
    return CellSeries(one.cell, tuple(arms))


def _with_loss(pair, lost):
    """Raise the inefficiency of buckets or tracks on the second side."""
    values = {
        name: tuple(value + lost for value in given) if "inefficiency" in name else given
        for name, given in pair.b.values.items()
    }
    return replace(pair, b=replace(pair.b, values=values))


def _seconds_per_round(series):
    """Return the mean time of a round of two sides."""
    turns = [arm.turns for one in series.cells for arm in one.arms[: AGAIN + 1]]
    return sum(turn.spent_seconds for arm in turns for turn in arm) / n_rounds(series)


def scatter(series):
    """Return by cell and figure the noise of A against itself and the slowdown of the third side.

    Noise is 1.4826 times the median absolute deviation of log(A again / A); the slowdown is the
    median ratio, less 1.
    """
    found = {}
    for one in series.cells:
        for figure in (name for name, row in COMPARED.items() if row.kind == "timed"):
            a, again, slower = (np.log(arm.timed(figure)) for arm in one.arms[:3])
            noise = again - a
            spread = 1.4826 * float(np.median(np.abs(noise - np.median(noise))))
            found[one.cell, figure] = spread, float(np.expm1(np.median(slower - a)))
    return found
