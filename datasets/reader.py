"""Contract of a reader: it finds and loads the events of one file format."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Protocol, runtime_checkable

from nearhit.data.event import Event

from .event_files import EventFile


@dataclass(frozen=True)
class FoundEvent:
    """An event that was found but not read.

    Attributes:
        name: name of the event in tables.
        files: all files that its content depends on.
        load: reads the event, without cells.
        place: path of the event relative to that of its file or folder; empty if it is the name.
        reading: options given by the user that change what is read from the files.
    """

    name: str
    files: tuple[EventFile, ...]
    load: Callable[[], Event]
    place: str = ""
    reading: str = ""

    def digest(self) -> str:
        """Return the SHA-256 of the files' content and the options, in hexadecimal.

        Raises:
            BadInputError: a file cannot be read.
        """
        content = sha256(f"{self.reading}:".encode())
        for file in self.files:
            name = Path(file.path).name.encode(errors="surrogateescape")
            content.update(b"%b:%b:" % (name, file.digest.encode()))
        return content.hexdigest()


@runtime_checkable
class Reader(Protocol):
    """Reader of one file format; packages provide readers in the group `nearhit.datasets`.

    Attributes:
        name: name of the format, one word.
    """

    name: str

    def find(self, source: Path) -> list[FoundEvent]:
        """Return the events at a path in order of name, without reading them.

        The result is empty if the path is not of this format. If a file or directory holds many
        events, a path followed by the name of one, such as DIR/event000000007, gives that one.

        Raises:
            BadInputError: the path is of this format but damaged.
        """
        ...
