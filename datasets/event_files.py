"""Find the files of events by a path prefix, in a directory, or in a zip archive."""

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
"""Kinds of files of an event, by the end of their names: those of the challenge, those of ACTS, and
the recipe of a simulated event."""

FORMS = ("csv", "csv.gz", "parquet", "json")
"""File forms; if a kind is present in several of them, the first one is used."""

_FILE = re.compile(
    rf"(?P<prefix>.+?)-(?P<kind>{'|'.join(KINDS)})\.(?P<form>{'|'.join(map(re.escape, FORMS))})"
)

_MOST_UNPACKED = 200
"""Largest plausible compression ratio of a file of numbers; files beyond it are decompression
bombs."""


@dataclass(frozen=True)
class EventFile:
    """One file of an event, not yet read.

    Attributes:
        label: name of the file in error messages.
        read: returns the content as stored, before decompression.
        packed: size in bytes inside an archive; None for a file outside an archive.
    """

    label: str
    read: Callable[[], bytes]
    packed: int | None = None

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the content as stored, in hexadecimal; the file is read only once.

        Raises:
            BadInputError: the file cannot be read.
        """
        return sha256(self.raw()).hexdigest()

    def raw(self) -> bytes:
        """Return the content as stored, before decompression.

        Raises:
            BadInputError: the file cannot be read.
        """
        try:
            return self.read()
        except (zlib.error, zipfile.BadZipFile, NotImplementedError, EOFError) as error:
            raise BadInputError(f"{self.label} is damaged ({error}): copy it again.") from error
        except (OSError, RuntimeError) as error:
            raise BadInputError(
                f"{self.label} cannot be read ({error}): check its permissions."
            ) from error

    def content(self) -> bytes:
        """Return the content, decompressed if the name ends in `.gz`.

        Raises:
            BadInputError: the file cannot be read or is damaged.
        """
        raw = self.raw()
        try:
            return self._unpacked(raw) if self.label.endswith(".gz") else raw
        except EOFError:
            fault, remedy = "is truncated", "copy it again"
        except gzip.BadGzipFile:
            fault, remedy = "is not a gzip file", "drop the .gz from its name or compress it"
        except zlib.error as error:
            fault, remedy = f"is damaged ({error})", "copy it again"
        raise BadInputError(f"{self.label} {fault}: {remedy}.")

    def _unpacked(self, raw: bytes) -> bytes:
        packed = len(raw) if self.packed is None else self.packed
        content = gzip.GzipFile(fileobj=io.BytesIO(raw)).read(_most_unpacked(packed) + 1)
        refuse_bomb(self.label, packed, len(content))
        return content


def refuse_bomb(label: str, packed: int, unpacked: int) -> None:
    """Refuse a decompression bomb by its packed and unpacked sizes in bytes.

    Raises:
        BadInputError: the ratio of the sizes exceeds that of any event.
    """
    if unpacked > _most_unpacked(packed):
        raise BadInputError(
            f"{label} unpacks to more than {_MOST_UNPACKED} times its size, as no event does: "
            "get the file from its source again."
        )


def _most_unpacked(packed: int) -> int:
    return packed * _MOST_UNPACKED + (1 << 20)


@dataclass(frozen=True)
class EventFiles:
    """The files of one event, which always include `hits` or `measurements`.

    Attributes:
        name: name of the event.
        prefix: prefix of the file names, including folders inside an archive.
        files: files by kind.
    """

    name: str
    prefix: str
    files: dict[str, EventFile]


def find_events(source: Path | str) -> list[EventFiles]:
    """Return the events of a path prefix, a directory, or a zip archive (or a prefix inside it).

    Only file names are read. If a kind of file is present in several forms, the first of `FORMS`
    is used.

    Raises:
        BadInputError: there are none, or the archive is damaged or points outside its folder.
    """
    chosen, near = _chosen(Path(source))
    if not chosen:
        raise BadInputError(_nothing(source, near))
    return chosen


def events_at(source: Path | str) -> list[EventFiles]:
    """Return the events as `find_events` does, or an empty list if there are none.

    Raises:
        BadInputError: the archive is damaged or points outside its folder.
    """
    return _chosen(Path(source))[0]


def _chosen(path: Path) -> tuple[list[EventFiles], list[str]]:
    """Return the events that a path names, and the names of all events at its location."""
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
    hint = (
        f" (did you mean {' or '.join(near)}?)" if near else ": give a path prefix or a directory"
    )
    return f"There is no file {source}-hits.csv or {source}-hits.csv.gz{hint}."


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
        # The archive stays open while its files may be read: opening one of thousands of events
        # takes longer than reading an event.
        opened = zipfile.ZipFile(archive)
        names = sorted(opened.namelist())
    except (zipfile.BadZipFile, OSError, NotImplementedError) as error:
        raise BadInputError(
            f"{archive} is not a readable zip archive ({error}): copy it again."
        ) from error
    for name in names:
        inside = PureWindowsPath(name)  # accepts both kinds of slashes
        if inside.anchor or ".." in inside.parts:
            raise BadInputError(
                f"{archive} holds {name!r}, which points outside its folder: pack it again."
            )
        label, about = f"{archive}/{name}", opened.getinfo(name)
        yield name, EventFile(label, partial(_member, opened, label, about), about.compress_size)


def _member(opened: zipfile.ZipFile, label: str, about: zipfile.ZipInfo) -> bytes:
    refuse_bomb(label, about.compress_size, about.file_size)
    return opened.read(about)  # at most the declared size; a longer file fails its checksum


def _grouped(files: Iterator[tuple[str, EventFile]]) -> dict[str, EventFiles]:
    """Group files into events by prefix, with the preferred form of each kind."""
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
