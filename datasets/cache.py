"""Cache of events that were read or simulated, so that opening one again takes milliseconds."""

import json
import os
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from secrets import token_hex
from typing import Any, TypeVar

import numpy as np
from platformdirs import user_cache_path

from nearhit.data.event import Cells, Event, Hits, Particles, Table, Truth

FORMAT = 3
"""Version of the layout of cache entries; entries of other versions are ignored."""

_TABLES: dict[str, type[Table]] = {
    "hits": Hits,
    "truth": Truth,
    "particles": Particles,
    "cells": Cells,
}
_AnyTable = TypeVar("_AnyTable", bound=Table)


def cache_folder() -> Path:
    """Return the folder of the cache, which may be removed at any time.

    It is `NEARHIT_CACHE` if set, else the user's cache folder.
    """
    given = os.environ.get("NEARHIT_CACHE")
    return Path(given) if given else user_cache_path("nearhit")


def cached(key: str, name: str, make: Callable[[], Event]) -> Event:
    """Return an event from the cache, or make and store it.

    Entries are written atomically, so concurrent readers and writers never see a partial one. If
    an entry cannot be written, the event is returned nevertheless.

    Args:
        key: key that determines the content of the event.
        name: name of the event.
        make: makes the event if it is not in the cache.
    """
    entry = cache_folder() / "events" / f"{key}-{FORMAT}.npz"
    event = _load(entry, name)
    if event is None:
        event = make()
        _keep(entry, event)
    return event


def _load(entry: Path, name: str) -> Event | None:
    try:
        with entry.open("rb") as opened, np.load(opened, allow_pickle=False) as arrays:
            tables: dict[str, Any] = {
                kind: _table(kind, table, arrays) for kind, table in _TABLES.items()
            }
            recipe = json.loads(str(arrays["recipe"]))
        return Event(name, **tables, recipe=recipe)
    except FileNotFoundError:
        return None
    except (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError, zipfile.BadZipFile):
        return None  # a damaged entry, or one of another layout, is replaced


def _table(kind: str, table: type[_AnyTable], arrays: Any) -> _AnyTable | None:
    columns = {
        field.name: arrays[f"{kind}.{field.name}"]
        for field in fields(table)
        if f"{kind}.{field.name}" in arrays
    }
    return table(**columns) if columns else None


def _keep(entry: Path, event: Event) -> None:
    part = entry.with_name(f"{entry.name}.{token_hex(4)}.part")
    columns = {
        f"{kind}.{name}": column
        for kind in _TABLES
        if getattr(event, kind) is not None
        for name, column in getattr(event, kind).columns().items()
    }
    try:
        entry.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as opened:
            np.savez(opened, recipe=np.array(json.dumps(event.recipe)), **columns)
        part.replace(entry)
    except OSError as error:
        part.unlink(missing_ok=True)
        warnings.warn(
            f"{event.name} cannot be cached in {entry.parent} ({error.strerror}); it will be read "
            "or simulated again next time.",
            stacklevel=2,
        )
