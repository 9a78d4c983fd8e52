"""The mini-language of pipelines: an index and its buckets, a tracker, or one in the other."""

import re
from typing import Any

from nearhit.errors import BadInputError
from nearhit.plugins.spec import SPEC, WHOLE_EVENT

_PIPELINE = re.compile(
    rf"(?:(?P<tracker>{SPEC})(?: in (?=[0-9])|$))?"
    rf"(?:(?P<bucket_size>[0-9]{{1,9}}) of (?P<index>{SPEC})"
    r"(?: by (?P<metric>\S+))?(?: around (?P<queries>[0-9]{1,9}))?(?: chosen by (?P<choices>.+))?)?"
)


def pipeline_coordinates(text: str) -> dict[str, Any]:
    """Read `50 of annoy(ntrees=5) by angular around 20000`, `kalman`, or `helix in 50 of annoy`.

    After the index stand, each if it is not the default of `Cell.of`: the metric (`by angular`),
    the number of queries (`around 20000`), the bucket selection (`chosen by cover`). A tracker
    alone looks in the whole event.

    Returns:
        Coordinates of `Cell.of`.

    Raises:
        BadInputError: it cannot be read.
    """
    match = _PIPELINE.fullmatch(text.strip())
    given = match and {name: value for name, value in match.groupdict().items() if value}
    if not given:
        raise BadInputError(
            f"Pipeline {text!r} cannot be read: write a tracker, buckets, or a tracker and where "
            "it looks, such as kalman, 50 of sphere-grid, or helix in 50 of sphere-grid."
        )
    numbers = {name: int(given[name]) for name in ("bucket_size", "queries") if name in given}
    return {"index": WHOLE_EVENT.name} | given | numbers
