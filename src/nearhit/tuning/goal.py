"""The demand that a setting must meet, and the order of those that meet it."""

import math
from dataclasses import dataclass
from typing import Literal, Self

from nearhit.errors import BadInputError

Figure = Literal["particle_efficiency", "recall"]

USUAL_SHORTFALL = 0.005
"""Share of the particle efficiency of exact search that may be lost, unless said otherwise."""

_TOLERANCES: dict[Figure, float] = {"particle_efficiency": 0.003, "recall": 0.0005}
"""Error of a figure's share in a sample of 5,000 queries."""


@dataclass(frozen=True)
class Answer:
    """The answer of an index to all queries, or to a sample.

    Attributes:
        seconds: of the queries, scaled to all.
        share: the demanded figure, as a share of what exact search has with the same queries.
    """

    seconds: float
    share: float


@dataclass(frozen=True)
class Goal:
    """The least seconds for enough of a figure, or most of it within so many seconds.

    Attributes:
        figure: what is demanded.
        least: how much of it: absolute, or a share of exact search; 0 with `max_seconds`.
        relative: whether `least` is such a share.
        max_seconds: per event; None for the least seconds.
    """

    figure: Figure = "particle_efficiency"
    least: float = 1 - USUAL_SHORTFALL
    relative: bool = True
    max_seconds: float | None = None

    @classmethod
    def of(
        cls,
        within: float | None = None,
        min_recall: float | None = None,
        min_efficiency: float | None = None,
        max_seconds: float | None = None,
    ) -> Self:
        """Return the goal of one demand at most; shares from 0 to 1.

        Raises:
            BadInputError: there are several, or nothing could meet it.
        """
        shares = {
            "--within": within,
            "--min-recall": min_recall,
            "--min-efficiency": min_efficiency,
        }
        asked = {name: share for name, share in shares.items() if share is not None}
        if len(asked) + (max_seconds is not None) > 1:
            raise BadInputError(
                "Demand one thing: --within, --min-recall, --min-efficiency or --max-seconds."
            )
        for name, share in asked.items():
            if not 0 <= share <= 1:
                raise BadInputError(f"{name} takes a share such as 0.5% or 0.99, not {share:g}.")
        if max_seconds is not None and not 0 < max_seconds < math.inf:
            raise BadInputError(f"--max-seconds takes a number above 0, not {max_seconds:g}.")
        if max_seconds is not None:
            return cls(least=0.0, max_seconds=max_seconds)
        if min_recall is not None:
            return cls("recall", min_recall)
        if min_efficiency is not None:
            return cls(least=min_efficiency, relative=False)
        return cls() if within is None else cls(least=1 - within)

    def on(self, exact: float) -> "Demand":
        """Return the goal for an event in which exact search has so much of the figure."""
        relative = self.relative or exact <= 0
        least = self.least if relative else self.least / exact
        return Demand(least, self.max_seconds, _TOLERANCES[self.figure])

    def __str__(self) -> str:
        figure = self.figure.replace("_", " ")
        if self.max_seconds is not None:
            return f"most {figure} within {self.max_seconds:g} s"
        if self.figure == "recall" or not self.relative:
            return f"{figure} ≥ {self.least:g}"
        return f"{figure} within {100 * (1 - self.least):.3g} % of exact search"


@dataclass(frozen=True)
class Demand:
    """A goal for one event.

    Attributes:
        least: share of what exact search has.
        max_seconds: per event; None for the least seconds.
        tolerance: by which the share in a sample of queries may be wrong.
    """

    least: float
    max_seconds: float | None = None
    tolerance: float = 0.0

    def met(self, seconds: float, share: float) -> bool:
        """Return whether so many seconds per event and such a share meet it."""
        return share >= self.least and (self.max_seconds is None or seconds <= self.max_seconds)

    def too_slow(self, seconds: float, best: float | None) -> bool:
        """Return whether nothing that takes at least so many seconds can be the best."""
        return seconds >= (self.max_seconds or best or math.inf)

    def cost(self, seconds: float, share: float) -> float:
        """Return what is to be minimised among settings that meet it."""
        return seconds if self.max_seconds is None else 1 - share

    def violation(self, seconds: float, share: float) -> float:
        """Return how far a setting is from meeting it; at most 0 where it meets it."""
        if self.max_seconds is None:
            return self.least - share
        return seconds / self.max_seconds - 1
