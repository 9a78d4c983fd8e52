"""Specs such as `annoy(ntrees=5)`: parse, check and print configured plug-ins."""

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import Field, dataclass, fields, replace
from typing import Any, ClassVar, Self

from nearhit.errors import BadInputError, offer
from nearhit.parameter import Value

from .adapter import Adapter, Setting
from .bucket_selection import BucketSelection
from .registry import ADAPTERS, BUCKET_SELECTIONS, TRACKERS, Kind, found, named
from .tracker import Tracker, TrackerSetting

SPEC = r"[^()\s]+(?:\([^()]*\))?"
"""Where one begins and ends inside a longer text, as a regular expression."""

_SPEC = re.compile(r"\s*(?P<name>[\w.-]+)\s*(?:\((?P<arguments>[^()]*)\))?\s*")


@dataclass(frozen=True)
class Spec:
    """One configured plug-in.

    Attributes:
        name: name of the plug-in.
        parameters: all its parameters with their values, in the order of declaration.
        kind: of plug-in.
        example: a valid spec, for messages.
    """

    name: str
    parameters: tuple[tuple[str, Value], ...] = ()

    kind: ClassVar[Kind]
    example: ClassVar[str]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse a spec such as `annoy`, `annoy(ntrees=5)` or `faiss-ivf(nlist=64,nprobe=2)`.

        Raises:
            BadInputError: a name, parameter or value is not valid; the message lists similar ones.
        """
        title = f"{cls.kind.what.capitalize()} {text!r}"
        match = _SPEC.fullmatch(text)
        if match is None:
            raise BadInputError(
                f"{title} cannot be parsed: write a name and its parameters, such as {cls.example}."
            )
        name = match["name"]
        declared = parameters_of(named(cls.kind, name, title))
        given = dict(_arguments(match["arguments"] or "", title))
        valid = [field.name for field in declared]
        for key in given:
            if key not in valid:
                end = offer(key, valid) if valid else "; it takes no parameters."
                raise BadInputError(f"{title}: there is no parameter of {name} {key!r}{end}")
        values = ((field.name, _checked(field, given.get(field.name), title)) for field in declared)
        return cls(name, tuple(values))

    @classmethod
    def from_raw(cls, raw: dict[str, Any]) -> Self:
        """Return the spec in the JSON of a record; the plug-in need not be installed any more."""
        return cls(raw["name"], tuple((key, value) for key, value in raw["parameters"]))

    @property
    def brief(self) -> str:
        """The spec as tables show it: without the parameters that are at their defaults."""
        declared = found(self.kind).usable.get(self.name)
        if declared is None:  # of a record; it is not installed any more
            return str(self)
        usual = {
            (field.name, field.default)
            for field in parameters_of(declared)
            if not field.metadata["always_shown"]
        }
        return str(replace(self, parameters=tuple(p for p in self.parameters if p not in usual)))

    def __str__(self) -> str:
        if not self.parameters:
            return self.name
        return f"{self.name}({','.join(f'{key}={_written(v)}' for key, v in self.parameters)})"


class IndexSpec(Spec):
    """One configured index."""

    kind = ADAPTERS
    example = "annoy(ntrees=5)"

    def adapter(self, setting: Setting) -> Adapter:
        """Return an instance of the adapter, not yet built."""
        configured: Callable[..., Adapter] = named(ADAPTERS, self.name)
        return configured(setting, **dict(self.parameters))


class TrackerSpec(Spec):
    """One configured tracker."""

    kind = TRACKERS
    example = "kalman(min_hits=6)"

    def tracker(self, setting: TrackerSetting) -> Tracker:
        """Return an instance of the tracker."""
        configured: Callable[..., Tracker] = named(TRACKERS, self.name)
        return configured(setting, **dict(self.parameters))


class SelectionSpec(Spec):
    """One configured bucket selection."""

    kind = BUCKET_SELECTIONS
    example = "start-layer(r_max=40)"

    def selection(self) -> BucketSelection:
        """Return an instance of the bucket selection."""
        configured: Callable[..., BucketSelection] = named(BUCKET_SELECTIONS, self.name)
        return configured(**dict(self.parameters))


Selections = tuple[SelectionSpec, ...]
"""Bucket selections, applied one after the other; empty for all buckets."""


def selections_from(text: str) -> Selections:
    """Parse bucket selections such as `start-layer + joined(by=phi)`; none if the text is empty.

    Raises:
        BadInputError: as `Spec.parse`.
    """
    selections = tuple(SelectionSpec.parse(one) for one in text.split("+")) if text.strip() else ()
    for spec in selections:
        spec.selection()  # raises on values that only the selection itself can check
    return selections


def selections_in_brief(selections: Selections) -> str:
    """Return bucket selections as tables show them."""
    return " + ".join(spec.brief for spec in selections)


def selections_as_text(selections: Selections) -> str:
    """Return bucket selections as text that `selections_from` parses; empty for none."""
    return " + ".join(map(str, selections))


WHOLE_EVENT = IndexSpec("whole-event")
"""No index: the event is one bucket, for trackers only."""


def index_or_whole_event(text: str) -> IndexSpec:
    """Parse an index, or `whole-event`.

    Raises:
        BadInputError: as `IndexSpec.parse`.
    """
    return WHOLE_EVENT if text.strip() == WHOLE_EVENT.name else IndexSpec.parse(text)


def parameters_of(declared: type[Any]) -> list[Field[Any]]:
    """Return the fields of a plug-in that were declared with `parameter`."""
    return [field for field in fields(declared) if "meaning" in field.metadata]


def _arguments(text: str, title: str) -> Iterator[tuple[str, str]]:
    seen = set()
    for argument in filter(None, (part.strip() for part in text.split(","))):
        key, equals, value = (part.strip() for part in argument.partition("="))
        if not equals or not value or key in seen:
            raise BadInputError(f"{title}: {argument!r} must be name=value, each name once.")
        seen.add(key)
        yield key, value


def _checked(field: Field[Any], text: str | None, title: str) -> Value:
    default: Value = field.default  # type: ignore[assignment]  # `parameter` requires one
    if text is None:
        return default
    value = _converted(field.name, text, default, title)
    low, high, choices = (field.metadata[key] for key in ("at_least", "at_most", "choices"))
    place = f"{title}: {field.name}={text}"
    if choices and value not in choices:
        raise BadInputError(f"{place} does not exist{offer(text, choices)}")
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
