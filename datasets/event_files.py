"""Finds the files of an event: beside a path prefix, in a directory, or in a zip archive."""

import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

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
    """

    label: str
    read: Callable[[], bytes]

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
            return _unpacked(raw, self.label) if self.label.endswith(".gz") else raw
        except EOFError:
            fault, mend = "is cut short", "copy it again"
        except gzip.BadGzipFile:
            fault, mend = "is not a gzip file", "drop the .gz from its name or compress it"
        except zlib.error as error:
            fault, mend = f"is damaged ({error})", "copy it again"
        raise BadInputError(f"{self.label} {fault}: {mend}.")


def _unpacked(raw: bytes, label: str) -> bytes:
    most = len(raw) * _MOST_UNPACKED + (1 << 20)
    content = gzip.GzipFile(fileobj=io.BytesIO(raw)).read(most + 1)
    if len(content) > most:
        raise BadInputError(_bomb(label))
    return content


def _bomb(label: str) -> str:
    return (
        f"{label} unpacks to more than {_MOST_UNPACKED} times its size, which no event does: get "
        "it from where it was made."
    )


@dataclass(frozen=True)
class EventFiles:
    """The files of one event, by kind: `hits` is always among them, or `measurements`."""

    name: str
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
        with zipfile.ZipFile(archive) as opened:
            names = sorted(opened.namelist())
    except (zipfile.BadZipFile, OSError, NotImplementedError) as error:
        raise BadInputError(
            f"{archive} is not a readable zip archive ({error}): copy it again."
        ) from error
    for name in names:
        if Path(name).is_absolute() or ".." in Path(name).parts:
            raise BadInputError(
                f"{archive} holds {name!r}, which points outside its folder: pack it again."
            )
        yield name, EventFile(f"{archive}/{name}", lambda name=name: _member(archive, name))  # type: ignore[misc]


def _member(archive: Path, name: str) -> bytes:
    with zipfile.ZipFile(archive) as opened:
        about = opened.getinfo(name)
        if about.file_size > about.compress_size * _MOST_UNPACKED + (1 << 20):
            raise BadInputError(_bomb(f"{archive}/{name}"))
        return opened.read(name)  # no more than it says; then its checksum is wrong


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
        prefix: EventFiles(Path(prefix).name, {kind: file for kind, (_, file) in kinds.items()})
        for prefix, kinds in events.items()
        if "hits" in kinds or "measurements" in kinds
    }
