"""How much worse is worse: what `[tool.nearhit.compare]` of a pyproject.toml says."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nearhit.errors import BadInputError

from .figures import COMPARED

TABLE = "[tool.nearhit.compare]"


@dataclass(frozen=True)
class Thresholds:
    """What counts as a change.

    Attributes:
        false_alarms: the chance, at most, that a comparison of equals finds anything worse.
        unclear_beyond: a timed figure is not called unchanged while it may have grown by more than
            this share.
        of: by figure, the change up to which there is none.
    """

    false_alarms: float = 0.01
    unclear_beyond: float = 0.10
    of: Mapping[str, float] = field(
        default_factory=lambda: {name: figure.threshold for name, figure in COMPARED.items()}
    )


_OPTIONS = ("false_alarms", "unclear_beyond")


def thresholds_from(folder: Path) -> Thresholds:
    """Return what the nearest pyproject.toml of a folder or those above it says; defaults if none.

    Raises:
        BadInputError: it cannot be read, or its table holds a key or a value that means nothing.
    """
    for place in (folder, *folder.parents):
        file = place / "pyproject.toml"
        if file.is_file():
            return _checked(_table_of(file), file)
    return Thresholds()


def _table_of(file: Path) -> Mapping[str, Any]:
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadInputError(f"{file} cannot be read ({error}).") from error
    table: Mapping[str, Any] = content.get("tool", {}).get("nearhit", {}).get("compare", {})
    return table


def _checked(table: Mapping[str, Any], file: Path) -> Thresholds:
    for key, value in table.items():
        if key not in (*_OPTIONS, *COMPARED):
            choice = ", ".join((*_OPTIONS, *COMPARED))
            raise BadInputError(f"{file}: {TABLE} has no {key!r}; write one of {choice}.")
        _check_number(key, value, file)
    options = {key: float(table[key]) for key in _OPTIONS if key in table}
    given = {key: float(value) for key, value in table.items() if key in COMPARED}
    return Thresholds(**options, of=dict(Thresholds().of) | given)


def _check_number(key: str, value: object, file: Path) -> None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    share = key == "false_alarms"
    if not number or not (0 < float(value) < 1 if share else float(value) >= 0):  # type: ignore[arg-type]
        wanted = "a share between 0 and 1" if share else "a number, 0 or more"
        raise BadInputError(f"{file}: {key} of {TABLE} must be {wanted}, not {value!r}.")
