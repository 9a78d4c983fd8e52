"""Plots of three ways to use buckets: tracks against pT, hits on track, seconds by stage."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate

from nearhit.plugins.tracker import STAGES
from nearhit.records.results import Tracking
from nearhit.records.row import row_of

from .chains import Measured
from .chart import Axis, Chart, Panel, Series

Judged = tuple[str, Tracking]


def chain_charts(measured: Sequence[Measured]) -> Iterator[Chart]:
    """Yield what the records allow."""
    found = [one for one in measured if one[1].tracking is not None]
    event = measured[0][1].cell.event
    for name, draw in (("tracks-against-pt", _against_pt), ("hits-on-track", _hits_on_track)):
        if panels := tuple(_panels(found, draw)):
            yield Chart(name, event, panels)
    if found:
        yield _seconds(event, found)


def _panels(
    measured: Sequence[Measured], draw: Callable[[str, Sequence[Judged]], Panel]
) -> Iterator[Panel]:
    """Yield a panel for each chain and cut on seeds."""
    by_chain: dict[str, list[Judged]] = {}
    for step, record in measured:
        if record.tracking and record.tracking.profiles:
            chain = f"{step.way.chain}{_cut(step.seed_pt, 'seeds from ')}"
            by_chain.setdefault(chain, []).append((step.label, record.tracking))
    yield from (draw(chain, judged) for chain, judged in by_chain.items())


def _against_pt(chain: str, judged: Sequence[Judged]) -> Panel:
    counts = [(label, tracking.profiles["pt"]) for label, tracking in judged]
    first = counts[0][1]
    series = [
        Series("trackable particles", first["edges"], first["trackable"], "stairs", faint=True),
        *(Series(of, one["edges"], one["double_majority_found"], "stairs") for of, one in counts),
    ]
    across = Axis("pT (GeV); grey: trackable", log=True, ticks=(0.1, 0.2, 0.5, 1, 2, 5, 10))
    return Panel(across, Axis("particles found", limits=(0, None)), tuple(series), title=chain)


def _hits_on_track(chain: str, judged: Sequence[Judged]) -> Panel:
    series = (
        Series(label, _edges(tracking.track_sizes), tracking.track_sizes, "stairs")
        for label, tracking in judged
    )
    return Panel(
        Axis("hits on track"), Axis("tracks", limits=(0, None)), tuple(series), title=chain
    )


def _edges(counts: Sequence[int]) -> list[float]:
    return [place - 0.5 for place in range(len(counts) + 1)]


def _seconds(event: str, measured: Sequence[Measured]) -> Chart:
    """Return a bar for each way, in parts by stage."""
    names = tuple(f"{one.way.chain}{_cut(one.seed_pt)}: {one.label}" for one, _ in measured)
    seconds = [row_of(record).seconds_per_stage or {} for _, record in measured]
    panel = Panel(
        Axis("seconds per event", limits=(0, None)),
        Axis(names=names, down=True),
        tuple(_stages(seconds)),
    )
    return Chart("seconds-by-stage", event, (panel,), height=1.4 + 0.28 * len(names))


def _stages(seconds: Sequence[dict[str, float]]) -> Iterable[Series]:
    widths = [[one.get(stage, 0.0) for one in seconds] for stage in STAGES]
    none = [0.0] * len(seconds)
    starts = accumulate(
        widths, lambda *two: [sum(pair) for pair in zip(*two, strict=True)], initial=none
    )
    places = range(len(seconds))
    return (
        Series(stage, width, places, "bars", start=start)
        for stage, width, start in zip(STAGES, widths, starts, strict=False)
        if any(width)
    )


def _cut(seed_pt: float | None, of: str = "") -> str:
    return "" if seed_pt is None else f", {of}{seed_pt:g} GeV"
