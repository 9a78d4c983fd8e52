"""The two ways in which nearhit says no."""


class BadInputError(ValueError):
    """What the user gave cannot be used: one sentence that names the place and the mend."""


class SkippedError(Exception):
    """A cell cannot be measured here, by design and not by fault: one sentence that says why."""
