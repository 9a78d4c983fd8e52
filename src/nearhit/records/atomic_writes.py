"""Atomic writes: a file is there whole or not at all, whoever is killed or writes beside."""

import errno
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from time import time

_PART = ".part"
_ABANDONED_SECONDS = 3600.0  # a part is there for a moment; what is older was left by a kill
_NO_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}


def create(folder: Path, names: Iterable[str], content: str) -> Path:
    """Write a new file into a folder under the first of some names that is free; return it.

    Raises:
        FileExistsError: none is free; what bears them stays as it is.
        OSError: it cannot be written; then nothing is there.
    """
    with _part(folder, content.encode()) as part:
        for file in map(folder.joinpath, names):
            with suppress(FileExistsError):
                _take_name(part, file)
                return file
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(folder))


def replace(file: Path, content: str | bytes) -> None:
    """Write a file over the one that is there, if one is; its folder is there.

    Raises:
        OSError: it cannot be written; then the old one stays as it is.
    """
    data = content.encode() if isinstance(content, str) else content
    aim = file.resolve()  # a link stays one
    with _part(aim.parent, data) as part:
        part.replace(aim)  # a rename: readers see the old one or the new one


def try_out(folder: Path, size: int) -> None:
    """Check that a number of bytes can be written into a folder.

    Raises:
        OSError: that cannot be done.
    """
    with _part(folder, bytes(size)):
        pass


def remove_abandoned(folder: Path) -> None:
    """Remove temporary files of killed writers from a folder and below."""
    for part in folder.rglob(f"*{_PART}"):
        with suppress(FileNotFoundError):  # another run tidies up, too
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
    _sync_names(folder)


def _take_name(part: Path, file: Path) -> None:
    """Link a file to its final name; unlike a rename, this fails where the name is taken."""
    try:
        os.link(part, file)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        _rename_to_free_name(part, file)


def _rename_to_free_name(part: Path, file: Path) -> None:
    """Do the same where the file system has no links: a folder says that the name is being taken.

    Raises:
        FileExistsError: another writer was faster, or was killed at it; the name is not free.
    """
    claim = file.with_suffix(".claim")
    claim.mkdir()
    try:
        if file.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(file))
        part.rename(file)
    finally:
        claim.rmdir()


def _sync_names(folder: Path) -> None:
    """Flush the names in a folder to disk, so that they outlive a loss of power."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
