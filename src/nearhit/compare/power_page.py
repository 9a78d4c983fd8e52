"""Publishes the power of a comparison: a table, and a curve against the time that it takes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

from .power import SCENARIOS, Power
from .series import Series

_PAGE = """# Power of `nearhit compare`

Made by `make power` from one series, kept beside this page: {about}

![power against minutes]({plot})

| scenario | changed cell | rounds | minutes | found | 95 % interval | unclear | target |
|---|---|---:|---:|---:|---:|---:|---:|
{powers}

The interval is Clopper and Pearson's. It takes comparisons as if they shared no rounds.

## Noise

Scatter of the logarithm of the ratio of one side to itself (1.4826 times the median absolute
deviation), and by how much the side that spends 5 % more in its calls is slower in all.

| cell | figure | scatter | slower by |
|---|---|---:|---:|
{noise}
"""


def power_page(
    series: Series,
    powers: Sequence[Power],
    noise: Mapping[tuple[str, str], tuple[float, float]],
    plot: str,
) -> str:
    """Return the page of a series: all numbers in it come from the series.

    Args:
        series: that was drawn from.
        powers: what was found.
        noise: see `nearhit.compare.power.scatter`.
        plot: the curve's file, relative to the page.
    """
    table = [
        f"| {cell} | {figure} | {spread:.1%} | {slower:+.1%} |"
        for (cell, figure), (spread, slower) in noise.items()
    ]
    about = _about(series, powers[0].of if powers else 0)
    lines = map(_line, powers)
    return _PAGE.format(about=about, plot=plot, powers="\n".join(lines), noise="\n".join(table))


def _about(series: Series, drawn: int) -> str:
    machine, provenance = series.provenance.machine, series.provenance
    rounds = min(len(arm.turns) for one in series.cells for arm in one.arms)
    return (
        f"{machine.cpu}, {machine.cores} cores, load {provenance.load:.1f} at the start, commit "
        f"{provenance.commit}, {provenance.started[:16].replace('T', ' ')} UTC; {series.event}, "
        f"{rounds} rounds of {len(series.sides)} sides. Each row is {drawn:,} whole comparisons "
        "drawn from them."
    )


def _line(power: Power) -> str:
    least = "at most" if power.scenario == SCENARIOS[0] else "at least"
    parts = (
        power.scenario.name,
        power.library or "none",
        str(power.rounds),
        f"{power.minutes:.1f}",
        f"{power.share:.1%}",
        f"{power.low:.1%} … {power.high:.1%}",
        f"{power.unclear / power.of:.1%}",
        f"{least} {power.scenario.target:.0%}",
    )
    return f"| {' | '.join(parts)} |"


def draw_power(powers: Iterable[Power], file: Path) -> None:
    """Draw the share of comparisons that find each scenario against the minutes they take."""
    with mpl.rc_context({"svg.hashsalt": "nearhit", "svg.fonttype": "none"}):
        figure = Figure(figsize=(7, 4.5), layout="constrained")
        axes = figure.add_subplot()
        for label, minutes, shares, least, most in _curves(powers):
            axes.plot(minutes, shares, marker="o", label=label)
            axes.fill_between(minutes, least, most, alpha=0.15)
        axes.axvline(5, color="grey", linestyle=":")
        axes.axhline(0.95, color="grey", linestyle=":")
        axes.set(xlabel="minutes of rounds", ylabel="share that finds something worse")
        axes.set_ylim(-0.02, 1.02)
        axes.legend(fontsize="small")
        figure.savefig(file, metadata={"Date": None} if file.suffix == ".svg" else None)


_Curve = tuple[str, list[float], list[float], list[float], list[float]]


def _curves(powers: Iterable[Power]) -> Iterator[_Curve]:
    ordered = sorted(powers, key=_name)
    for name, group in groupby(ordered, key=_name):
        points = sorted(group, key=lambda one: one.rounds)
        minutes = [one.minutes for one in points]
        shares, lows = [one.share for one in points], [one.low for one in points]
        yield name, minutes, shares, lows, [one.high for one in points]


def _name(power: Power) -> str:
    return f"{power.scenario.name}: {power.library}" if power.library else power.scenario.name
