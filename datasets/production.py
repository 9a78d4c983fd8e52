"""Simulate many events in parallel processes."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from pebble import ProcessPool

from nearhit.errors import BadInputError

from .acts_writer import write_for_acts
from .recipe import Recipe
from .simulation.simulate import simulate
from .simulation.start import start
from .trackml_writer import check_form, write_event, write_files


@dataclass(frozen=True)
class Order:
    """Events to simulate, and where to write them.

    Attributes:
        recipe: recipe of the events.
        seeds: seeds of the events.
        folder: folder of the files.
        form: form of the files, see `trackml_writer.FORMS`.
        acts: whether to write input files of ACTS as well, into a folder `acts`.

    Raises:
        BadInputError: the form is unknown.
    """

    recipe: Recipe
    seeds: tuple[int, ...]
    folder: Path
    form: str = "csv.gz"
    acts: bool = False

    def __post_init__(self) -> None:
        check_form(self.form)

    @property
    def acts_folder(self) -> Path:
        """Folder of the input files of ACTS."""
        return self.folder / "acts"

    def prefix(self, seed: int) -> Path:
        """Return the path prefix of the files of one event."""
        return self.folder / f"event{seed:09d}"

    def recipe_file(self, seed: int) -> Path:
        """Return the file with the recipe of an event; it is written last."""
        return Path(f"{self.prefix(seed)}-recipe.json")

    def recipe_content(self, seed: int) -> str:
        """Return the content of the file with the recipe of an event."""
        about = {"recipe": self.recipe.name, "seed": seed, **self.recipe.parameters()}
        return json.dumps(about, indent=1) + "\n"


def produce(
    order: Order, workers: int = 1, notice: Callable[[int], None] = lambda _: None
) -> list[Path]:
    """Simulate the events of an order that do not exist yet, and return the prefixes of all.

    Each event is made by a process of its own, forked from one that has only started the
    generators. An event therefore depends neither on other events nor on the number of workers,
    and an interrupted order can be resumed.

    Args:
        order: the events to simulate.
        workers: number of parallel processes.
        notice: called with the seed of each event as it is completed.

    Raises:
        BadInputError: the simulation is not installed, the folder cannot be written or holds
            events of the same names by another recipe, or an event could not be simulated.
    """
    missing = [seed for seed in order.seeds if not _is_there(order, seed)]
    for seed in set(order.seeds) - set(missing):
        notice(seed)
    if missing:
        _remove_parts(order)
        start(order.recipe)
        _make(order, missing, workers, notice)
    return [order.prefix(seed) for seed in order.seeds]


def _is_there(order: Order, seed: int) -> bool:
    file = order.recipe_file(seed)
    try:
        known = file.read_bytes() if file.exists() else None
    except OSError as error:
        raise BadInputError(f"{file} cannot be read ({error.strerror}).") from error
    if known is not None and known != order.recipe_content(seed).encode():
        raise BadInputError(
            f"{file} belongs to an event of another recipe: choose another folder, or remove that "
            "event."
        )
    hits = Path(f"{order.prefix(seed)}-hits.{order.form}")
    acts = order.acts_folder / f"{order.prefix(seed).name}-measurements.csv"
    return known is not None and hits.exists() and (acts.exists() or not order.acts)


def _make(order: Order, seeds: list[int], workers: int, notice: Callable[[int], None]) -> None:
    one_each = partial(ProcessPool, max_tasks=1, context=get_context("fork"))
    with one_each(max_workers=workers) as pool:
        futures = {seed: pool.schedule(_make_one, args=(order, seed)) for seed in seeds}
        try:
            for seed, future in futures.items():
                future.result()
                notice(seed)
        except BaseException as error:
            pool.stop()
            pool.join()
            _remove_parts(order)
            if isinstance(error, (BadInputError, KeyboardInterrupt)):
                raise
            raise BadInputError(
                f"Event {order.prefix(seed)} could not be simulated ({error}): fix the cause and "
                "run the command again; completed events are kept."
            ) from error


def _make_one(order: Order, seed: int) -> None:
    simulated = simulate(order.recipe, seed)
    write_event(simulated.event, order.prefix(seed), order.form)
    if order.acts:
        write_for_acts(simulated, order.acts_folder / order.prefix(seed).name)
    write_files([(str(order.recipe_file(seed)), order.recipe_content(seed).encode())])


def _remove_parts(order: Order) -> None:
    """Remove partial files that killed processes left of the events of an order."""
    names = {order.prefix(seed).name for seed in order.seeds}
    for folder in (order.folder, order.acts_folder):
        for left in folder.glob("*.part"):
            if left.name.partition("-")[0] in names:
                left.unlink(missing_ok=True)
