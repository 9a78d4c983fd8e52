"""The bundled event: what suites run on where no other event is named.

Top pairs among 200 other collisions in the TrackML detector, 15 % noise. It is what
`nearhit data simulate ttbar-mu200 --seed 3` makes, without the cells.
"""

from dataclasses import replace
from pathlib import Path

from nearhit.data.event import Event

from .readers.trackml import read_event

BUNDLED = "bundled"

_FOLDER = Path(__file__).parent / "bundled"


def bundled_event() -> Event:
    """Return the event that comes with nearhit, with truth and particles."""
    return replace(read_event(_FOLDER), name=BUNDLED)
