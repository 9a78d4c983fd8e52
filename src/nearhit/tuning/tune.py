"""Tune several libraries, one after the other, and compare what was found on held-out events."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from importlib.util import find_spec

from nearhit.cells.cell import Cell
from nearhit.data.event import Event
from nearhit.datasets.catalogue import catalogue_event, in_catalogue
from nearhit.datasets.open_event import open_event
from nearhit.errors import BadInputError, SkippedError
from nearhit.index.index import check_available
from nearhit.measure.runner import Protocol, ignore, provenance_of
from nearhit.measure.worker import Limits
from nearhit.plugins.registry import adapters, metric_named
from nearhit.plugins.spec import IndexSpec
from nearhit.records.record import Record
from nearhit.records.store import Store

from .bench import SAMPLE, WorkerBench
from .finals import Final, finalists, measure_finals, winner
from .goal import Goal
from .probe import Measured, Trial, TrialError
from .reference import Reference
from .search import Search, load_optuna
from .space import Space

_LEAST_TIMEOUT = 120.0  # seconds, for what a library compiles


@dataclass(frozen=True)
class Order:
    """What is tuned, and how.

    Attributes:
        libraries: by name.
        goal: what is demanded.
        seconds: wall time of the search for each library, without what is compiled.
        metric: of the buckets.
        bucket_size: hits of a bucket.
        threads: None for all.
        seed: of everything random.
        repeats: rounds of the final comparison.
    """

    libraries: tuple[str, ...]
    goal: Goal
    seconds: float
    metric: str = "angular"
    bucket_size: int = 50
    threads: int | None = None
    seed: int = 0
    repeats: int = 3

    def cell(self, event: Event, spec: IndexSpec) -> Cell:
        """Return the cell of a setting; libraries that compare with every hit are asked less."""
        few = adapters()[spec.name].exhaustive and len(event) > SAMPLE
        return Cell.of(
            event,
            index=str(spec),
            metric=self.metric,
            bucket_size=self.bucket_size,
            queries=SAMPLE if few else None,
            threads=self.threads,
            seed=self.seed,
        )


@dataclass
class Tuned:
    """What was found for one library.

    Attributes:
        space: what was searched.
        search: how; None where nothing could be.
        failed: why the search ended early, or never began; empty where it did not.
        finals: the default and the best settings on held-out events.
        best: the best of them that meets the demand; None where none does.
    """

    space: Space
    search: Search | None = None
    failed: str = ""
    finals: list[Final] = field(default_factory=list)
    best: Final | None = None

    @property
    def default(self) -> Final | None:
        """The default on held-out events; None where it was not measured."""
        return next((one for one in self.finals if one.spec == self.space.default), None)

    @property
    def front(self) -> list[Measured]:
        """The settings that no other exceeds in both seconds and share, the fastest first."""
        kept: list[Measured] = []
        measured = self.search.measured if self.search else []
        for one in sorted(measured, key=lambda one: (one.seconds, -one.share)):
            if not kept or one.share > kept[-1].share:
                kept.append(one)
        return kept


def tune(  # noqa: PLR0913 - what is tuned, against what, and where it goes
    event: Event,
    held_out: Sequence[Event],
    order: Order,
    trials: Store,
    finals: Store,
    *,
    say: Callable[[str], None],
    notice: Callable[[Record], None] = ignore,
) -> list[Tuned]:
    """Tune libraries on one event, and measure the best of each on others.

    What the stores hold of an interrupted run is not measured again.

    Args:
        event: that settings are searched on.
        held_out: that the best are measured on.
        order: what is tuned.
        trials: where every full measurement of a search is kept.
        finals: where the final comparison is kept, which takes nothing from searches: the best of
            many single passes is faster than it is.
        say: told what happens, a line at a time.
        notice: called with the records of the final comparison.

    Raises:
        BadInputError: the event lacks what the goal needs, or a store cannot be written.
    """
    load_optuna()
    first = order.cell(event, IndexSpec.parse(order.libraries[0]))
    for store in (trials, finals):
        store.prepare(provenance_of(first))
    reference = Reference(event, first, order.goal)
    found = [_searched(event, name, order, reference, trials, say) for name in order.libraries]
    compared = {one.space.default.name: _finalists(one) for one in found if not _absent(one)}
    if compared:
        measured = measure_finals(
            held_out,
            order.cell,
            compared,
            goal=order.goal,
            store=finals,
            protocol=Protocol(order.repeats, _limits(order), again=True),
            notice=notice,
        )
        for one in found:
            one.finals = measured.get(one.space.default.name, [])
            one.best = winner(one.finals, order.goal)
    return found


def other_events(event: Event) -> list[str]:
    """Return an event of the same recipe by another seed; none where that cannot be made here."""
    name, seed = event.recipe.get("name", ""), event.recipe.get("seed")
    simulated = find_spec("acts") and find_spec("pythia8mc")
    if not simulated or not in_catalogue(str(name)) or not isinstance(seed, int):
        return []
    try:
        return [str(replace(catalogue_event(str(name)), seed=seed + 1))]
    except BadInputError:  # a recipe of another version
        return []


def open_held_out(names: Sequence[str], event: Event) -> list[Event]:
    """Open the held-out events; the event itself where there are none."""
    return [open_event(name) for name in names] or [event]


def _absent(one: Tuned) -> bool:
    return bool(one.failed) and one.search is None


def _finalists(one: Tuned) -> list[IndexSpec]:
    return finalists(one.search) if one.search else [one.space.default]


def _limits(order: Order) -> Limits:
    return Limits(max(_LEAST_TIMEOUT, order.seconds))


def _searched(  # noqa: PLR0913, PLR0917 - what is searched, against what, and where it goes
    event: Event,
    library: str,
    order: Order,
    reference: Reference,
    store: Store,
    say: Callable[[str], None],
) -> Tuned:
    space = Space.of(library, order.bucket_size)
    cell = order.cell(event, space.default)
    try:
        distance = metric_named(cell.metric).distance_in(adapters()[library])
        check_available(space.default, distance, cell.device)
    except SkippedError as reason:
        return Tuned(space, failed=str(reason))
    if space.empty:
        say(f"{library}: nothing to tune")
        return Tuned(space)
    tuned = Tuned(space, Search(space, reference.demand, order.seed))
    bench = WorkerBench(event, cell, space, reference, store, _limits(order))
    with store.turn(provenance_of(cell)), bench.opened():
        _run(tuned, bench, order.seconds, say)
    return tuned


def _run(tuned: Tuned, bench: WorkerBench, seconds: float, say: Callable[[str], None]) -> None:
    """Search as long as there is time."""
    search, library = tuned.search, tuned.space.default.name
    if search is None:
        return

    def go_on() -> bool:
        if bench.seconds >= seconds:
            return False
        bench.begin()
        return True

    try:
        search.remember(bench.recorded())
        for trial in search.run(bench, go_on):
            bench.end()
            say(f"{library}: {_in_words(trial)}")
    except TrialError as failure:
        tuned.failed = str(failure)
        say(f"{library}: {failure}")
    finally:
        bench.end()


def _in_words(trial: Trial) -> str:
    if not trial.measured:
        setting = ",".join(f"{name}={value}" for name, value in trial.values.items())
        return f"{setting or 'default'}: {trial.stopped}"
    best = next(one for one in trial.measured if one.seconds == trial.seconds)
    return f"{best.spec}: {best.seconds:.3g} s, {best.share:.2%} of exact search"
