"""Indexes as people write them, `annoy(ntrees=5)`: parsed, checked, printed back canonically."""

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import Field, dataclass, fields
from difflib import get_close_matches
from typing import Any, Self

from .adapter import Adapter, Setting, Value
from .errors import BadInputError
from .registry import adapters

_SPEC = re.compile(r"\s*(?P<name>[\w.-]+)\s*(?:\((?P<arguments>[^()]*)\))?\s*")


@dataclass(frozen=True)
class IndexSpec:
    """One configured index.

    Attributes:
        name: the adapter's.
        parameters: every parameter of the adapter with its value, in the adapter's order.
    """

    name: str
    parameters: tuple[tuple[str, Value], ...] = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an index such as `annoy`, `annoy(ntrees=5)` or `faiss-ivf(nlist=64,nprobe=2)`.

        Raises:
            BadInputError: a name, a parameter or a value is unknown; the sentence says which are
                near.
        """
        match = _SPEC.fullmatch(text)
        if match is None:
            raise BadInputError(
                f"Index {text!r} cannot be read: write a name and its parameters, such as "
                "annoy(ntrees=5)."
            )
        name = _known(match["name"], sorted(adapters()), "index", text)
        given = dict(_arguments(match["arguments"] or "", text))
        declared = parameters_of(adapters()[name])
        for key in given:
            _known(key, [field.name for field in declared], f"parameter of {name}", text)
        return cls(
            name,
            tuple((field.name, _checked(field, given.get(field.name), text)) for field in declared),
        )

    @classmethod
    def from_raw(cls, raw: dict[str, Any]) -> Self:
        """Return what a record's JSON holds of it; its adapter need not be here any more."""
        return cls(raw["name"], tuple((key, value) for key, value in raw["parameters"]))

    def __str__(self) -> str:
        if not self.parameters:
            return self.name
        return f"{self.name}({','.join(f'{key}={_written(v)}' for key, v in self.parameters)})"

    def adapter(self, setting: Setting) -> Adapter:
        """Return the adapter, not yet built."""
        configured: Callable[..., Adapter] = adapters()[self.name]
        return configured(setting, **dict(self.parameters))


def parameters_of(adapter: type[Adapter]) -> list[Field[Any]]:
    """Return the fields of an adapter that were declared with `parameter`."""
    return [field for field in fields(adapter) if "meaning" in field.metadata]  # type: ignore[arg-type]


def _known(given: str, valid: Sequence[str], what: str, text: str) -> str:
    if given in valid:
        return given
    near = get_close_matches(given, valid, n=3, cutoff=0.5) or valid
    choice = f"one of {', '.join(near)}" if near else "none: it takes no parameters"
    raise BadInputError(f"Index {text!r}: there is no {what} {given!r}; write {choice}.")


def _arguments(text: str, spec: str) -> Iterator[tuple[str, str]]:
    seen = set()
    for argument in filter(None, (part.strip() for part in text.split(","))):
        key, equals, value = (part.strip() for part in argument.partition("="))
        if not equals or not value or key in seen:
            raise BadInputError(f"Index {spec!r}: {argument!r} must be name=value, each name once.")
        seen.add(key)
        yield key, value


def _checked(field: Field[Any], text: str | None, spec: str) -> Value:
    default: Value = field.default  # type: ignore[assignment]  # `parameter` demands one
    if text is None:
        return default
    value = _converted(field.name, text, default, spec)
    low, high, choices = (field.metadata[key] for key in ("at_least", "at_most", "choices"))
    place = f"Index {spec!r}: {field.name}={text}"
    if choices and value not in choices:
        raise BadInputError(f"{place} is not one of {', '.join(choices)}.")
    if low is not None and value < low:
        raise BadInputError(f"{place} is too small; the nearest valid value is {low}.")
    if high is not None and value > high:
        raise BadInputError(f"{place} is too large; the nearest valid value is {high}.")
    return value


def _converted(name: str, text: str, default: Value, spec: str) -> Value:
    try:
        return _READERS[type(default)](text)
    except (KeyError, ValueError):
        raise BadInputError(
            f"Index {spec!r}: {name}={text} must be {_WANTED[type(default)]}, such as {default}."
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
