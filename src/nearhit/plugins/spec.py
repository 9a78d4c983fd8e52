"""Indexes and trackers as people write them, `annoy(ntrees=5)`: parsed, checked, printed back."""

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import Field, dataclass, fields
from difflib import get_close_matches
from typing import Any, ClassVar, Self

from nearhit.errors import BadInputError
from nearhit.parameter import Value

from .adapter import Adapter, Setting
from .bucket_selection import BucketSelection
from .registry import adapters, bucket_selections, trackers
from .tracker import Tracker, TrackerSetting

SPEC = r"[^()\s]+(?:\([^()]*\))?"
"""Where one begins and ends inside a longer text, as a regular expression."""

_SPEC = re.compile(r"\s*(?P<name>[\w.-]+)\s*(?:\((?P<arguments>[^()]*)\))?\s*")


@dataclass(frozen=True)
class Spec:
    """One configured index or tracker.

    Attributes:
        name: the adapter's or the tracker's.
        parameters: every parameter of it with its value, in its own order.
    """

    name: str
    parameters: tuple[tuple[str, Value], ...] = ()

    what: ClassVar[str]
    example: ClassVar[str]

    @staticmethod
    def known() -> Mapping[str, type[Any]]:
        """Return what may be written, by name."""
        raise NotImplementedError

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an index such as `annoy`, `annoy(ntrees=5)` or `faiss-ivf(nlist=64,nprobe=2)`.

        Raises:
            BadInputError: a name, a parameter or a value is unknown; the sentence says which are
                near.
        """
        title = f"{cls.what.capitalize()} {text!r}"
        match = _SPEC.fullmatch(text)
        if match is None:
            raise BadInputError(
                f"{title} cannot be read: write a name and its parameters, such as {cls.example}."
            )
        name = _known(match["name"], sorted(cls.known()), cls.what, title)
        given = dict(_arguments(match["arguments"] or "", title))
        declared = parameters_of(cls.known()[name])
        for key in given:
            _known(key, [field.name for field in declared], f"parameter of {name}", title)
        values = ((field.name, _checked(field, given.get(field.name), title)) for field in declared)
        return cls(name, tuple(values))

    @classmethod
    def from_raw(cls, raw: dict[str, Any]) -> Self:
        """Return what a record's JSON holds of it; what it names need not be here any more."""
        return cls(raw["name"], tuple((key, value) for key, value in raw["parameters"]))

    def __str__(self) -> str:
        if not self.parameters:
            return self.name
        return f"{self.name}({','.join(f'{key}={_written(v)}' for key, v in self.parameters)})"


class IndexSpec(Spec):
    """One configured index."""

    what = "index"
    example = "annoy(ntrees=5)"

    @staticmethod
    def known() -> Mapping[str, type[Any]]:
        """Return the adapters."""
        return adapters()

    def adapter(self, setting: Setting) -> Adapter:
        """Return the adapter, not yet built."""
        configured: Callable[..., Adapter] = adapters()[self.name]
        return configured(setting, **dict(self.parameters))


class TrackerSpec(Spec):
    """One configured tracker."""

    what = "tracker"
    example = "kalman(min_hits=6)"

    @staticmethod
    def known() -> Mapping[str, type[Any]]:
        """Return the trackers."""
        return trackers()

    def tracker(self, setting: TrackerSetting) -> Tracker:
        """Return the tracker."""
        configured: Callable[..., Tracker] = trackers()[self.name]
        return configured(setting, **dict(self.parameters))


class SelectionSpec(Spec):
    """One configured choice of buckets."""

    what = "choice of buckets"
    example = "start-layer(r_max=40)"

    @staticmethod
    def known() -> Mapping[str, type[Any]]:
        """Return the choices."""
        return bucket_selections()

    def choice(self) -> BucketSelection:
        """Return the choice."""
        selected: Callable[..., BucketSelection] = bucket_selections()[self.name]
        return selected(**dict(self.parameters))


Choices = tuple[SelectionSpec, ...]
"""Choices of buckets that are applied one after the other; none for all buckets."""


def choices_from(text: str) -> Choices:
    """Read choices such as `start-layer + joined(by=phi)`; none of an empty text.

    Raises:
        BadInputError: as `Spec.parse`.
    """
    choices = tuple(SelectionSpec.parse(part) for part in text.split("+")) if text.strip() else ()
    for spec in choices:
        spec.choice()  # refuses values that only it can judge
    return choices


def choices_as_text(choices: Choices) -> str:
    """Return choices as `choices_from` reads them; an empty text for none."""
    return " + ".join(map(str, choices))


WHOLE_EVENT = IndexSpec("whole-event")
"""No index: the event is one bucket, for trackers alone."""


def index_or_whole_event(text: str) -> IndexSpec:
    """Read an index, or `whole-event`.

    Raises:
        BadInputError: as `IndexSpec.parse`.
    """
    return WHOLE_EVENT if text.strip() == WHOLE_EVENT.name else IndexSpec.parse(text)


def parameters_of(declared: type[Any]) -> list[Field[Any]]:
    """Return the fields of an adapter or a tracker that were declared with `parameter`."""
    return [field for field in fields(declared) if "meaning" in field.metadata]


def _known(given: str, valid: Sequence[str], what: str, title: str) -> str:
    if given in valid:
        return given
    near = get_close_matches(given, valid, n=3, cutoff=0.5) or valid
    choice = f"one of {', '.join(near)}" if near else "none: it takes no parameters"
    raise BadInputError(f"{title}: there is no {what} {given!r}; write {choice}.")


def _arguments(text: str, title: str) -> Iterator[tuple[str, str]]:
    seen = set()
    for argument in filter(None, (part.strip() for part in text.split(","))):
        key, equals, value = (part.strip() for part in argument.partition("="))
        if not equals or not value or key in seen:
            raise BadInputError(f"{title}: {argument!r} must be name=value, each name once.")
        seen.add(key)
        yield key, value


def _checked(field: Field[Any], text: str | None, title: str) -> Value:
    default: Value = field.default  # type: ignore[assignment]  # `parameter` demands one
    if text is None:
        return default
    value = _converted(field.name, text, default, title)
    low, high, choices = (field.metadata[key] for key in ("at_least", "at_most", "choices"))
    place = f"{title}: {field.name}={text}"
    if choices and value not in choices:
        raise BadInputError(f"{place} is not one of {', '.join(choices)}.")
    if low is not None and value < low:
        raise BadInputError(f"{place} is too small; the nearest valid value is {low}.")
    if high is not None and value > high:
        raise BadInputError(f"{place} is too large; the nearest valid value is {high}.")
    return value


def _converted(name: str, text: str, default: Value, title: str) -> Value:
    try:
        return _READERS[type(default)](text)
    except (KeyError, ValueError):
        raise BadInputError(
            f"{title}: {name}={text} must be {_WANTED[type(default)]}, such as {default}."
        ) from None


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(text)
    return value


_READERS: dict[type, Callable[[str], Value]] = {
    bool: lambda text: {"true": True, "false": False}[text.lower()],
    int: int,
    float: _finite,
    str: str,
}
_WANTED = {bool: "true or false", int: "a whole number", float: "a number"}


def _written(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
