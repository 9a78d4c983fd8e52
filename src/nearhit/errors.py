"""Exceptions that nearhit raises on purpose; each carries one sentence for the user."""


class BadInputError(ValueError):
    """Input that cannot be used; the sentence names the place and the remedy."""


class SkippedError(Exception):
    """A cell that cannot be measured here by design, not by fault; the sentence says why."""
