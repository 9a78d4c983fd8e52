"""Finds the files of an event: beside a path prefix, in a directory, or in a zip archive."""

import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property, partial
from hashlib import sha256
from pathlib import Path, PureWindowsPath

from nearhit.errors import BadInputError

KINDS = (
    "hits",
    "truth",
    "particles",
    "cells",
    "measurements",
    "measurement-simhit-map",
    "particles_simulated",
    "particles_initial",
    "recipe",
)
"""What a file of an event may hold, by the end of its name: the challenge's kinds, then ACTS', and
how nearhit made it."""

FORMS = ("csv", "csv.gz", "parquet", "json")
"""The forms of files; where one kind stands in several of them, the first of these is taken."""

_FILE = re.compile(
    rf"(?P<prefix>.+?)-(?P<kind>{'|'.join(KINDS)})\.(?P<form>{'|'.join(map(re.escape, FORMS))})"
)

_MOST_UNPACKED = 200
"""A packed file of numbers is at most so many times smaller than the file; what says or shows more
is made to fill memory."""


@dataclass(frozen=True)
class EventFile:
    """One file of an event, not yet read.

    Attributes:
        label: how errors name it.
        read: returns its content, not yet decompressed.
        packed: bytes that it takes on the disk, where an archive packs it.
    """

    label: str
    read: Callable[[], bytes]
    packed: int | None = None

    @cached_property
    def digest(self) -> str:
        """The hexadecimal digits of what is on the disk, read once however many events are in it.

        Raises:
            BadInputError: it cannot be read.
        """
        return sha256(self.raw()).hexdigest()

    def raw(self) -> bytes:
        """Return what is on the disk.

        Raises:
            BadInputError: it cannot be read.
        """
        try:
            return self.read()
        except (zlib.error, zipfile.BadZipFile, NotImplementedError, EOFError) as error:
            raise BadInputError(f"{self.label} is damaged ({error}): copy it again.") from error
        except (OSError, RuntimeError) as error:
            raise BadInputError(
                f"{self.label} cannot be read ({error}): see to its permissions."
            ) from error

    def content(self) -> bytes:
        """Return the content, decompressed where the name ends in `.gz`.

        Raises:
            BadInputError: the file cannot be read or is damaged.
        """
        raw = self.raw()
        try:
            return self._unpacked(raw) if self.label.endswith(".gz") else raw
        except EOFError:
            fault, mend = "is cut short", "copy it again"
        except gzip.BadGzipFile:
            fault, mend = "is not a gzip file", "drop the .gz from its name or compress it"
        except zlib.error as error:
            fault, mend = f"is damaged ({error})", "copy it again"
        raise BadInputError(f"{self.label} {fault}: {mend}.")

    def _unpacked(self, raw: bytes) -> bytes:
        packed = len(raw) if self.packed is None else self.packed
        content = gzip.GzipFile(fileobj=io.BytesIO(raw)).read(_most_unpacked(packed) + 1)
        refuse_bomb(self.label, packed, len(content))
        return content


def refuse_bomb(label: str, packed: int, unpacked: int) -> None:
    """Pass a file of so many bytes on the disk and in memory, unless it was made to fill memory.

    Raises:
        BadInputError: it was.
    """
    if unpacked > _most_unpacked(packed):
        raise BadInputError(
            f"{label} unpacks to more than {_MOST_UNPACKED} times its size, which no event does: "
            "get it from where it was made."
        )


def _most_unpacked(packed: int) -> int:
    return packed * _MOST_UNPACKED + (1 << 20)


@dataclass(frozen=True)
class EventFiles:
    """The files of one event, by kind: `hits` is always among them, or `measurements`.

    Attributes:
        name: of the event.
        prefix: of the files' names, with the folders that an archive puts them in.
        files: by kind.
    """

    name: str
    prefix: str
    files: dict[str, EventFile]


