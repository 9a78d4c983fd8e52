"""Two commits, or two versions of a library: what is made of them, and measured."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from nearhit.data.event import Event
from nearhit.errors import BadInputError
from nearhit.measure.runner import provenance_of_library

from .environment import Wanted, checkout_of, commit_named, library_named, own_checkout, python_of
from .figures import COMPARED
from .gate import Asked, Gate, asked_of, cells_of_index, cells_of_package
from .rounds import JUDGED, Budget, Notice, take_rounds
from .series import Series
from .side import TURN_FILE, Side

_OWN = "sphere-grid"
"""The index that stands on nearhit alone."""


@dataclass(frozen=True)
class Question:
    """What is compared.

    Attributes:
        event: with its truth.
        gate: the profile's cells, where none are named.
        cells, indexes: what people named, as they wrote it.
        threads: of every cell.
        seed: of everything random.
        figures: by name; where none of them is timed each side takes one turn, for its answers.
    """

    event: Event
    gate: Gate
    cells: tuple[str, ...] = ()
    indexes: tuple[str, ...] = ()
    threads: int = 1
    seed: int = 0
    figures: tuple[str, ...] = tuple(COMPARED)

    def asked(self, library: str) -> list[Asked]:
        """Return the cells; those of a library where one is compared and no cell is named."""
        named = (
            *self.cells,
            *(cell for one in self.indexes for cell in cells_of_index(one, self.gate)),
        )
        if not named:
            package = Requirement(library).name if library else ""
            named = tuple(cells_of_package(package, self.gate)) if package else self.gate.cells
        return asked_of(self.event, named, self.threads, self.seed)


def commits(a: str, b: str, folder: Path) -> tuple[Wanted, Wanted]:
    """Return two commits of the checkout around a folder.

    Raises:
        BadInputError: one is none, or the folder lies in no checkout of nearhit.
    """
    if not a or not b:
        raise BadInputError(
            "Name two commits, two folders of records, or two versions with --library."
        )
    checkout = checkout_of(folder)
    return _commit(checkout, "A", a), _commit(checkout, "B", b)


def _commit(checkout: Path, side: str, name: str) -> Wanted:
    found = commit_named(checkout, name)
    if not found:
        raise BadInputError(
            f"{name!r} is neither a commit of {checkout} nor a file or folder of records."
        )
    return Wanted(f"{side}: {name} ({found[:12]})", checkout, found)


def libraries(a: str, b: str) -> tuple[Wanted, Wanted]:
    """Return two versions of one library, with the commit that this nearhit runs from.

    Raises:
        BadInputError: one cannot be read, they are of two libraries, or nearhit has no history.
    """
    first, second = library_named(a), library_named(b)
    if canonicalize_name(first.name) != canonicalize_name(second.name):
        raise BadInputError(
            f"--library takes two versions of one library, not {first.name} and {second.name}."
        )
    checkout = own_checkout()
    commit = commit_named(checkout, "HEAD")
    return (
        Wanted(f"A: {first}", checkout, commit, library=str(first)),
        Wanted(f"B: {second}", checkout, commit, library=str(second)),
    )


def measured(sides: Sequence[Wanted], question: Question, budget: Budget, notice: Notice) -> Series:
    """Make an environment for each side and measure them in turn.

    Raises:
        BadInputError: a cell cannot be read, or an environment cannot be made.
    """
    asked = question.asked(sides[0].library)
    extras = tuple(sorted({extra for one in asked for extra in one.extras}))
    made = []
    for wanted in sides:
        notice(f"environment of {wanted.label}")
        python = python_of(replace(wanted, extras=extras))
        made.append(Side(wanted.label, (str(python), "-I", str(TURN_FILE))))
    return series_of(made, asked, question, budget, notice)


def series_of(
    sides: Sequence[Side],
    asked: Sequence[Asked],
    question: Question,
    budget: Budget,
    notice: Notice,
) -> Series:
    """Measure sides in turn and return the series, ready to be kept."""
    if not any(COMPARED[name].kind == "timed" for name in question.figures):
        judged_once = all(one.repeats for one in asked)
        budget = replace(budget, rounds=0 if judged_once else JUDGED - 1)
    provenance = provenance_of_library(_OWN)
    return Series(
        sides=tuple(side.label for side in sides),
        event=question.event.name,
        event_digest=question.event.digest,
        threads=question.threads,
        cells=take_rounds(question.event, asked, sides, budget, notice),
        provenance=provenance,
    )
