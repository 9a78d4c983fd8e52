"""Open an event by its name in the catalogue or by a path."""

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from difflib import get_close_matches
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from nearhit.data.event import Event
from nearhit.errors import BadInputError, offer

from .bundled import BUNDLED, bundled_event
from .cache import cached
from .catalogue import CatalogueEvent, catalogue_event, in_catalogue, readers_found, recipes
from .event_files import label_of, several
from .parsing import FILE_SYSTEM, Parsing
from .reader import FoundEvent, Reader
from .readers.plain_table import PlainTableReader
from .readers.trackml import TrackmlReader, read_event


def open_event(
    source: str, volumes: tuple[int, ...] = (), columns: dict[str, str] | None = None
) -> Event:
    """Return the event that a source names.

    Args:
        source: `bundled`; a recipe such as `ttbar-mu200`, optionally with a seed as in
            `ttbar-mu200@7`, which is simulated once and cached; or the path of one event in a
            format of `readers`.
        volumes: volumes to keep; empty for all.
        columns: names of the columns in the file by their meaning; for plain tables.

    Raises:
        BadInputError: there is no such event, its files are damaged, or a volume has no hit.
    """
    event = _open(source, columns or {})
    return event.in_volumes(volumes) if volumes else event


def open_events(source: str, columns: dict[str, str] | None = None) -> Iterator[Event]:
    """Yield the events at a path, each read on demand.

    Raises:
        BadInputError: as `open_event`.
    """
    if _is_named(source):
        yield open_event(source)
    else:
        yield from map(_read, find(source, columns))


@cache
def readers() -> tuple[Reader, ...]:
    """Return every reader, with the TrackML one last because it reports what is missing."""
    return tuple(sorted(readers_found(), key=lambda reader: isinstance(reader, TrackmlReader)))


def find(source: str, columns: dict[str, str] | None = None) -> list[FoundEvent]:
    """Return the events at a path without reading them.

    Raises:
        BadInputError: there are none.
    """
    with Parsing(label_of(source), FILE_SYSTEM):
        if columns:
            return _in_table(source, columns)
        return _in_any_format(Path(source))


def _in_table(source: str, columns: dict[str, str]) -> list[FoundEvent]:
    found = PlainTableReader(columns).find(Path(source))
    if not found:
        raise BadInputError(
            f"{label_of(source)} is not a table: --columns needs a CSV, Parquet or NumPy file."
        )
    return found


def _in_any_format(path: Path) -> list[FoundEvent]:
    """Return what the first reader finds; files of one format may be damaged beside others."""
    faults: list[BadInputError] = []
    for reader in readers():
        try:
            if found := reader.find(path):
                return found
        except BadInputError as error:
            faults.append(error)
    raise faults[0]


def _open(source: str, columns: dict[str, str]) -> Event:
    if columns and _is_named(source):
        raise BadInputError(f"{source} is not a table: leave out --columns, or give a file.")
    if source == BUNDLED:
        return bundled_event()
    if _is_named(source):
        return _simulated(catalogue_event(source))
    found = _found(source, columns)
    if len(found) > 1:
        raise BadInputError(several(source, len(found), found[0].place or found[0].name))
    return _read(found[0])


def _found(source: str, columns: dict[str, str]) -> list[FoundEvent]:
    """Return the events at a path; where there are none, say which named event may be meant."""
    try:
        return find(source, columns)
    except BadInputError:
        name = re.split(r"[(@]", source)[0]
        if os.path.lexists(source) or not get_close_matches(name, [BUNDLED, *recipes()]):
            raise
        end = offer(name, [BUNDLED, *recipes()])
        raise BadInputError(f"There is no event or file {source!r}{end}") from None


def _is_named(source: str) -> bool:
    """Return whether a source is a name rather than a path."""
    with Parsing(label_of(source), FILE_SYSTEM):
        return source == BUNDLED or (in_catalogue(source) and not Path(source).exists())


def _read(found: FoundEvent) -> Event:
    key = sha256(f"{found.digest()} {found.name}".encode())
    return cached(key.hexdigest(), found.name, found.load)


def _simulated(wanted: CatalogueEvent) -> Event:
    """Return the event of a recipe, simulated if it is not in the cache."""
    key = sha256(f"{wanted.recipe.parameters()} {wanted.seed}".encode())
    here = Path(__file__).parent
    for file in (here / "barcode.py", *sorted((here / "simulation").glob("*.py"))):
        key.update(file.read_bytes())  # another version of the simulation makes another event
    return cached(f"{key.hexdigest()}-simulated", str(wanted), lambda: _simulate(wanted))


def _simulate(wanted: CatalogueEvent) -> Event:
    from .production import Order, produce  # noqa: PLC0415 - the generators are an extra

    with TemporaryDirectory(prefix="nearhit-") as folder:
        order = Order(wanted.recipe, (wanted.seed,), Path(folder))
        return replace(read_event(produce(order)[0]), name=str(wanted))