def find_events(source: Path | str) -> list[EventFiles]:
    """Return the events of a path prefix, a directory, or a zip archive (or a prefix inside it).

    Only names are read. Where one kind of file stands in several forms, the first of `FORMS` is
    taken.

    Raises:
        BadInputError: there is none, or the archive is damaged or points outside its folder.
    """
    chosen, near = _chosen(Path(source))
    if not chosen:
        raise BadInputError(_nothing(source, near))
    return chosen


def events_at(source: Path | str) -> list[EventFiles]:
    """Return the same events; none where there is none.

    Raises:
        BadInputError: the archive is damaged or points outside its folder.
    """
    return _chosen(Path(source))[0]


def _chosen(path: Path) -> tuple[list[EventFiles], list[str]]:
    """Return the events that a path names, and the names of those that stand there."""
    archive = next((part for part in (path, *path.parents) if _is_zip(part)), None)
    if archive:
        files, wanted = _in_archive(archive), path.relative_to(archive).as_posix()
    elif path.is_dir():
        files, wanted = _in_directory(path), "."
    else:
        files, wanted = _in_directory(path.parent), path.name
    events = _grouped(files)
    return [one for name, one in sorted(events.items()) if wanted in {".", name}], sorted(events)


def _nothing(source: Path | str, names: list[str]) -> str:
    if Path(source).exists():
        return f"{source} holds no event: it needs a file such as event000000001-hits.csv."
    near = get_close_matches(Path(source).name, names, n=3)
    hint = f"near it lie {', '.join(near)}" if near else "give a path prefix or a directory"
    return f"There is no file {source}-hits.csv or {source}-hits.csv.gz: {hint}."


def _is_zip(path: Path) -> bool:
    return path.suffix == ".zip" and path.is_file()


def _in_directory(folder: Path) -> Iterator[tuple[str, EventFile]]:
    try:
        paths = sorted(folder.iterdir()) if folder.is_dir() else []
    except OSError as error:
        raise BadInputError(f"{folder} cannot be read ({error.strerror}).") from error
    for path in paths:
        yield path.name, EventFile(str(path), path.read_bytes)


def _in_archive(archive: Path) -> Iterator[tuple[str, EventFile]]:
    try:
        # It stays open while a file of it may still be read: an archive of thousands of events
        # takes longer to open than one event to read.
        opened = zipfile.ZipFile(archive)
        names = sorted(opened.namelist())
    except (zipfile.BadZipFile, OSError, NotImplementedError) as error:
        raise BadInputError(
            f"{archive} is not a readable zip archive ({error}): copy it again."
        ) from error
    for name in names:
        inside = PureWindowsPath(name)  # which takes both kinds of slashes
        if inside.anchor or ".." in inside.parts:
            raise BadInputError(
                f"{archive} holds {name!r}, which points outside its folder: pack it again."
            )
        label, about = f"{archive}/{name}", opened.getinfo(name)
        yield name, EventFile(label, partial(_member, opened, label, about), about.compress_size)


def _member(opened: zipfile.ZipFile, label: str, about: zipfile.ZipInfo) -> bytes:
    refuse_bomb(label, about.compress_size, about.file_size)
    return opened.read(about)  # no more than it says; then its checksum is wrong


def _grouped(files: Iterator[tuple[str, EventFile]]) -> dict[str, EventFiles]:
    """Group files by prefix, with the preferred form of each kind."""
    events: dict[str, dict[str, tuple[int, EventFile]]] = {}
    for name, file in files:
        if match := _FILE.fullmatch(name):
            kinds = events.setdefault(match["prefix"], {})
            rank = FORMS.index(match["form"])
            if rank <= kinds.get(match["kind"], (len(FORMS), file))[0]:
                kinds[match["kind"]] = rank, file
    return {
        prefix: EventFiles(
            Path(prefix).name, prefix, {kind: file for kind, (_, file) in kinds.items()}
        )
        for prefix, kinds in events.items()
        if "hits" in kinds or "measurements" in kinds
    }
