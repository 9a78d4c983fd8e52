"""A store of records: one file each, written atomically and never overwritten."""

import fcntl
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Protocol

from nearhit.cells.cell import Cell
from nearhit.errors import BadInputError
from nearhit.machine.hardware import same_hardware

from . import atomic_writes
from .checksum import NewerError
from .record import Provenance, Record, identity_of

_NAME = re.compile(r"(?P<identity>[0-9a-f]{16})\.(?P<number>\d+)\.json")
_FAULTS = (ArithmeticError, AttributeError, LookupError, OSError, TypeError, ValueError)
"""Raised by reading a file that was cut or edited."""

_ROOM = 256 * 1024  # bytes, more than a record has


class Kept(Protocol):
    """Contract of what a store keeps: a record, a certificate."""

    @property
    def provenance(self) -> Provenance:
        """Where it comes from."""

    @property
    def identity(self) -> str:
        """Name of what was measured; files of one identity are repetitions."""

    @property
    def identities(self) -> tuple[str, ...]:
        """Current identity first, then those of older formats."""

    def to_json(self) -> str:
        """Return it as text."""


def refuse(sentence: str) -> None:
    """Refuse a file that cannot be read.

    Raises:
        BadInputError: always, with the sentence.
    """
    raise BadInputError(sentence)


@dataclass(frozen=True)
class Store:
    """A folder of records, laid out as MACHINE/COMMIT/IDENTITY.N.json.

    N counts the times that one identity was measured.

    Attributes:
        folder: need not exist yet.
        kind: class of what is kept, with `from_json`.
        unreadable: told of each file that is not what was written, in a sentence; the file is
            passed over if this returns.
        waiting: told, in a sentence, that another run measures into the folder.
    """

    folder: Path
    kind: type[Any] = Record
    unreadable: Callable[[str], None] = refuse
    waiting: Callable[[str], None] = lambda _sentence: None

    def add(self, record: Kept) -> Path:
        """Write a record and return its file; safe against crashes and other writers.

        Raises:
            BadInputError: the folder cannot be written.
        """
        folder = self._folder_of(record.provenance)
        names = (f"{record.identity}.{number}.json" for number in count(1))
        with _told(folder):
            folder.mkdir(parents=True, exist_ok=True)
            return atomic_writes.create(folder, names, record.to_json() + "\n")

    def prepare(self, provenance: Provenance) -> None:
        """Check that records can be written, before any time is spent on them.

        Raises:
            BadInputError: the folder cannot be written, or its disk is full.
        """
        folder = self._folder_of(provenance)
        with _told(folder):
            folder.mkdir(parents=True, exist_ok=True)
            atomic_writes.remove_abandoned(self.folder)
            atomic_writes.try_out(folder, _ROOM)

    @contextmanager
    def turn(self, provenance: Provenance) -> Iterator[None]:
        """Hold the lock under which one run at a time measures for a machine's records.

        Two that measure at once would slow each other down and measure the same cells twice. A run
        that is killed releases the lock.

        Raises:
            BadInputError: the folder cannot be written or locked.
        """
        folder = self.folder / provenance.machine.name
        with _told(folder):
            folder.mkdir(parents=True, exist_ok=True)
            file = (folder / ".measuring").open("a", encoding="ascii")
        with file:
            with _told(folder):
                self._lock(file.fileno())
            yield

    def find(self, cell: Cell, provenance: Provenance) -> Record | None:
        """Return the newest record of a cell by the same code, versions and machine, if any.

        Raises:
            BadInputError: it was measured on other hardware that goes by the same name.
        """
        identity = identity_of(cell, provenance)
        files = self._folder_of(provenance).glob(f"{identity}.*.json")
        readable = map(self._read, sorted(files, key=_number, reverse=True))
        newest: Record | None = next((one for one in readable if one is not None), None)
        if newest and not same_hardware(newest.provenance.machine, provenance.machine):
            name, folder = provenance.machine.name, self._folder_of(provenance)
            raise BadInputError(
                f"{folder} has records of another machine that is called {name}, too: give this "
                "one a name of its own in NEARHIT_MACHINE."
            )
        return newest

    def __iter__(self) -> Iterator[Any]:
        """Yield every record, older repetitions of one identity before newer."""
        for file in sorted(self.folder.glob("*/*/*.json"), key=lambda f: (f.parent, _number(f), f)):
            record = self._read(file)
            if record is not None:
                yield record

    def _read(self, file: Path) -> Any | None:
        """Return what a file holds; None, once that is told, where it is not what was written."""
        try:
            return self._checked(self.kind.from_json(file.read_text(encoding="utf-8")), file)
        except NewerError as error:
            self.unreadable(f"{file} cannot be read: it {error}: update nearhit.")
        except _FAULTS as bad:
            self.unreadable(
                f"{file} is not a readable record ({_why(bad)}): delete it and measure its cell "
                "again, or bring back the file that was written."
            )
        return None

    @staticmethod
    def _checked(record: Kept, file: Path) -> Kept:
        """Return a record if it is the one that its place says, which an edited one is not."""
        name = _NAME.fullmatch(file.name)
        place = record.provenance.machine.name, record.provenance.commit
        named = name is not None and name["identity"] in record.identities
        if not named or place != file.parts[-3:-1]:
            raise ValueError("what it holds does not belong to its name: it was edited or moved")
        return record

    def _lock(self, descriptor: int) -> None:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.waiting(f"Another run measures into {self.folder}: waiting for it between cells.")
            fcntl.flock(descriptor, fcntl.LOCK_EX)

    def _folder_of(self, provenance: Provenance) -> Path:
        return self.folder / provenance.machine.name / provenance.commit


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """Turn an error of the file system into one sentence."""
    try:
        yield
    except OSError as error:
        raise BadInputError(
            f"{folder} cannot be written ({error.strerror}): make room or choose another folder "
            "for records; what was recorded before is kept."
        ) from error


def _why(error: Exception) -> str:
    """Return what is wrong with a file."""
    told = isinstance(error, (OSError, ValueError))
    return str(error) if told else f"{type(error).__name__}: {error}"


def _number(file: Path) -> int:
    number = file.name.split(".")[1]
    return int(number) if number.isdigit() else 0
