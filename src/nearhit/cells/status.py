"""Status of a cell: ok, skipped, failed or timeout, with the reason."""

from dataclasses import dataclass
from typing import Literal

Outcome = Literal["ok", "skipped", "failed", "timeout"]


@dataclass(frozen=True)
class Status:
    """End of a cell; every cell ends in exactly one.

    Attributes:
        outcome: one word.
        reason: why it is not `ok`, in a sentence that a table can show.
    """

    outcome: Outcome
    reason: str = ""

    def __str__(self) -> str:
        return f"{self.outcome}: {self.reason}" if self.reason else self.outcome


OK = Status("ok")

LONGEST = 300
"""Characters of a reason: compilers and libraries say more than a table can show."""


def in_one_line(text: str) -> str:
    """Return a reason without line breaks, its beginning if it is long."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
