"""The settings of a library that are worth searching."""

from collections.abc import Iterator, Mapping
from dataclasses import Field, dataclass, replace
from typing import Any, Self

from nearhit.errors import BadInputError
from nearhit.parameter import Range, Value
from nearhit.plugins.registry import adapters
from nearhit.plugins.spec import IndexSpec, parameters_of

Values = Mapping[str, Value]
"""Parameters by name."""

_GROWTH = 1.08  # of whole numbers on a ladder
_STEPS = 25  # of other numbers on a ladder


@dataclass(frozen=True)
class Space:
    """The settings of a library that are worth searching.

    Attributes:
        default: the setting that others are made of.
        build: the ends of the range of each build parameter, or the values of a string.
        query: name of the query parameter; empty if there is none.
        ladder: its values, cheapest first; one None where there is no query parameter.
        movable: ends of ranges that an adapter could move, by parameter.
    """

    default: IndexSpec
    build: Mapping[str, tuple[Any, ...]]
    query: str
    ladder: tuple[Value | None, ...]
    movable: Mapping[str, frozenset[Value]]

    @classmethod
    def of(cls, library: str, bucket_size: int) -> Self:
        """Return the space that the adapter of a library declares.

        Raises:
            BadInputError: there is no such library, or its adapter declares two query parameters.
        """
        default = IndexSpec.parse(library)
        fields = parameters_of(adapters()[default.name])
        build = {field.name: values for field in fields if (values := _build_values(field))}
        ladders = {
            field.name: _ladder(
                field.metadata["query"], isinstance(field.default, int), bucket_size
            )
            for field in fields
            if field.metadata["query"]
        }
        if len(ladders) > 1:
            raise BadInputError(
                f"The adapter of {default.name} declares a range for several query parameters "
                f"({', '.join(ladders)}): one can be bisected."
            )
        query, ladder = next(iter(ladders.items()), ("", (None,)))
        movable = {field.name: frozenset(_movable(field)) for field in fields}
        return cls(default, build, query, ladder, movable)

    @property
    def empty(self) -> bool:
        """Whether nothing can be set."""
        return not self.build and not self.query

    def spec(self, build: Values, value: Value | None) -> IndexSpec:
        """Return a setting: the default with these build parameters and query value."""
        given = dict(build) if value is None else {**build, self.query: value}
        pairs = ((name, given.get(name, old)) for name, old in self.default.parameters)
        return replace(self.default, parameters=tuple(pairs))

    def build_of(self, spec: IndexSpec) -> dict[str, Value]:
        """Return the build parameters of a setting."""
        return {name: value for name, value in spec.parameters if name in self.build}

    def at_edge(self, spec: IndexSpec) -> list[str]:
        """Return the parameters of a setting that stand at an end that an adapter could move."""
        return [name for name, value in spec.parameters if value in self.movable[name]]


def _build_values(field: Field[Any]) -> tuple[Any, ...]:
    if isinstance(field.default, str):
        return tuple(field.metadata["dial"])
    return tuple(field.metadata["build"] or ())


def _ladder(ends: Range, whole: bool, bucket_size: int) -> tuple[Value, ...]:  # noqa: FBT001
    """Return the values between two ends, the first one first."""
    first, last = (bucket_size if end == "k" else end for end in ends)
    if ends[0] == "k":
        last = max(first, last)
    rising = tuple((_whole_steps if whole else _steps)(min(first, last), max(first, last)))
    return rising if first <= last else rising[::-1]


def _whole_steps(low: float, high: float) -> Iterator[int]:
    value = int(low)
    while value < high:
        yield value
        value = max(value + 1, round(value * _GROWTH))
    yield int(high)


def _steps(low: float, high: float) -> Iterator[float]:
    for step in range(_STEPS + 1):
        yield round(low + (high - low) * step / _STEPS, 6)


def _movable(field: Field[Any]) -> Iterator[Value]:
    """Yield the ends of a range that are neither limits of the parameter nor the bucket size."""
    limits = (field.metadata["at_least"], field.metadata["at_most"])
    for end in field.metadata["build"] or field.metadata["query"] or ():
        if end != "k" and end not in limits:
            yield end
