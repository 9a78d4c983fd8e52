"""The best settings of every library beside its default, on events that no search has seen."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import geometric_mean, median

from nearhit.cells.cell import Cell
from nearhit.data.event import Event
from nearhit.measure.runner import Protocol, run_cells
from nearhit.plugins.spec import IndexSpec
from nearhit.records.record import Record
from nearhit.records.row import seconds_of_passes
from nearhit.records.store import Store

from .goal import Demand, Goal
from .probe import Measured
from .reference import Reference
from .search import Search

FINALISTS = 3
"""Settings of a library that are measured again beside its default."""

_RESERVE = 0.5  # share of what may be lost that the safe finalist loses


@dataclass(frozen=True)
class Final:
    """One setting on all held-out events.

    Attributes:
        spec: the setting.
        seconds: per event, of each round, event by event; empty where it was not measured.
        shares: of the demanded figure that exact search has, by event.
        met: whether it meets the demand on all of them.
        failed: why it was not measured; empty if it was.
    """

    spec: IndexSpec
    seconds: tuple[tuple[float, ...], ...]
    shares: tuple[float, ...]
    met: bool
    failed: str = ""

    @property
    def middle(self) -> float:
        """Median seconds per event, averaged over events so that each counts alike."""
        return geometric_mean(median(rounds) for rounds in self.seconds)

    def times_faster(self, other: "Final") -> tuple[float, float, float]:
        """Return the ratio of another's seconds to its own: median, least and most of the rounds.

        What one round measured of both is compared, so that a drift of the machine cancels.
        """
        ratios = [
            theirs / ours
            for mine, others in zip(self.seconds, other.seconds, strict=True)
            for ours, theirs in zip(mine, others, strict=False)
        ]
        return median(ratios), min(ratios), max(ratios)


def finalists(search: Search) -> list[IndexSpec]:
    """Return the default, the best settings, and the fastest that meets more than is demanded.

    The last is there since the best settings of one event stand at the limit of the demand, and
    half of them miss it on another.
    """
    safe = [one for one in search.met if _safely_met(search.demand, one)]
    chosen = [one.spec for one in (*search.met[:FINALISTS], *safe[:1])]
    return list(dict.fromkeys((search.space.default, *chosen)))


def measure_finals(  # noqa: PLR0913 - what is measured, on what, and where it goes
    events: Sequence[Event],
    cell_on: Callable[[Event, IndexSpec], Cell],
    specs: Mapping[str, Sequence[IndexSpec]],
    *,
    goal: Goal,
    store: Store,
    protocol: Protocol,
    notice: Callable[[Record], None],
) -> dict[str, list[Final]]:
    """Return the finalists of every library, measured in the same rounds.

    Args:
        events: that no search has seen.
        cell_on: makes the cell of an event and a setting.
        specs: finalists by library.
        goal: what is demanded.
        store: where records are kept.
        protocol: of the measurement.
        notice: called with each record.
    """
    records: dict[IndexSpec, list[tuple[Record, Reference]]] = {}
    for event in events:
        cells = [cell_on(event, spec) for group in specs.values() for spec in group]
        reference = Reference(event, cells[0], goal)
        for record in run_cells(event, cells, store, protocol, notice):
            records.setdefault(record.cell.index, []).append((record, reference))
    return {name: [_final(one, records[one]) for one in group] for name, group in specs.items()}


def winner(finals: Sequence[Final], goal: Goal) -> Final | None:
    """Return the best that meets the demand; None where none does."""

    def cost(one: Final) -> tuple[float, float]:
        return (0.0 if goal.max_seconds is None else -min(one.shares)), one.middle

    return min((one for one in finals if one.met), key=cost, default=None)


def _safely_met(demand: Demand, one: Measured) -> bool:
    if demand.max_seconds is not None:
        return one.seconds <= demand.max_seconds * (1 - _RESERVE / 10)
    return one.share >= 1 - _RESERVE * (1 - demand.least)


def _final(spec: IndexSpec, measured: Sequence[tuple[Record, Reference]]) -> Final:
    seconds, shares, met = [], [], True
    for record, reference in measured:
        if record.timing is None or record.quality is None:
            return Final(spec, (), (), met=False, failed=str(record.status))
        share = reference.share(record.quality, record.cell.queries)
        seconds.append(tuple(seconds_of_passes(record)))
        shares.append(share)
        met &= reference.demand.met(median(seconds[-1]), share)
    return Final(spec, tuple(seconds), tuple(shares), met)
