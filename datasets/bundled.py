"""The bundled event, which commands and suites use by default.

Top pairs with pile-up 200 in the TrackML detector and 15 % noise, as made by
`nearhit data simulate ttbar-mu200 --seed 3`, without the cells.
"""

from dataclasses import replace
from pathlib import Path

from nearhit.data.event import Event

from .readers.trackml import read_event

BUNDLED = "bundled"

_FOLDER = Path(__file__).parent / "bundled"


def bundled_event() -> Event:
    """Return the event shipped with nearhit, with truth and particles."""
    return replace(read_event(_FOLDER), name=BUNDLED)
