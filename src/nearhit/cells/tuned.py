"""Settings of libraries that are measured beside their defaults: tuned and published ones."""

import json
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, Self

from nearhit.errors import BadInputError
from nearhit.plugins.registry import adapters
from nearhit.plugins.spec import IndexSpec

TUNED = Path(__file__).with_name("tuned.json")
"""The settings that `nearhit tune --write` keeps, by library."""

_PUBLISHED = ("annoy(ntrees=5)",)
"""Settings that were published for this use: the seminar "Hashing and Metric Learning", 2020."""


@dataclass(frozen=True)
class TunedSetting:
    """The best setting of a library that was found for a demanded quality.

    Attributes:
        index: the spec with all its parameters.
        demand: what its buckets had to reach, in words.
        metric: that it was tuned for.
        bucket_size: as `metric`.
        threads: as `metric`.
        events: that it was tuned on.
        held_out: that it was measured on afterwards, beside the default.
        seconds: wall time spent on the search; None where a grid was measured instead.
        version: of the library.
        how: it was found, in words.
    """

    index: str
    demand: str
    metric: str
    bucket_size: int
    threads: int
    events: tuple[str, ...]
    held_out: tuple[str, ...]
    seconds: float | None
    version: str
    how: str

    @property
    def library(self) -> str:
        """Its name."""
        return IndexSpec.parse(self.index).name

    @classmethod
    def from_raw(cls, raw: dict[str, Any]) -> Self:
        """Return what JSON holds of it."""
        return cls(**raw | {"events": tuple(raw["events"]), "held_out": tuple(raw["held_out"])})


def read_tuned(file: Path) -> dict[str, TunedSetting]:
    """Return the tuned settings in a file by library; none where there is no file.

    Raises:
        BadInputError: the file does not hold tuned settings.
    """
    try:
        raw = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        return {library: TunedSetting.from_raw(one) for library, one in sorted(raw.items())}
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadInputError(
            f"{file} does not hold tuned settings ({error}): delete it, or name another file."
        ) from error


def as_json(settings: dict[str, TunedSetting]) -> str:
    """Return settings as `read_tuned` reads them."""
    content = {library: asdict(settings[library]) for library in sorted(settings)}
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


@cache
def tuned_settings() -> dict[str, TunedSetting]:
    """Return the tuned settings that nearhit brings, by library; adapters may be left out."""
    return {name: one for name, one in read_tuned(TUNED).items() if name in adapters()}


@cache
def published_settings() -> dict[str, str]:
    """Return the published settings as they were written, by the spec with all parameters."""
    known = [spec for spec in _PUBLISHED if spec.partition("(")[0] in adapters()]
    return {str(IndexSpec.parse(spec)): spec for spec in known}
