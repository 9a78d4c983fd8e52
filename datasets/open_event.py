"""Opens an event by what people write: `bundled`, a path prefix or a directory."""

from nearhit.event import Event

from .bundled import BUNDLED, bundled_event
from .trackml import read_event


def open_event(source: str, volumes: tuple[int, ...] = ()) -> Event:
    """Return the event that a source names.

    Args:
        source: `bundled`, or a path prefix such as `DIR/event000021000`, or the directory or zip
            archive of one event.
        volumes: keep hits and truth of these alone; none for all.

    Raises:
        BadInputError: there is no such event, its files are damaged, or it has no hit there.
    """
    event = bundled_event() if source == BUNDLED else read_event(source)
    return event.in_volumes(volumes) if volumes else event
