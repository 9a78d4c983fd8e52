"""Page and plot of the power study."""

from itertools import groupby

import matplotlib as mpl
from matplotlib.figure import Figure
from power import NO_CHANGE, n_rounds

_PAGE = """# Power of `nearhit compare`

Made by `make power` from one series, kept beside this page: {about}

![power against minutes]({plot})

| scenario | changed cell | rounds | minutes | found | 95 % interval | unclear | target |
|---|---|---:|---:|---:|---:|---:|---:|
{powers}

The interval is Clopper and Pearson's; it treats comparisons as independent although they share
rounds.

## Noise

Scatter of log(A again / A), as 1.4826 times the median absolute deviation, and the total slowdown
of the side that spends 5 % more in its calls.

| cell | figure | scatter | slower by |
|---|---|---:|---:|
{noise}
"""


def power_page(series, powers, noise, plot):
    """Return the page of a series as Markdown.

    Args:
        series: that was drawn from.
        powers: results, row by row.
        noise: see `power.scatter`.
        plot: file of the curve, relative to the page.
    """
    table = [
        f"| {cell} | {figure} | {spread:.1%} | {slower:+.1%} |"
        for (cell, figure), (spread, slower) in noise.items()
    ]
    return _PAGE.format(
        about=_about(series, powers[0].of),
        plot=plot,
        powers="\n".join(map(_line, powers)),
        noise="\n".join(table),
    )


def _about(series, drawn):
    machine, provenance = series.provenance.machine, series.provenance
    return (
        f"{machine.cpu}, {machine.cores} cores, load {provenance.load:.1f} at the start, commit "
        f"{provenance.commit}, {provenance.started[:16].replace('T', ' ')} UTC; {series.event}, "
        f"{n_rounds(series)} rounds of {len(series.sides)} sides. Each row is {drawn:,} "
        "comparisons drawn from them."
    )


def _line(power):
    low, high = power.interval
    parts = (
        power.scenario.name,
        power.library or "none",
        str(power.rounds),
        f"{power.minutes:.1f}",
        f"{power.share:.1%}",
        f"{low:.1%} … {high:.1%}",
        f"{power.unclear / power.of:.1%}",
        f"{'at most' if power.scenario == NO_CHANGE else 'at least'} {power.scenario.target:.0%}",
    )
    return f"| {' | '.join(parts)} |"


def draw_power(powers, file):
    """Plot the share of comparisons that find each scenario against minutes of rounds."""
    with mpl.rc_context({"svg.hashsalt": "nearhit", "svg.fonttype": "none"}):
        figure = Figure(figsize=(7, 4.5), layout="constrained")
        axes = figure.add_subplot()
        for name, group in groupby(sorted(powers, key=_name), key=_name):
            points = sorted(group, key=lambda one: one.rounds)
            minutes, intervals = [one.minutes for one in points], [one.interval for one in points]
            axes.plot(minutes, [one.share for one in points], marker="o", label=name)
            axes.fill_between(minutes, *zip(*intervals, strict=True), alpha=0.15)
        axes.axvline(5, color="grey", linestyle=":")
        axes.axhline(0.95, color="grey", linestyle=":")
        axes.set(xlabel="minutes of rounds", ylabel="share that finds something worse")
        axes.set_ylim(-0.02, 1.02)
        axes.legend(fontsize="small")
        figure.savefig(file, metadata={"Date": None})


def _name(power):
    return f"{power.scenario.name}: {power.library}" if power.library else power.scenario.name
