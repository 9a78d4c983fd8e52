"""Measures the power of `nearhit compare`: `make power`, or this file with --help.

One long series of four sides is taken together: this nearhit, the same again, and with every
library slower by 5 % and by 10 %. It is kept as a record in results/power, with the page and the
plot that are made of it. `--series FILE` makes these anew of a series that was kept.
"""

import sys
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer
from nearhit.datasets.open_event import open_event

from nearhit.compare.gate import GATES, packages_of
from nearhit.compare.measured import Question, series_of
from nearhit.compare.power import SCENARIOS, longest, power, scatter
from nearhit.compare.power_page import draw_power, power_page
from nearhit.compare.rounds import Budget
from nearhit.compare.series import Series
from nearhit.compare.side import Side
from nearhit.compare.thresholds import Thresholds
from nearhit.records.store import Store

SLOWED = str(Path(__file__).with_name("slowed_turn.py"))
SIDES = tuple(
    Side(label, (sys.executable, "-I", SLOWED, share))
    for label, share in (
        ("A", "0"),
        ("A again", "0"),
        ("5 % slower", "0.05"),
        ("10 % slower", "0.1"),
    )
)
"""All go through the same wrapper: what it does besides spending time is no difference."""


def main(  # noqa: PLR0913 - one argument an option
    *,
    minutes: Annotated[float, typer.Option(help="Of the series.")] = 30.0,
    results: Annotated[Path, typer.Option(help="Kept in its 'power'.")] = Path("results"),
    event: Annotated[str, typer.Option(help="As in 'nearhit run'.")] = "bundled",
    profile: Annotated[str, typer.Option(help="Whose cells.")] = "quick",
    cell: Annotated[list[str] | None, typer.Option(help="Instead; repeatable.")] = None,
    comparisons: Annotated[int, typer.Option(help="Drawn for each point.")] = 1000,
    series: Annotated[Path | None, typer.Option(help="Draw from this one.")] = None,
) -> None:
    """Measure the power of the gate's cells, and publish it."""
    folder = results / "power"
    if series is None:
        series = Store(folder, Series).add(measured(event, profile, cell, minutes))
    publish(Series.from_json(series.read_text(encoding="utf-8")), folder, comparisons)


def measured(event, profile, cells, minutes):
    question = Question(open_event(event), GATES[profile], tuple(cells or ()))
    asked = question.asked("")
    return series_of(SIDES, asked, question, Budget(minutes), lambda line: print(line, flush=True))  # noqa: T201


def publish(series, folder, comparisons):
    lengths = [rounds for rounds in range(8, 65, 4) if rounds <= longest(series)]
    if not lengths:
        raise typer.BadParameter("too few rounds to draw from: measure for longer (--minutes)")
    powers = [
        power(series, scenario, changed, rounds, Thresholds(), comparisons)
        for scenario in SCENARIOS
        for changed in (libraries(series) if scenario != SCENARIOS[0] else [[]])
        for rounds in lengths
    ]
    draw_power(powers, folder / "power.svg")
    page = power_page(series, powers, scatter(series), "power.svg")
    (folder / "README.md").write_text(page, encoding="utf-8")
    print(page)  # noqa: T201


def libraries(series):
    """Return the cells of each library, those of one together."""
    cells = [one.cell for one in series.cells]
    groups = groupby(sorted(cells, key=packages_of), key=packages_of)
    return [list(group) for _, group in groups]


if __name__ == "__main__":
    typer.run(main)
