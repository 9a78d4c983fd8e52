"""Append-only files: a line is there whole, whoever is killed or writes beside, or seen as torn."""

import fcntl
import os
from contextlib import suppress
from pathlib import Path

from .atomic_writes import sync_names


def append(file: Path, line: str) -> None:
    """Append a line to a file, which need not exist yet, and flush it to disk.

    A line that a killed writer left torn is ended first, so that only that one is lost.

    Raises:
        OSError: the line cannot be written; the file is left as it was.
    """
    with file.open("ab+", buffering=0) as target:
        fcntl.flock(target, fcntl.LOCK_EX)
        end = target.seek(0, os.SEEK_END)
        torn = end > 0 and os.pread(target.fileno(), 1, end - 1) != b"\n"
        rest = b"\n" * torn + line.encode() + b"\n"
        try:
            while rest:
                rest = rest[target.write(rest) :]
            os.fsync(target.fileno())
        except BaseException:
            target.truncate(end)
            raise
    if end == 0:
        sync_names(file.parent)


def read_whole(file: Path) -> bytes:
    """Return the content of a file, without a line that is just being appended.

    Raises:
        OSError: it cannot be read.
    """
    with file.open("rb") as source:
        with suppress(OSError):  # some file systems that are read-only have no locks
            fcntl.flock(source, fcntl.LOCK_SH)
        return source.read()
