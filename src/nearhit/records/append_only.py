"""Append-only files of JSON lines: whole, or seen as torn, whoever is killed or writes beside."""

import fcntl
import json
import os
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from .atomic_writes import sync_names

SUFFIX = ".jsonl"
"""The end of the name of such a file."""


def append(file: Path, line: str) -> None:
    """Append a line to a file, which need not exist yet, and flush it to disk.

    What a killed writer left of its last line is cut off first; it never was a whole line.

    Raises:
        OSError: the line cannot be written; the file is left as it was.
    """
    with file.open("ab+", buffering=0) as target:
        fcntl.flock(target, fcntl.LOCK_EX)
        end, ended = _whole_lines(target)
        target.truncate(end)
        rest = ended + line.encode() + b"\n"
        try:
            while rest:
                rest = rest[target.write(rest) :]
            os.fsync(target.fileno())
        except BaseException:
            target.truncate(end)
            raise
    if end == 0:
        sync_names(file.parent)


def _whole_lines(target: BinaryIO) -> tuple[int, bytes]:
    """Return where the whole lines of a file end, and the end of line that the last one lacks."""
    end = target.seek(0, os.SEEK_END)
    if end == 0 or os.pread(target.fileno(), 1, end - 1) == b"\n":
        return end, b""
    target.seek(0)
    last = target.read().rpartition(b"\n")[2]
    try:
        json.loads(last)
    except ValueError:
        return end - len(last), b""
    return end, b"\n"


def read_whole(file: Path) -> bytes:
    """Return the content of a file, without a line that is just being appended.

    Raises:
        OSError: it cannot be read.
    """
    with file.open("rb") as source:
        with suppress(OSError):  # some file systems that are read-only have no locks
            fcntl.flock(source, fcntl.LOCK_SH)
        return source.read()
