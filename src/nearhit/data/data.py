"""The contract of data: what cells and records ask of anything that is measured."""

from typing import Protocol

from .recipe import EventRecipe


class Data(Protocol):
    """Rows whose neighbours an index finds, such as the hits of an `Event`."""

    @property
    def name(self) -> str:
        """What tables call it."""

    @property
    def digest(self) -> str:
        """The 16 hexadecimal digits that name its content."""

    @property
    def recipe(self) -> EventRecipe:
        """How it was made; empty where that is not known."""

    def __len__(self) -> int:
        """Return the number of rows."""
