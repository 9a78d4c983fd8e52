"""Declare one parameter of a plug-in: a dataclass field with its default and allowed values."""

from dataclasses import field
from typing import Any, Literal

Value = bool | int | float | str
"""Types that a parameter may have."""

Range = tuple[float | Literal["k"], float]
"""Ends of a range worth searching."""


def parameter(  # noqa: PLR0913 - one argument for each thing that users ask of a parameter
    default: Value,
    meaning: str,
    *,
    at_least: float | None = None,
    at_most: float | None = None,
    choices: tuple[str, ...] = (),
    dial: tuple[Value, ...] = (),
    build: Range | None = None,
    query: Range | None = None,
    always_shown: bool = False,
) -> Any:  # the value of dataclasses.field takes the type of the attribute that it is assigned to
    """Declare one parameter of a plug-in: a dataclass field with its default and allowed values.

    Args:
        default: the value if the user gives none; its type is the type of the parameter.
        meaning: one line for `nearhit libraries`.
        at_least: the smallest value allowed.
        at_most: the largest value allowed.
        choices: the values allowed, for a string.
        dial: the values to sweep, cheapest first, if the parameter trades speed for recall.
        build: the ends of the range that `nearhit tune` searches, if the parameter takes effect
            in `build`; for a string the values of `dial` are searched.
        query: the same, cheapest first, if the parameter is read in `query` alone, and more of it
            never makes an answer worse; then one index is built for all its values. The first end
            may be "k", the bucket size.
        always_shown: whether tables show it even at its default, as results depend on it.
    """
    about = {
        "meaning": meaning,
        "at_least": at_least,
        "at_most": at_most,
        "choices": choices,
        "dial": dial,
        "build": build,
        "query": query,
        "always_shown": always_shown,
    }
    return field(default=default, metadata=about)
