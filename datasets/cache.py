"""Keeps events that were read or simulated, so that a second time takes milliseconds."""

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
"""Of the entries; what an older version of nearhit kept is not read."""

_TABLES: dict[str, type[Table]] = {
    "hits": Hits,
    "truth": Truth,
    "particles": Particles,
    "cells": Cells,
}
_AnyTable = TypeVar("_AnyTable", bound=Table)


def cache_folder() -> Path:
    """Return the folder of the cache, which may be removed at any time.

    It is `NEARHIT_CACHE`, or else where the system wants such things.
    """
    given = os.environ.get("NEARHIT_CACHE")
    return Path(given) if given else user_cache_path("nearhit")


def cached(key: str, name: str, make: Callable[[], Event]) -> Event:
    """Return the event of a key from the cache, or make and keep it.

    An entry is written beside its place and then moved there, so that readers and other writers
    never meet half of one. Where there is no room for it, the event is returned all the same.

    Args:
        key: names the content, whoever made it.
        name: of the event.
        make: makes it where the cache does not have it.
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
        return None  # half an entry, or one of another layout: it is made and written anew


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
            f"{event.name} is not kept in {entry.parent} ({error.strerror}); it is read or made "
            "again the next time.",
            stacklevel=2,
        )
