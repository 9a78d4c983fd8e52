"""Finds the files of an event: beside a path prefix, in a directory, or in a zip archive."""

import gzip
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from nearhit.errors import BadInputError

KINDS = ("hits", "truth", "particles", "cells")

_FILE = re.compile(r"(?P<prefix>.+)-(?P<kind>hits|truth|particles|cells)\.csv(?:\.gz)?")


@dataclass(frozen=True)
class EventFile:
    """One file of an event, not yet read.

    Attributes:
        label: how errors name it.
        read: returns its content, not yet decompressed.
    """

    label: str
    read: Callable[[], bytes]

    def content(self) -> bytes:
        """Return the content, decompressed where the name ends in `.gz`.

        Raises:
            BadInputError: the file cannot be read or is damaged.
        """
        try:
            raw = self.read()
            return gzip.decompress(raw) if self.label.endswith(".gz") else raw
        except EOFError:
            fault, mend = "is cut short", "copy it again"
        except gzip.BadGzipFile:
            fault, mend = "is not a gzip file", "drop the .gz from its name or compress it"
        except (zlib.error, zipfile.BadZipFile, NotImplementedError) as error:
            fault, mend = f"is damaged ({error})", "copy it again"
        except (OSError, RuntimeError) as error:
            fault, mend = f"cannot be read ({error})", "see to its permissions"
        raise BadInputError(f"{self.label} {fault}: {mend}.")


@dataclass(frozen=True)
class EventFiles:
    """The files of one event, by kind; `hits` is always among them."""

    name: str
    files: dict[str, EventFile]


def find_events(source: Path | str) -> Iterator[EventFiles]:
    """Yield the events of a path prefix, a directory, or a zip archive (or a prefix inside it).

    Where both `.csv` and `.csv.gz` of one file stand, the plain one is taken.

    Raises:
        BadInputError: there is none.
    """
    path = Path(source)
    archive = next((part for part in (path, *path.parents) if _is_zip(part)), None)
    if archive:
        files, wanted = _in_archive(archive), path.relative_to(archive).as_posix()
    elif path.is_dir():
        files, wanted = _in_directory(path), "."
    else:
        files, wanted = _in_directory(path.parent), path.name
    events = _grouped(files)
    chosen = [event for prefix, event in sorted(events.items()) if wanted in {".", prefix}]
    if not chosen:
        raise BadInputError(_nothing(source, wanted, sorted(events)))
    yield from chosen


def _nothing(source: Path | str, wanted: str, prefixes: list[str]) -> str:
    if wanted == ".":
        return f"{source} holds no event: it needs a file such as event000000001-hits.csv."
    near = get_close_matches(wanted, prefixes, n=3)
    hint = f"near it lie {', '.join(near)}" if near else "give a path prefix or a directory"
    return f"There is no file {source}-hits.csv or {source}-hits.csv.gz: {hint}."


def _is_zip(path: Path) -> bool:
    return path.suffix == ".zip" and path.is_file()


def _in_directory(folder: Path) -> Iterator[tuple[str, EventFile]]:
    try:
        paths = sorted(folder.iterdir(), reverse=True) if folder.is_dir() else []
    except OSError as error:
        raise BadInputError(f"{folder} cannot be read ({error.strerror}).") from error
    for path in paths:
        yield path.name, EventFile(str(path), path.read_bytes)


def _in_archive(archive: Path) -> Iterator[tuple[str, EventFile]]:
    try:
        with zipfile.ZipFile(archive) as opened:
            names = sorted(opened.namelist(), reverse=True)
    except (zipfile.BadZipFile, OSError) as error:
        raise BadInputError(f"{archive} is not a readable zip archive ({error}).") from error
    for name in names:
        yield name, EventFile(f"{archive}/{name}", lambda name=name: _member(archive, name))  # type: ignore[misc]


def _member(archive: Path, name: str) -> bytes:
    with zipfile.ZipFile(archive) as opened:
        return opened.read(name)


def _grouped(files: Iterator[tuple[str, EventFile]]) -> dict[str, EventFiles]:
    """Group files by prefix; of two of one kind the last wins, which is the plain one."""
    events: dict[str, dict[str, EventFile]] = {}
    for name, file in files:
        if match := _FILE.fullmatch(name):
            events.setdefault(match["prefix"], {})[match["kind"]] = file
    return {
        prefix: EventFiles(Path(prefix).name, kinds)
        for prefix, kinds in events.items()
        if "hits" in kinds
    }
