"""Records in files of their own, MACHINE/COMMIT/IDENTITY.N.json, as formats up to 3 had them.

`python -m nearhit.records.unpacked OLD NEW` writes a folder of them anew, as they are kept today.
"""

import json
import re
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from nearhit.errors import BadInputError

from . import append_only, atomic_writes
from .checksum import CHECKSUM, FAULTS, json_with_checksum, parsed_json, short_digest
from .migration import migrated
from .record import UNUSED, Provenance, identity_of

SUFFIX = ".json"

_NAME = re.compile(r"(?P<identity>[0-9a-f]{16})\.(?P<number>\d+)\.json")


def files_in(folder: Path) -> list[Path]:
    """Return the files in a folder, older repetitions of one identity before newer."""
    files = folder.glob(f"*/*/*{SUFFIX}")
    return sorted(files, key=lambda file: (file.parent, _number(file), file))


def check_name(file: Path, text: str) -> None:
    """Check that a file has the name of what it holds, as format 1 has no checksum.

    Raises:
        ValueError, KeyError, TypeError: it has another.
    """
    name = _NAME.fullmatch(file.name)
    if name is None or name["identity"] not in _identities(json.loads(text)):
        raise ValueError("what it holds does not belong to its name: it was edited or moved")


def pack(old: Path, new: Path) -> int:
    """Write the files of a folder into a new one, as they are kept today, and count them.

    All files are read before anything is written.

    Raises:
        BadInputError: there are none, or one is not what was written.
        OSError: a file cannot be read or written, or the new folder is there already.
    """
    files = files_in(old)
    if not files:
        raise BadInputError(f"{old} holds no records in files of their own: nothing to pack.")
    packed = {
        folder: "".join(map(_line_of, together))
        for folder, together in groupby(files, key=lambda file: file.parent)
    }
    new.mkdir(parents=True)
    for folder, lines in packed.items():
        machine = new / folder.parent.name
        machine.mkdir(exist_ok=True)
        atomic_writes.replace(machine / f"{folder.name}{append_only.SUFFIX}", lines)
    return len(files)


def _line_of(file: Path) -> str:
    try:
        text = file.read_text(encoding="utf-8")
        raw = migrated(parsed_json(text))
        check_name(file, text)
    except FAULTS as error:
        raise BadInputError(f"{file} cannot be packed ({error}): move it elsewhere.") from error
    return json_with_checksum(raw) + "\n"


def _number(file: Path) -> int:
    number = file.name.split(".")[1]
    return int(number) if number.isdigit() else 0


def _identities(raw: dict[str, Any]) -> Iterator[str]:
    """Yield the identities that older versions gave to a record, a certificate or a series."""
    provenance = Provenance.from_raw(raw["provenance"])
    if "cell" in raw:
        yield identity_of(raw["cell"], provenance)
        yield identity_of(raw["cell"], provenance, (*UNUSED, "batch"))
        return
    content = {key: raw[key] for key in raw if key != CHECKSUM} | {
        "provenance": None,
        "machine": provenance.machine.name,
        "commit": provenance.commit,
    }
    if "clauses" in raw:
        yield short_digest(content | {"clauses": None, "versions": provenance.versions})
    else:
        yield short_digest(content | {"cells": [one["cell"] for one in raw["cells"]]})


def _main(folders: list[str]) -> int:
    if len(folders) != 2:  # noqa: PLR2004 - the old and the new one
        sys.stderr.write("Name two folders: that of the old files, and a new one.\n")
        return 2
    old, new = map(Path, folders)
    try:
        sys.stdout.write(f"{pack(old, new)} files are packed in {new}.\n")
    except (BadInputError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
