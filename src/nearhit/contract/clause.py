"""One clause, and how an index is held against it."""

from collections.abc import Callable
from dataclasses import dataclass

from nearhit.cells.status import OK, Status, in_one_line
from nearhit.errors import SkippedError

from .subject import BrokenClauseError, Subject


@dataclass(frozen=True)
class Clause:
    """One thing that every index must do.

    Attributes:
        name: a few words.
        meaning: one sentence.
        check: raises if it is broken; returns what a table should tell besides, if anything.
        demanded: whether every adapter of nearhit must keep it. What is not demanded asks for more
            than most libraries claim: a certificate says who can do it.
        one_thread: whether the process must be started for one thread.
    """

    name: str
    meaning: str
    check: Callable[[Subject], str | None]
    demanded: bool = True
    one_thread: bool = False

    def status(self, subject: Subject) -> Status:
        """Return `ok` where the clause is kept, `skipped`, with a reason, where none can tell."""
        try:
            told = self.check(subject)
        except SkippedError as reason:
            return Status("skipped", str(reason))
        except BrokenClauseError as complaint:
            return Status("failed", str(complaint))
        except Exception as error:  # noqa: BLE001 - whatever the library raises breaks the clause
            return Status("failed", in_one_line(f"{type(error).__name__}: {error}"))
        return Status("ok", told) if told else OK


def clause_of(
    check: Callable[[Subject], str | None], *, demanded: bool = True, one_thread: bool = False
) -> Clause:
    """Make a clause of a function: its name, its docstring and what it does."""
    meaning = " ".join((check.__doc__ or "").split())
    return Clause(check.__name__.replace("_", " "), meaning, check, demanded, one_thread)
