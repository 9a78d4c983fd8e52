"""Read the records in a folder of results."""

from pathlib import Path

from .record import Record
from .store import Store

RECORDS = "records"
"""The name of the folder of records inside a folder of results."""


def records_store(results: Path | str) -> Store:
    """Return the store of the records in a folder of results, which need not exist yet."""
    return Store(Path(results) / RECORDS)


def read_records(results: Path | str) -> list[Record]:
    """Return all records in a folder of results, earlier measurements of a cell before later ones.

    Raises:
        BadInputError: a file is not a readable record.
    """
    return list(records_store(results))
