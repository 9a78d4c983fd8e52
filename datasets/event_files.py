"""Find the files of events by a path prefix, in a directory, or in a zip archive."""

import gzip
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from errno import EISDIR
from functools import cached_property, partial
from hashlib import sha256
from pathlib import Path, PureWindowsPath

from nearhit.errors import BadInputError, printable

from .parsing import FILE_SYSTEM, GZIP, STORED, ZIP, Parsing, most_unpacked, refuse_bomb

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

_MOST_LABEL = 150  # characters of a path that a sentence shows
_MOST_NAMES = 80  # and of other names


def label_of(path: Path | str) -> str:
    """Return a path as error messages show it."""
    return printable(str(path), _MOST_LABEL)


@dataclass(frozen=True)
class EventFile:
    """One file of an event, not yet read.

    Attributes:
        path: where it is; inside an archive, the path of the archive and that inside it.
        read: returns the content as stored, before decompression.
        packed: size in bytes inside an archive; None for a file outside an archive.
    """

    path: str
    read: Callable[[], bytes]
    packed: int | None = None

    @property
    def label(self) -> str:
        """The path as error messages show it."""
        return label_of(self.path)

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
        with Parsing(self.label, STORED):
            return self.read()

    def content(self) -> bytes:
        """Return the content, decompressed if the name ends in `.gz`.

        Raises:
            BadInputError: the file cannot be read or is damaged.
        """
        raw = self.raw()
        if not self.path.endswith(".gz"):
            return raw
        packed = len(raw) if self.packed is None else self.packed
        with Parsing(self.label, GZIP):
            content = gzip.GzipFile(fileobj=io.BytesIO(raw)).read(most_unpacked(packed) + 1)
        refuse_bomb(self.label, packed, len(content))
        return content


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
    with Parsing(label_of(path), FILE_SYSTEM):
        files, wanted = _located(path)
        events = _grouped(files)
    return [one for name, one in sorted(events.items()) if wanted in {".", name}], sorted(events)


def _located(path: Path) -> tuple[Iterator[tuple[str, EventFile]], str]:
    """Return all files by name at the location of a path, and the prefix that it names."""
    archive = next((part for part in (path, *path.parents) if _is_zip(part)), None)
    if archive:
        return _in_archive(archive), path.relative_to(archive).as_posix()
    if path.is_dir():
        return _in_directory(path), "."
    return _in_directory(path.parent), path.name


def _nothing(source: Path | str, names: list[str]) -> str:
    path = label_of(source)
    if Path(source).exists():
        return f"{path} holds no event: it needs a file such as event000000001-hits.csv."
    near = get_close_matches(Path(source).name, names, n=3)
    similar = printable(" or ".join(near), _MOST_NAMES)
    hint = f" (did you mean {similar}?)" if near else ": give a path prefix or a directory"
    return f"There is no file {path}-hits.csv or -hits.csv.gz{hint}."


def several(source: Path | str, number: int, place: str) -> str:
    """Return the sentence on a source of several events, of which the place of one is named."""
    named = label_of(f"{source}/{place}")
    name = printable(Path(source).name, _MOST_NAMES)
    return f"{name} holds {number} events: name one, such as {named}."


def _is_zip(path: Path) -> bool:
    return path.suffix == ".zip" and path.is_file()


def _in_directory(folder: Path) -> Iterator[tuple[str, EventFile]]:
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        yield path.name, EventFile(str(path), partial(_stored, path))


def _stored(path: Path) -> bytes:
    if path.exists() and not path.is_file():  # reading a pipe would wait for ever
        raise OSError(EISDIR, "it is not a file")
    return path.read_bytes()


def _in_archive(archive: Path) -> Iterator[tuple[str, EventFile]]:
    label = label_of(archive)
    with Parsing(label, ZIP):
        # The archive stays open while its files may be read: opening one of thousands of events
        # takes longer than reading an event.
        opened = zipfile.ZipFile(archive)
    for name in sorted(opened.namelist()):
        inside = PureWindowsPath(name)  # accepts both kinds of slashes
        if inside.anchor or ".." in inside.parts:
            raise BadInputError(
                f"{label} holds '{printable(name, _MOST_NAMES)}', which points outside its folder: "
                "pack it again."
            )
        about = opened.getinfo(name)
        read = partial(_member, opened, about)
        yield name, EventFile(f"{archive}/{name}", read, about.compress_size)


def _member(opened: zipfile.ZipFile, about: zipfile.ZipInfo) -> bytes:
    label = label_of(f"{opened.filename}/{about.filename}")
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
            printable(Path(prefix).name), prefix, {kind: file for kind, (_, file) in kinds.items()}
        )
        for prefix, kinds in events.items()
        if "hits" in kinds or "measurements" in kinds
    }
