"""Clauses of the contract, and the check of an index against one."""

from collections.abc import Callable
from dataclasses import dataclass

from nearhit.cells.status import OK, Status, in_one_line
from nearhit.errors import SkippedError

from .subject import BrokenClauseError, Subject


@dataclass(frozen=True)
class Clause:
    """One requirement on an index.

    Attributes:
        name: a few words.
        meaning: one sentence on what an index must do, in the imperative.
        check: raises if the index breaks the clause; returns an observation for tables, if any.
        demanded: whether every adapter of nearhit must keep the clause. Optional clauses ask for
            more than most libraries promise; certificates show which libraries keep them.
        one_thread: whether the process must be started with one thread.
    """

    name: str
    meaning: str
    check: Callable[[Subject], str | None]
    demanded: bool = True
    one_thread: bool = False

    def status(self, subject: Subject) -> Status:
        """Return `ok` if the clause is kept, `failed` if broken, `skipped` if it cannot be told."""
        try:
            observed = self.check(subject)
        except SkippedError as reason:
            return Status("skipped", str(reason))
        except BrokenClauseError as complaint:
            return Status("failed", str(complaint))
        except Exception as error:  # noqa: BLE001 - any exception of the library breaks the clause
            return Status("failed", in_one_line(f"{type(error).__name__}: {error}"))
        return Status("ok", observed) if observed else OK


def clause_of(
    check: Callable[[Subject], str | None], *, demanded: bool = True, one_thread: bool = False
) -> Clause:
    """Make a clause from a check: its name and docstring become name and meaning of the clause."""
    meaning = " ".join((check.__doc__ or "").split())
    return Clause(check.__name__.replace("_", " "), meaning, check, demanded, one_thread)
