"""Compared figures, and the thresholds of `[tool.nearhit.compare]` in a pyproject.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from nearhit.errors import BadInputError, offer
from nearhit.records.results import Quality

TABLE = "[tool.nearhit.compare]"


@dataclass(frozen=True)
class ComparedFigure:
    """One figure; smaller is better.

    Attributes:
        name: its key in thresholds and in JSON.
        threshold: default; a change up to it counts as none.
        kind: timed figures are noisy and tested, counted ones are compared exactly.
        scale: of a change: a share of the value before, or a difference in the figure's unit.
        loss_of: figure of `nearhit.quality` or score of `nearhit.scoring` of which it is the
            complement.
        same_as: score of `nearhit.scoring` that it is.
    """

    name: str
    threshold: float = 0.0
    kind: Literal["timed", "counted"] = "counted"
    scale: Literal["relative", "difference"] = "difference"
    loss_of: str = ""
    same_as: str = ""


_ROWS = (
    ComparedFigure("seconds", 0.01, "timed", "relative"),
    ComparedFigure("processor_seconds", 0.01, "timed", "relative"),
    ComparedFigure("peak_memory_mb", 0.05, "counted", "relative"),
    ComparedFigure("inefficiency", loss_of="particle_efficiency"),
    ComparedFigure("impurity", loss_of="bucket_purity"),
    ComparedFigure("recall_loss", loss_of="recall"),
    ComparedFigure("score_loss", loss_of="trackml_score"),
    ComparedFigure("track_inefficiency", loss_of="double_majority_efficiency"),
    ComparedFigure("fake_share", same_as="fake_share"),
    ComparedFigure("fragment_share", same_as="fragment_share"),
    ComparedFigure("duplicate_share", same_as="duplicate_share"),
)

COMPARED = {figure.name: figure for figure in _ROWS}


def losses(quality: Quality | None, scores: Mapping[str, float | None]) -> dict[str, float]:
    """Return the compared figures of buckets and tracks that are known.

    Complements are rounded to 12 digits, so that 1 - x does not differ where x does not.

    Args:
        quality: of buckets.
        scores: of tracks, by the names of `nearhit.scoring`.
    """
    known = (quality.figures | {"recall": quality.recall} if quality else {}) | dict(scores)
    found = {}
    for figure in _ROWS:
        if (value := known.get(figure.loss_of or figure.same_as)) is not None:
            found[figure.name] = round(1 - value, 12) if figure.loss_of else value
    return found


@dataclass(frozen=True)
class Thresholds:
    """Limits of what counts as a change.

    Attributes:
        false_alarms: highest probability that a comparison of equals finds anything worse.
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
    """Read the nearest pyproject.toml of a folder and its parents; defaults if there is none.

    Raises:
        BadInputError: it cannot be read, or its table has an unknown key or a bad value.
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
        if key not in (known := (*_OPTIONS, *COMPARED)):
            raise BadInputError(f"{file}: {TABLE} has no {key!r}{offer(key, known)}")
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
