"""The headline as a plot: seconds of each library, and what it finds."""

from collections.abc import Sequence
from math import inf

from nearhit.plugins.registry import adapters
from nearhit.records.row import Row

from .chart import Axis, Chart, Panel, Series
from .tables import question


def speed_bars(rows: Sequence[Row]) -> Chart:
    """Return the seconds of each library as a bar, the fastest first, exact and approximate apart.

    Args:
        rows: of one table, some with a time; of several of a library the fastest is shown.
    """
    fastest = {row.library: row for row in sorted(rows, key=_seconds, reverse=True)}
    timed = sorted((row for row in fastest.values() if row.seconds_per_event), key=_seconds)
    best = exact_efficiency(timed)
    series = tuple(
        _bars(
            name, [(place, row) for place, row in enumerate(timed) if is_exact(row) is exact], best
        )
        for name, exact in (("exact", True), ("approximate", False))
    )
    first = timed[0]
    seconds = Axis(
        "seconds per event (project + build + query of all hits)",
        log=True,
        limits=(_seconds(first) / 2, _seconds(timed[-1]) * 4),
    )
    names = Axis(
        names=tuple(row.library for row in timed), down=True, limits=(-0.6, len(timed) - 0.4)
    )
    about = "At the end of each bar: seconds, and particle efficiency in % of that of exact search."
    title = f"{first.event} on {first.machine} at {first.commit}: {question(first.cell)}"
    return Chart(
        "speed", title, (Panel(seconds, names, series),), about, height=1.6 + 0.25 * len(timed)
    )


def _seconds(row: Row) -> float:
    return row.seconds_per_event or inf


def exact_efficiency(rows: Sequence[Row]) -> float:
    """Return the efficiency of exact search among some rows, 0 where there is none."""
    return max((row.particle_efficiency or 0.0 for row in rows if is_exact(row)), default=0.0)


def is_exact(row: Row) -> bool:
    """Return whether the library of a row declares that it returns the true nearest."""
    adapter = adapters().get(row.library)
    return adapter is not None and adapter.exact


def _bars(name: str, rows: Sequence[tuple[int, Row]], best: float) -> Series:
    return Series(
        name,
        [_seconds(row) for _, row in rows],
        [place for place, _ in rows],
        "bars",
        text=[f"{row.seconds_per_event:.3g} s{_share(row, best)}" for _, row in rows],
    )


def _share(row: Row, best: float) -> str:
    return f", {row.particle_efficiency / best:.1%}" if row.particle_efficiency and best else ""
