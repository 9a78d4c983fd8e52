"""A store of records: a line each, appended whole to a file per machine and commit."""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from nearhit.cells.cell import Cell
from nearhit.errors import BadInputError
from nearhit.machine.hardware import same_hardware

from . import atomic_writes, unpacked
from .append_only import SUFFIX, append, read_whole
from .checksum import FAULTS, NewerError
from .record import Provenance, Record

_ROOM = 256 * 1024  # bytes, more than a record has


class Kept(Protocol):
    """Contract of what a store keeps: a record, a certificate."""

    @property
    def provenance(self) -> Provenance:
        """Where it comes from."""

    def to_json(self) -> str:
        """Return it as text."""


def refuse(sentence: str) -> None:
    """Refuse a record that cannot be read.

    Raises:
        BadInputError: always, with the sentence.
    """
    raise BadInputError(sentence)


@dataclass(frozen=True)
class Store:
    """A folder of records, a line each in MACHINE/COMMIT.jsonl; later repetitions follow.

    Files of older versions, which `unpacked` describes, are read, too.

    Attributes:
        folder: need not exist yet.
        kind: class of what is kept, with `from_json`.
        unreadable: told of each line that is not what was written, in a sentence; the line is
            passed over if this returns.
        waiting: told, in a sentence, that another run measures into the folder.
    """

    folder: Path
    kind: type[Any] = Record
    unreadable: Callable[[str], None] = refuse
    waiting: Callable[[str], None] = lambda _sentence: None

    def add(self, record: Kept) -> Path:
        """Append a record and return its file; safe against crashes and other writers.

        Raises:
            BadInputError: the folder cannot be written.
        """
        file = self._file_of(record.provenance)
        with _told(file):
            file.parent.mkdir(parents=True, exist_ok=True)
            append(file, record.to_json())
        return file

    def prepare(self, provenance: Provenance) -> None:
        """Check that records can be written, before any time is spent on them.

        Raises:
            BadInputError: the folder cannot be written, or its disk is full.
        """
        file = self._file_of(provenance)
        with _told(file):
            file.parent.mkdir(parents=True, exist_ok=True)
            atomic_writes.remove_abandoned(self.folder)
            atomic_writes.try_out(file.parent, _ROOM)

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
        file, newest = self._file_of(provenance), None
        for record in self._records_in(file) if file.exists() else ():
            if record.cell == cell and record.provenance.versions == provenance.versions:
                newest = record
        if newest and not same_hardware(newest.provenance.machine, provenance.machine):
            name = provenance.machine.name
            raise BadInputError(
                f"{file} has records of another machine that is called {name}, too: give this "
                "one a name of its own in NEARHIT_MACHINE."
            )
        return newest

    def __iter__(self) -> Iterator[Any]:
        """Yield every record, older repetitions of one identity before newer."""
        for file in (*unpacked.files_in(self.folder), *sorted(self.folder.glob(f"*/*{SUFFIX}"))):
            yield from self._records_in(file)

    def _records_in(self, file: Path) -> Iterator[Any]:
        """Yield the records of a file, and tell of each line that is not what was written."""
        try:
            lines = _lines_of(file)
        except OSError as error:
            self.unreadable(f"{file} cannot be read ({error.strerror}).")
            return
        for number, line in lines:
            where = f"{file}, line {number},"
            try:
                yield self._checked(_parsed(self.kind.from_json, line), file, line)
            except NewerError as error:
                self.unreadable(f"{where} cannot be read: it {error}: update nearhit.")
            except FAULTS as bad:
                self.unreadable(
                    f"{where} is not a readable record ({_why(bad)}): delete the "
                    "line and measure its cell again, or bring back what was written."
                )

    @staticmethod
    def _checked(record: Kept, file: Path, line: bytes) -> Kept:
        """Return a record if it is one that its place says, which an edited one is not."""
        place = file.parent.name, file.name.removesuffix(SUFFIX)
        if file.suffix == unpacked.SUFFIX:
            place = file.parts[-3], file.parts[-2]
            unpacked.check_name(file, line.decode())
        if place != (record.provenance.machine.name, record.provenance.commit):
            raise ValueError("it belongs to another machine or commit: it was edited or moved")
        return record

    def _lock(self, descriptor: int) -> None:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.waiting(f"Another run measures into {self.folder}: waiting for it between tables.")
            fcntl.flock(descriptor, fcntl.LOCK_EX)

    def _file_of(self, provenance: Provenance) -> Path:
        return self.folder / provenance.machine.name / f"{provenance.commit}{SUFFIX}"


def _lines_of(file: Path) -> list[tuple[int, bytes]]:
    """Return the lines of a file that are not blank, and their numbers."""
    content = read_whole(file)
    if file.suffix == unpacked.SUFFIX:
        return [(1, content)]
    return [(number, line) for number, line in enumerate(content.split(b"\n"), 1) if line]


@lru_cache(4096)
def _parsed(from_json: Callable[[str], Any], line: bytes) -> Any:
    return from_json(line.decode())


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
