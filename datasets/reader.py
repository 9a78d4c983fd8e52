"""What a reader of events is: copy the file of one to add another."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Protocol, runtime_checkable

from nearhit.data.event import Event

from .event_files import EventFile


@dataclass(frozen=True)
class Found:
    """An event that was found, not yet read.

    Attributes:
        name: what tables call it.
        files: all that its content depends on.
        load: reads it, without cells.
        place: what names it behind the path where it was found; empty where its name does.
        reading: what the user said of how to read it; other words make another event of one file.
    """

    name: str
    files: tuple[EventFile, ...]
    load: Callable[[], Event]
    place: str = ""
    reading: str = ""

    def digest(self) -> str:
        """Return the hexadecimal digits that name the files' content and how it is read.

        Raises:
            BadInputError: a file cannot be read.
        """
        content = sha256(f"{self.reading}:".encode())
        for file in self.files:
            content.update(f"{Path(file.label).name}:{file.digest}:".encode())
        return content.hexdigest()


@runtime_checkable
class Reader(Protocol):
    """Finds events of one format; another package brings its own in the group `nearhit.datasets`.

    Attributes:
        name: of the format, one word.
    """

    name: str

    def find(self, source: Path) -> list[Found]:
        """Return the events at a path, in order of name and without reading them.

        A path that is not of this format gives none. Where one file or directory holds many
        events, a path that ends in an event's name, such as DIR/event000000007, gives that one.

        Raises:
            BadInputError: it is of this format, and damaged.
        """
        ...
