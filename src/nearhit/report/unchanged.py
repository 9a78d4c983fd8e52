"""Reports that need not be made again: digests of their inputs and of their files."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import distributions
from pathlib import Path

import nearhit
from nearhit import adapters, datasets
from nearhit.errors import BadInputError
from nearhit.records import atomic_writes

PAGES = ".nearhit-pages"
"""The mark by which a folder of pages is known, so that no other is replaced."""

TABLES = ".nearhit-report"
"""The mark in a folder of results."""


@dataclass(frozen=True)
class Made:
    """A report that may be there already.

    Attributes:
        mark: the file beside it that says from what it was made, and how it was left.
        source: digest of all that it depends on, see `source_of`.
        outputs: its files and folders.
    """

    mark: Path
    source: str
    outputs: tuple[Path, ...]

    @property
    def up_to_date(self) -> bool:
        """Whether it was made from the same, and nobody changed it since."""
        return self.mark.is_file() and self.mark.read_bytes() == self._said()

    def keep(self) -> None:
        """Say in the mark that it was made.

        Raises:
            BadInputError: the mark cannot be written.
        """
        try:
            atomic_writes.replace(self.mark, self._said())
        except OSError as error:
            raise BadInputError(f"{self.mark} cannot be written ({error.strerror}).") from error

    def _said(self) -> bytes:
        files = (file for file in _files(self.outputs) if file != self.mark)
        return f"{self.source}\n{_digest_of(files)}\n".encode()


def source_of(inputs: Iterable[Path], words: Iterable[object]) -> str:
    """Return a digest of files, of words, of nearhit's own files and of what is installed.

    Args:
        inputs: files and folders that a report is made from.
        words: its options, and whatever else it says.
    """
    own = (Path(place) for package in (nearhit, adapters, datasets) for place in package.__path__)
    installed = sorted({f"{one.name} {one.version}" for one in distributions()})
    text = repr((list(words), installed, _digest_of(_files((*inputs, *own)))))
    return sha256(text.encode()).hexdigest()


def _files(places: Iterable[Path]) -> Iterator[Path]:
    for place in places:
        found = place.rglob("*") if place.is_dir() else (place,)
        yield from sorted(file for file in found if file.is_file() and not _is_compiled(file))


def _is_compiled(file: Path) -> bool:
    """Return whether Python or numba keeps a file, and may write it at any time."""
    return file.parent.name == "__pycache__"


def _digest_of(files: Iterable[Path]) -> str:
    lines = (f"{file.absolute()} {sha256(file.read_bytes()).hexdigest()}" for file in files)
    return sha256("\n".join(lines).encode()).hexdigest()
