"""Atomic writes: a file is there whole or not at all, whoever is killed or writes beside."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EEXIST, EMLINK, ENOSYS, EOPNOTSUPP, EPERM
from pathlib import Path
from tempfile import NamedTemporaryFile
from time import time

_PART = ".part"
_ABANDONED_SECONDS = 3600.0  # partial files exist for a moment; older ones are left by crashes
_NO_LINKS = {EPERM, EOPNOTSUPP, ENOSYS, EMLINK}


def create(file: Path, content: str) -> None:
    """Write a new file in an existing folder.

    Raises:
        FileExistsError: it is there already; it is left as it is.
        OSError: the file cannot be written; nothing is left behind.
    """
    with _part(file.parent, content.encode()) as part:
        try:
            os.link(part, file)  # unlike a rename, this fails where the name is taken
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            if file.exists():
                raise FileExistsError(EEXIST, os.strerror(EEXIST), str(file)) from None
            part.rename(file)


def replace(file: Path, content: str | bytes) -> None:
    """Write a file in an existing folder, replacing any previous one.

    Raises:
        OSError: the file cannot be written; the previous one is left as it is.
    """
    data = content.encode() if isinstance(content, str) else content
    aim = file.resolve()  # a symbolic link is preserved
    with _part(aim.parent, data) as part:
        part.replace(aim)  # a rename is atomic: readers see the old file or the new one


def try_out(folder: Path, size: int) -> None:
    """Check that a number of bytes can be written into a folder.

    Raises:
        OSError: it cannot.
    """
    with _part(folder, bytes(size)):
        pass


def remove_abandoned(folder: Path) -> None:
    """Remove temporary files of killed writers from a folder and below."""
    for part in folder.rglob(f"*{_PART}"):
        with suppress(FileNotFoundError):  # another run may remove it first
            if time() - part.stat().st_mtime > _ABANDONED_SECONDS:
                part.unlink()


@contextmanager
def _part(folder: Path, data: bytes) -> Iterator[Path]:
    """Write data to disk under a temporary name, which is removed at the end."""
    with NamedTemporaryFile(dir=folder, suffix=_PART, delete=False) as file:
        part = Path(file.name)
        try:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), 0o644)
            os.fsync(file.fileno())
            yield part
        finally:
            part.unlink(missing_ok=True)
    sync_names(folder)


def sync_names(folder: Path) -> None:
    """Flush the names in a folder to disk, so that they outlive a loss of power."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
