"""Measure the power of `nearhit compare`: `make power`, or this file with --help.

One long series of four sides is measured together: this nearhit, the same again, and with every
library slower by 5 % and by 10 %. It is kept as a record in results/power, with the page and the
plot made from it. `--series FILE` makes both again from a kept series.
"""

import functools
import sys
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer
from nearhit.datasets.open_event import open_event
from page import draw_power, power_page
from power import NO_CHANGE, SCENARIOS, longest, power, scatter

from nearhit.compare.lockstep import Side
from nearhit.compare.profiles import PROFILES, Plan, cell_coordinates
from nearhit.compare.rounds import Budget, measure_sides
from nearhit.compare.series import Series
from nearhit.plugins.registry import adapters, trackers
from nearhit.plugins.spec import WHOLE_EVENT, IndexSpec, TrackerSpec
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
"""All run the same wrapper, so that its own cost makes no difference."""


def main(
    *,
    minutes: Annotated[float, typer.Option(help="Of the series.")] = 30.0,
    results: Annotated[Path, typer.Option(help="Kept in its 'power'.")] = Path("results"),
    comparisons: Annotated[int, typer.Option(help="Drawn for each point.")] = 1000,
    series: Annotated[Path | None, typer.Option(help="Draw from this one.")] = None,
) -> None:
    """Measure the power of the quick profile's cells, and publish it."""
    folder = results / "power"
    if series is None:
        series = Store(folder, Series).add(measured(minutes))
    newest = series.read_text(encoding="utf-8").splitlines()[-1]
    publish(Series.from_json(newest), folder, comparisons)


def measured(minutes):
    plan = Plan(open_event("bundled"), PROFILES["quick"])
    notice = functools.partial(print, flush=True)
    return measure_sides(SIDES, plan.compared(), plan, Budget(minutes), notice)


def publish(series, folder, comparisons):
    lengths = [rounds for rounds in range(8, 65, 4) if rounds <= longest(series)]
    if not lengths:
        raise typer.BadParameter("too few rounds to draw from: measure for longer (--minutes)")
    powers = [
        power(series, scenario, changed, rounds, comparisons)
        for scenario in SCENARIOS
        for changed in ([[]] if scenario == NO_CHANGE else libraries(series))
        for rounds in lengths
    ]
    draw_power(powers, folder / "power.svg")
    page = power_page(series, powers, scatter(series), "power.svg")
    (folder / "README.md").write_text(page, encoding="utf-8")
    print(page)  # noqa: T201


def libraries(series):
    """Return the cells of each library, those of one together."""
    cells = sorted((one.cell for one in series.cells), key=_packages)
    return [list(group) for _, group in groupby(cells, key=_packages)]


def _packages(text):
    coordinates = cell_coordinates(text)
    packages = []
    if coordinates["index"] != WHOLE_EVENT.name:
        packages.append(adapters()[IndexSpec.parse(coordinates["index"]).name].package)
    if "tracker" in coordinates:
        packages.append(trackers()[TrackerSpec.parse(coordinates["tracker"]).name].package)
    return packages


if __name__ == "__main__":
    typer.run(main)
