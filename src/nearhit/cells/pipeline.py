"""Roads from hits to tracks as people write them: a tracker, and where it looks."""

import re
from typing import Any

from nearhit.errors import BadInputError
from nearhit.plugins.spec import WHOLE_EVENT

_ROAD = re.compile(
    r"(?P<tracker>[^()\s]+(?:\([^()]*\))?)"
    r"(?: in (?P<bucket_size>\d+) of (?P<index>[^()\s]+(?:\([^()]*\))?))?"
    r"(?: by (?P<metric>\S+))?(?: around (?P<queries>\d+))?(?: chosen by (?P<choices>.+))?"
)


def road_coordinates(text: str) -> dict[str, Any]:
    """Read a road such as `helix in 50 of sphere-grid by angular chosen by cover`, or `kalman`.

    A tracker alone looks in the whole event. What is left out has the default of `Cell.of`.

    Returns:
        Coordinates of `Cell.of`.

    Raises:
        BadInputError: it cannot be read.
    """
    match = _ROAD.fullmatch(text)
    if match is None:
        raise BadInputError(
            f"Road {text!r} cannot be read: write a tracker and where it looks, such as "
            "helix in 50 of sphere-grid."
        )
    given = {name: value for name, value in match.groupdict().items() if value is not None}
    numbers = {name: int(given[name]) for name in ("bucket_size", "queries") if name in given}
    return {"index": WHOLE_EVENT.name} | given | numbers
