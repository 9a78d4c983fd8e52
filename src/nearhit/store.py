"""Keeps records: one file each, written whole or not at all, never overwritten."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Protocol

from .cell import Cell
from .errors import BadInputError
from .record import Provenance, Record, identity_of


class Kept(Protocol):
    """What a store keeps: a record, a certificate."""

    @property
    def provenance(self) -> Provenance:
        """Where it comes from."""

    @property
    def identity(self) -> str:
        """What it is about: of one identity there are repetitions, and nothing else."""

    def to_json(self) -> str:
        """Return it as text."""


@dataclass(frozen=True)
class Store:
    """A folder of records, laid out as MACHINE/COMMIT/IDENTITY.N.json.

    N counts the times that one identity was measured.

    Attributes:
        folder: need not exist yet.
        kind: what is kept in it, a class with `from_json`.
    """

    folder: Path
    kind: type[Any] = Record

    def add(self, record: Kept) -> Path:
        """Write a record and return its file; safe against crashes and other writers.

        Raises:
            BadInputError: the folder cannot be written.
        """
        folder = self._folder_of(record.provenance)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with NamedTemporaryFile("w", dir=folder, suffix=".part", encoding="utf-8") as part:
                part.write(record.to_json() + "\n")
                part.flush()
                os.fsync(part.fileno())
                os.fchmod(part.fileno(), 0o644)
                return _link_to_free_name(Path(part.name), folder, record.identity)
        except OSError as error:
            raise BadInputError(
                f"{folder} cannot be written ({error.strerror}): choose another folder for records."
            ) from error

    def find(self, cell: Cell, provenance: Provenance) -> Record | None:
        """Return the newest record of a cell by the same code, versions and machine, if any."""
        identity = identity_of(cell, provenance)
        files = self._folder_of(provenance).glob(f"{identity}.*.json")
        newest = max(files, key=_number, default=None)
        return None if newest is None else self._read(newest)

    def __iter__(self) -> Iterator[Any]:
        """Yield every record, older repetitions of one identity before newer."""
        for file in sorted(self.folder.glob("*/*/*.json"), key=lambda f: (f.parent, _number(f), f)):
            yield self._read(file)

    def _read(self, file: Path) -> Any:
        try:
            return self.kind.from_json(file.read_text(encoding="utf-8"))
        except (ValueError, KeyError, TypeError, OSError) as error:
            raise BadInputError(
                f"{file} is not a readable record ({error}): delete it and measure its cell again."
            ) from error

    def _folder_of(self, provenance: Provenance) -> Path:
        return self.folder / provenance.machine.name / provenance.commit


def _number(file: Path) -> int:
    number = file.name.split(".")[1]
    return int(number) if number.isdigit() else 0


def _link_to_free_name(part: Path, folder: Path, identity: str) -> Path:
    number = 1
    while True:
        file = folder / f"{identity}.{number}.json"
        try:
            os.link(part, file)  # fails where the name is taken, which a rename would not
        except FileExistsError:
            number += 1
        else:
            return file
