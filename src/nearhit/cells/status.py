"""Status of a cell: ok, skipped, failed or timeout, with the reason."""

from dataclasses import dataclass
from typing import Literal

from nearhit.errors import printable

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

    def __post_init__(self) -> None:
        """Make the reason safe to print, whatever a library or an edited record put into it."""
        object.__setattr__(self, "reason", printable(self.reason))

    def __str__(self) -> str:
        return f"{self.outcome}: {self.reason}" if self.reason else self.outcome


OK = Status("ok")

LONGEST = 300
"""Characters of a reason: compilers and libraries say more than a table can show."""


def in_one_line(text: str) -> str:
    """Return a reason without line breaks, with its middle left out if it is long."""
    return printable(text, LONGEST)
