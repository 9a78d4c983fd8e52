"""Search of one library's settings: build parameters are sampled, the query parameter bisected."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from nearhit.errors import BadInputError

from .goal import Demand
from .probe import Bench, Measured, Probe, StopTrial, Trial, TrialError
from .space import Space, Values

START_UP = 10
"""Settings drawn at random before the sampler learns from them."""

_REPEATS = 30  # proposals one after the other that are known already: the space is searched


@dataclass
class Search:
    """A search that can be continued.

    Attributes:
        space: what is searched.
        demand: what a setting must meet.
        seed: of the sampler.
        sampler: makes Optuna's sampler of the seed; TPE where it is None.
        trials: all so far.

    Raises:
        BadInputError: Optuna is not installed.
    """

    space: Space
    demand: Demand
    seed: int = 0
    sampler: Callable[[int], Any] | None = None
    trials: list[Trial] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._optuna = load_optuna()
        sampler = self.sampler or self._tpe
        self._study = self._optuna.create_study(sampler=sampler(self.seed))
        self._ranges = {name: self._range(ends) for name, ends in self.space.build.items()}

    @property
    def measured(self) -> list[Measured]:
        """All that was measured with all queries: the best first, what misses the demand last."""
        found = (one for trial in self.trials for one in trial.measured)
        return sorted(found, key=lambda one: self._rank(one.seconds, one.share))

    @property
    def met(self) -> list[Measured]:
        """The best setting of each index that meets the demand, the best first."""
        best: dict[str, Measured] = {}
        for one in self.measured:
            if self.demand.met(one.seconds, one.share):
                best.setdefault(str(self.space.build_of(one.spec)), one)
        return list(best.values())

    def remember(self, measured: Iterable[Measured]) -> None:
        """Continue from what was measured before, in the order of measurement."""
        found: dict[str, list[Measured]] = {}
        for one in measured:
            found.setdefault(str(self.space.build_of(one.spec)), []).append(one)
        for group in found.values():
            self._add(self._trial(self.space.build_of(group[0].spec), group))

    def run(self, bench: Bench, go_on: Callable[[], bool]) -> Iterator[Trial]:
        """Yield trials as long as `go_on` says so and the space is not exhausted.

        The first is of the default.
        """
        default, repeats = self.space.build_of(self.space.default), 0
        if not self._known(default) and go_on():
            yield self._add(self._try(bench, default))
        while self._ranges and repeats < _REPEATS and go_on():
            asked = self._study.ask(self._ranges)
            known = self._known(asked.params)
            repeats = repeats + 1 if known else 0
            trial = known or self._try(bench, asked.params)
            self._tell(asked, trial)
            if not known:
                self.trials.append(trial)
                yield trial

    def _known(self, values: Values) -> Trial | None:
        return next((trial for trial in self.trials if trial.values == values), None)

    def _try(self, bench: Bench, values: Values) -> Trial:
        best = next(iter(self.met), None)
        probe = Probe(bench, self.space, self.demand, best, values)
        try:
            probe.run(self._start(best))
        except StopTrial as stop:
            if not probe.measured:
                return Trial(values, stop.seconds, stop.share, stopped=str(stop))
        except TrialError as failure:
            return Trial(values, 0.0, 0.0, tuple(probe.measured), str(failure), failed=True)
        return self._trial(values, probe.measured)

    def _trial(self, values: Values, measured: list[Measured]) -> Trial:
        best = min(measured, key=lambda one: self._rank(one.seconds, one.share))
        return Trial(values, best.seconds, best.share, tuple(measured))

    def _start(self, best: Measured | None) -> int:
        """Return the position on the ladder of the best setting so far, or of the default."""
        spec = best.spec if best else self.space.default
        value = dict(spec.parameters).get(self.space.query)
        ladder = self.space.ladder
        return ladder.index(value) if value in ladder else len(ladder) // 3

    def _rank(self, seconds: float, share: float) -> tuple[bool, float, float]:
        demand = self.demand
        if demand.met(seconds, share):
            return False, demand.cost(seconds, share), seconds
        return True, demand.violation(seconds, share), seconds

    def _add(self, trial: Trial) -> Trial:
        """Add a trial that the sampler has not proposed."""
        self.trials.append(trial)
        if not trial.failed and all(map(self._inside, trial.values.items())):
            self._study.add_trial(
                self._optuna.trial.create_trial(
                    params=dict(trial.values),
                    distributions=self._ranges,
                    value=self.demand.cost(trial.seconds, trial.share),
                    constraints={"demand": self.demand.violation(trial.seconds, trial.share)},
                )
            )
        return trial

    def _tell(self, asked: Any, trial: Trial) -> None:
        if trial.failed:
            self._study.tell(asked, state=self._optuna.trial.TrialState.FAIL)
            return
        asked.set_constraint("demand", self.demand.violation(trial.seconds, trial.share))
        self._study.tell(asked, self.demand.cost(trial.seconds, trial.share))

    def _tpe(self, seed: int) -> Any:
        return self._optuna.samplers.TPESampler(seed=seed, n_startup_trials=START_UP)

    def _inside(self, item: tuple[str, Any]) -> bool:
        name, value = item
        distribution = self._ranges[name]
        return bool(distribution._contains(distribution.to_internal_repr(value)))  # noqa: SLF001

    def _range(self, ends: tuple[Any, ...]) -> Any:
        """Return the distribution to draw a parameter from."""
        kinds = self._optuna.distributions
        if isinstance(ends[0], str):
            return kinds.CategoricalDistribution(ends)
        if isinstance(ends[0], int):
            return kinds.IntDistribution(*ends, log=ends[0] > 0)
        return kinds.FloatDistribution(*ends, log=ends[0] > 0)


def load_optuna() -> ModuleType:
    """Return Optuna, quiet.

    Raises:
        BadInputError: it is not installed.
    """
    try:
        import optuna  # noqa: PLC0415 - an extra
    except ImportError:
        raise BadInputError(
            "Tuning needs Optuna, which is not installed: pip install 'nearhit[tune]'."
        ) from None
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    return optuna
