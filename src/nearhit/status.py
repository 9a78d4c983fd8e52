"""How a cell ends."""

from dataclasses import dataclass
from typing import Literal

Outcome = Literal["ok", "skipped", "failed", "timeout"]


@dataclass(frozen=True)
class Status:
    """How a cell ended; every cell ends in exactly one.

    Attributes:
        outcome: one word.
        reason: why it is not `ok`, in a sentence that a table can show.
    """

    outcome: Outcome
    reason: str = ""

    def __str__(self) -> str:
        return f"{self.outcome}: {self.reason}" if self.reason else self.outcome


OK = Status("ok")
